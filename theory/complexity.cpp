#include "theory/complexity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// T -> TV, each T evaluated once.
class Evaluated {
 public:
  explicit Evaluated(const std::function<Quantity(long)>& tv) : tv_(tv) {}

  const Quantity& at(long steps) {
    auto found = known_.find(steps);
    if (found == known_.end()) {
      found = known_.emplace(steps, tv_(steps)).first;
    }
    return found->second;
  }
  const std::map<long, Quantity>& known() const { return known_; }

 private:
  const std::function<Quantity(long)>& tv_;
  std::map<long, Quantity> known_;
};

/// TV <= eps, yes or no, and whether that is certain.
struct Answer {
  bool reached = false;
  bool certain = true;
};

Answer reaches(const Quantity& tv, const Rational& eps) {
  const Ball interval = tv.interval();
  const Ball bound(eps);
  if (arb_le(interval.raw(), bound.raw()) != 0) {
    return {true, true};
  }
  return {false, bound.less_than(interval) == Truth::certainly};
}

LeastSteps search_one(Evaluated& tv, const Rational& eps, const ComplexitySearch& search) {
  LeastSteps out;
  out.eps = eps;
  const auto ask = [&](long steps) {
    const Answer answer = reaches(tv.at(steps), eps);
    out.certain = out.certain && answer.certain;
    return answer.reached;
  };
  long low = search.first - 1;  // not reached there, or not allowed
  long high = search.first;
  while (!ask(high)) {
    low = high;
    if (high == search.cap) {
      out.capped = true;
      out.evidence = tv.at(high).evidence();
      return out;
    }
    high = high > search.cap / 2 ? search.cap : 2 * high;
  }
  while (high - low > 1) {
    const long middle = low + (high - low) / 2;
    (ask(middle) ? high : low) = middle;
  }
  out.steps = high;
  out.evidence = tv.at(high).evidence();
  if (low >= search.first) {
    out.evidence = weaker(out.evidence, tv.at(low).evidence());
  }
  return out;
}

/// The first T at which TV certainly rises, in words.
std::string first_rise(const std::map<long, Quantity>& known) {
  const std::pair<const long, Quantity>* former = nullptr;
  for (const auto& point : known) {
    if (former != nullptr &&
        former->second.interval().less_than(point.second.interval()) == Truth::certainly) {
      return fmt::format("TV rises from {:.4g} at T = {} to {:.4g} at T = {}",
                         former->second.value(), former->first, point.second.value(), point.first);
    }
    former = &point;
  }
  return "";
}

}  // namespace

Complexity least_steps_for(const std::function<Quantity(long)>& tv,
                           const std::vector<Rational>& eps, const ComplexitySearch& search) {
  if (search.first < 2 || search.first > search.cap) {
    throw InputError(fmt::format("search for the least T: needs 2 <= first <= cap, not {} and {}",
                                 search.first, search.cap));
  }
  Evaluated evaluated(tv);
  Complexity out;
  for (const Rational& target : eps) {
    if (target.sign() <= 0) {
      throw InputError(
          fmt::format("search for the least T: eps = {} is not above 0", target.text()));
    }
    out.least.push_back(search_one(evaluated, target, search));
  }
  for (const auto& [steps, value] : evaluated.known()) {
    out.points.push_back({steps, value});
  }
  out.violation = first_rise(evaluated.known());
  out.monotone = out.violation.empty();
  return out;
}

}  // namespace lemmabench
