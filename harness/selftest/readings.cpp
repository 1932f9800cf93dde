#include "harness/selftest/readings.hpp"

#include <fmt/format.h>

#include <utility>

namespace lemmabench {
namespace {

/// An error of this size means that the number is unknown or infinite.
constexpr double kUnknown = 1e290;

void add(std::vector<Reading>& out, std::string name, const Quantity& quantity) {
  Ball interval = quantity.interval();
  if (interval.finite() &&
      interval.radius().less_than(Ball::exactly(kUnknown)) == Truth::certainly) {
    out.push_back({std::move(name), std::move(interval), quantity.evidence()});
  }
}

}  // namespace

std::vector<Reading> readings(const LawResult& result) {
  std::vector<Reading> out;
  add(out, "tv", result.tv);
  add(out, "kl_pq", result.kl_pq);
  add(out, "kl_qp", result.kl_qp);
  add(out, "hellinger", result.hellinger);
  for (const Term& term : result.terms) {
    add(out, term.name, term.value);
  }
  for (std::size_t i = 0; i < result.relative_variance_error.size(); ++i) {
    add(out, fmt::format("relative_variance_error[{}]", i),
        result.relative_variance_error[i].value);
  }
  for (const Term& term : result.local_errors) {
    add(out, term.name, term.value);
  }
  return out;
}

std::optional<Reading> reading(const std::vector<Reading>& all, std::string_view name) {
  for (const Reading& one : all) {
    if (one.name == name) {
      return one;
    }
  }
  return std::nullopt;
}

}  // namespace lemmabench
