#include "harness/studies/selftest/inequalities.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "numerics/ball_functions.hpp"

namespace lemmabench {
namespace {

/// 1 - exp(-kl), from 0 (which a divergence is not below, though its interval may be) up to its
/// value at the interval's end: e to the other end may be no number that can be printed.
Ball one_less_exponential(const Ball& kl) {
  const Ball most = kl.magnitude_upper();
  return most.less_than(Ball(1000)) == Truth::certainly && kl.positive() == Truth::certainly
             ? -expm1(-kl)
             : Ball::hull(Ball(0), Ball(1));
}

class Checks {
 public:
  explicit Checks(const LawResult& result) : result_(result), numbers_(readings(result)) {}

  std::vector<Compared> all() {
    ranges();
    divergences("kl_pq");
    divergences("kl_qp");
    hellinger();
    parts();
    starts();
    paths();
    return std::move(out_);
  }

 private:
  std::optional<Ball> known(std::string_view name) const {
    const auto found = reading(numbers_, name);
    return found ? std::optional(found->interval) : std::nullopt;
  }

  void at_most(std::string what, const Ball& left, const Ball& right) {
    out_.push_back(no_more_than(std::move(what), left, right));
  }

  /// A distance in [0, 1] that the interval confines at all.
  void ranges() {
    for (const char* name :
         {"tv", "hellinger", "initialisation", "discretisation", "score", "initial_tv"}) {
      const auto x = known(name);
      if (!x) {
        continue;
      }
      at_most(fmt::format("0 <= {}", name), Ball(0), *x);
      at_most(fmt::format("{} <= 1", name), *x, Ball(1));
      const bool says_nothing = arb_contains_fmpq(x->raw(), Rational(0).raw()) != 0 &&
                                arb_contains_fmpq(x->raw(), Rational(1).raw()) != 0;
      if (says_nothing && result_.engine != "certificate") {  // which bounds from above only
        Compared nothing = same_text(fmt::format("{} says something", name), interval_text(*x),
                                     "an interval smaller than [0, 1]");
        out_.push_back(std::move(nothing));
      }
    }
    if (const auto defect = known("mass_defect")) {
      at_most("mass_defect <= 1/100", *defect, Ball(Rational(1, 100)));
    }
  }

  void divergences(const std::string& name) {
    const auto kl = known(name);
    const auto tv = known("tv");
    if (!kl) {
      return;
    }
    at_most("0 <= " + name, Ball(0), *kl);
    if (tv) {
      at_most("tv^2 <= " + name + "/2", square(*tv), *kl / 2);
      at_most("tv^2 <= 1 - exp(-" + name + ")", square(*tv), one_less_exponential(*kl));
    }
    if (const auto h = known("hellinger")) {
      at_most("2 hellinger^2 <= " + name, square(*h) * 2, *kl);
    }
  }

  void hellinger() {
    const auto tv = known("tv");
    const auto h = known("hellinger");
    if (tv && h) {
      const Ball squared = square(*h);
      at_most("hellinger^2 <= tv", squared, *tv);
      at_most("tv^2 <= hellinger^2 (2 - hellinger^2)", square(*tv), squared * (2 - squared));
    }
  }

  void parts() {
    const auto tv = known("tv");
    const auto first = known("initialisation");
    const auto steps = known("discretisation");
    const auto score = known("score");
    if (tv && first && steps && score) {
      at_most("tv <= initialisation + discretisation + score", *tv, *first + *steps + *score);
      at_most("discretisation <= tv + initialisation + score", *steps, *tv + *first + *score);
      at_most("initialisation <= tv + discretisation + score", *first, *tv + *steps + *score);
      at_most("score <= tv + discretisation + initialisation", *score, *tv + *steps + *first);
    }
    if (const auto local = known("local_sum"); local && steps) {
      at_most("discretisation <= local_sum", *steps, *local);
    }
  }

  void starts() {
    const bool exact_start = result_.request.start == Start::exact;
    const auto first = known("initialisation");
    const auto initial_tv = known("initial_tv");
    const auto initial_kl = known("initial_kl");
    if (exact_start && first) {
      out_.push_back(same_number("initialisation is 0 from the exact start", *first, Ball(0)));
    }
    if (const auto score = known("score"); score && result_.request.score == "exact") {
      out_.push_back(same_number("score is 0 with the exact score", *score, Ball(0)));
    }
    if (first && initial_tv) {
      at_most("initialisation <= initial_tv", *first, *initial_tv);
    }
    if (initial_tv && initial_kl) {
      at_most("initial_tv^2 <= initial_kl/2", square(*initial_tv), *initial_kl / 2);
    }
    const auto stopped = known("early_stopping_w2");
    const auto bound = known("early_stopping_w2_bound");
    if (stopped && bound) {
      at_most("early_stopping_w2 <= its bound", *stopped, *bound);
    }
  }

  void paths() {
    const auto path = known("path_kl");
    const auto initial = known("initial_kl");
    const auto kl = known("kl_pq");
    if (path && initial && kl) {
      at_most("kl_pq <= initial_kl + path_kl", *kl, *initial + *path);
    }
    const auto steps = known("discretisation");
    if (path && steps && result_.request.score == "exact") {
      at_most("discretisation^2 <= path_kl/2", square(*steps), *path / 2);
    }
  }

  const LawResult& result_;
  std::vector<Reading> numbers_;
  std::vector<Compared> out_;
};

}  // namespace

std::vector<Compared> inequalities(const LawResult& result) {
  const PrecisionScope scope(kComparisonBits);
  return Checks(result).all();
}

std::vector<Compared> certified(const LawResult& exact, const LawResult& certificate) {
  const PrecisionScope scope(kComparisonBits);
  const std::vector<Reading> law = readings(exact);
  const std::vector<Reading> bounds = readings(certificate);
  std::vector<Compared> out;
  for (const auto& [name, bound] : {std::pair("tv", "tv_bound"), std::pair("kl_pq", "kl_bound")}) {
    const auto value = reading(law, name);
    const auto most = reading(bounds, bound);
    if (value && most) {
      out.push_back(no_more_than(fmt::format("{} <= {} of the certificate", name, bound),
                                 value->interval, most->interval));
    }
  }
  return out;
}

}  // namespace lemmabench
