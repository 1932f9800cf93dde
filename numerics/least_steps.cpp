#include "numerics/least_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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
  /// The T strictly between that are known already.
  std::vector<long> between(long low, long high) const {
    std::vector<long> out;
    for (auto at = known_.upper_bound(low); at != known_.end() && at->first < high; ++at) {
      out.push_back(at->first);
    }
    return out;
  }

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
  const Verdict verdict = at_most(tv, Proved{Ball(eps)}).verdict;
  return {verdict == Verdict::holds, verdict != Verdict::inconclusive};
}

/// Where to ask next, a guess by midpoints: the answers are those of `reaches`.
/// The T between two neighbours of the bracket where the straight line through (log T, log TV)
/// meets eps; the middle if it cannot say.
long interpolated(Evaluated& tv, long low, long high, const Rational& eps) {
  const double middle = 0.5 * (static_cast<double>(low) + static_cast<double>(high));
  if (!tv.at(low).finite() || !tv.at(high).finite()) {
    return std::clamp(static_cast<long>(std::ceil(middle)), low + 1, high - 1);
  }
  const double above = tv.at(low).value();
  const double below = tv.at(high).value();
  double guess = middle;
  if (above > 0 && below > 0 && above > below) {
    const double share = std::log(above / eps.to_double()) / std::log(above / below);
    const double ratio = std::log(static_cast<double>(high) / static_cast<double>(low));
    guess = static_cast<double>(low) * std::exp(share * ratio);
  }
  if (!(guess > static_cast<double>(low) && guess < static_cast<double>(high))) guess = middle;
  return std::clamp(static_cast<long>(std::ceil(guess)), low + 1, high - 1);
}

/// The bracket of one eps: not reached at `low` (or low is not allowed), reached at `high`.
struct Bracket {
  long low = 0;
  long high = 0;
  long width() const { return high - low; }
};

/// Narrows the bracket as far as the search asks for. On a power law the interpolation closes it in
/// about four questions; three that do not halve it are answered by a bisection.
template <class Ask>
void narrow(Bracket& bracket, Evaluated& tv, const Rational& eps, double resolution,
            const Ask& ask) {
  int slow = 0;
  while (bracket.width() > 1 && static_cast<double>(bracket.width() - 1) >
                                    resolution * static_cast<double>(bracket.high)) {
    const long before = bracket.width();
    const long asked =
        slow < 3 ? interpolated(tv, bracket.low, bracket.high, eps) : bracket.low + before / 2;
    (ask(asked) ? bracket.high : bracket.low) = asked;
    slow = slow < 3 && 2 * bracket.width() > before ? slow + 1 : 0;
  }
}

/// The least power of two above `steps`, or the cap.
long next_rung(long steps, long cap) {
  long rung = 2;
  while (rung <= steps) rung *= 2;
  return std::min(rung, cap);
}

LeastSteps search_one(Evaluated& tv, const Rational& eps, const ComplexitySearch& search) {
  LeastSteps out;
  out.eps = eps;
  const auto ask = [&](long steps) {
    const Answer answer = reaches(tv.at(steps), eps);
    out.certain = out.certain && answer.certain;
    return answer.reached;
  };
  Bracket bracket{search.first - 1, search.first};
  while (!ask(bracket.high)) {
    bracket.low = bracket.high;
    if (bracket.high == search.cap) {
      out.capped = true;
      out.at_least = search.cap + 1;
      out.evidence = tv.at(bracket.high).evidence();
      return out;
    }
    bracket.high = next_rung(bracket.high, search.cap);
  }
  for (const long steps : tv.between(bracket.low, bracket.high)) {
    if (steps > bracket.low && steps < bracket.high) {
      (ask(steps) ? bracket.high : bracket.low) = steps;
    }
  }
  narrow(bracket, tv, eps, search.resolution, ask);
  out.steps = bracket.high;
  out.at_least = bracket.low + 1;
  out.evidence = tv.at(bracket.high).evidence();
  if (bracket.low >= search.first) {
    out.evidence = weaker(out.evidence, tv.at(bracket.low).evidence());
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
  if (!(search.resolution >= 0 && search.resolution < 1)) {
    throw InputError(
        fmt::format("search for the least T: resolution {} is not in [0, 1)", search.resolution));
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
