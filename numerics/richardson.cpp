#include "numerics/richardson.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Sorts both by descending node and checks what the header promises.
void arrange(std::vector<Ball>& nodes, std::vector<Ball>& values) {
  if (nodes.size() != values.size() || nodes.size() < 3) {
    throw InputError(fmt::format("limit: {} nodes and {} values; needs as many of each, at least 3",
                                 nodes.size(), values.size()));
  }
  std::vector<std::size_t> order(nodes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return nodes[b].midpoint().less_than(nodes[a].midpoint()) == Truth::certainly;
  });
  std::vector<Ball> sorted_nodes;
  std::vector<Ball> sorted_values;
  for (const std::size_t i : order) {
    sorted_nodes.push_back(nodes[i]);
    sorted_values.push_back(values[i]);
  }
  nodes = std::move(sorted_nodes);
  values = std::move(sorted_values);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].positive() != Truth::certainly ||
        (i > 0 && nodes[i].less_than(nodes[i - 1]) != Truth::certainly)) {
      throw InputError("limit: the nodes must be positive and certainly distinct");
    }
  }
}

// Everything here is computed, never proved, so that midpoints may decide.

Ball larger(const Ball& a, const Ball& b) { return a.less_than(b) == Truth::certainly ? b : a; }

/// |a - b| between the midpoints, as an exact upper bound.
Ball distance(const Ball& a, const Ball& b) {
  return (a.midpoint() - b.midpoint()).magnitude_upper();
}

/// From polynomials through width-1 nodes to those through `width`: Neville's step at x = 0.
void widen(std::vector<Ball>& column, const std::vector<Ball>& nodes, std::size_t width) {
  for (std::size_t i = 0; i + width <= nodes.size(); ++i) {
    const Ball& left = nodes[i];
    const Ball& right = nodes[i + width - 1];
    column[i] = (left * column[i + 1] - right * column[i]) / (left - right);
  }
}

/// What is left after the last of three entries of a column whose distances are `former`, then
/// `latest` (see the header).
Ball remaining_error(const Ball& latest, const Ball& former, const Ball& nominal) {
  const Ball unseen = former * nominal * nominal;
  if (latest.less_than(former) != Truth::certainly) {
    return larger(latest * 100, unseen);  // no convergence at all
  }
  const Ball gain = latest / former;
  const Ball geometric = gain / (1 - gain);
  return larger(latest * larger(geometric, Ball(1) / 4), unseen);
}

/// floor(log10(|value|/error)), from 0 to 10000.
long stable_digits(const Ball& value, const Ball& error) {
  constexpr double kMost = 10000;
  if (arb_is_zero(error.raw()) != 0) {
    return static_cast<long>(kMost);
  }
  const Ball digits = log(abs(value.midpoint()) / error.magnitude_upper()) / log(Ball(10));
  return static_cast<long>(std::clamp(std::floor(digits.to_double()), 0.0, kMost));
}

}  // namespace

RichardsonLimit richardson_limit(std::vector<Ball> nodes, std::vector<Ball> values) {
  arrange(nodes, values);
  const std::size_t n = nodes.size();
  // column[i] is the value at 0 of the polynomial through `width` nodes from i on.
  std::vector<Ball> column = std::move(values);
  const Ball ratio = nodes[n - 1] / nodes[n - 2];
  Ball nominal(1);  // ratio^width: what a node more gains if the expansion holds
  RichardsonLimit out;
  Ball best;
  Ball best_error;
  for (std::size_t width = 1; width + 2 <= n; ++width) {
    if (width > 1) {
      widen(column, nodes, width);
    }
    nominal *= ratio;
    const std::size_t last = n - width;
    const Ball error = remaining_error(distance(column[last], column[last - 1]),
                                       distance(column[last - 1], column[last - 2]), nominal) +
                       column[last].radius();
    if (out.nodes_used == 0 || error.less_than(best_error) == Truth::certainly) {
      best = column[last];
      best_error = error.magnitude_upper();
      out.nodes_used = static_cast<int>(width);
    }
  }
  out.limit = Computed{best.midpoint(), best_error};
  out.stable_digits = stable_digits(best, best_error);
  return out;
}

RichardsonLimit limiting_constant(const std::vector<MeasuredError>& errors, ScalingModel model,
                                  int order) {
  std::vector<Ball> nodes;
  std::vector<Ball> values;
  for (const MeasuredError& error : errors) {
    const Ball horizon(error.steps);
    nodes.push_back((model == ScalingModel::power ? Ball(1) : log(horizon)) / horizon);
    values.push_back(error.value.interval() / pow(nodes.back(), Ball(order)));
  }
  return richardson_limit(std::move(nodes), std::move(values));
}

}  // namespace lemmabench
