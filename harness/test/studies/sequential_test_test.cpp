#include "harness/studies/regression/sequential_test.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/normal.hpp>
#include <random>

using namespace lemmabench;

namespace {

constexpr double kMargin = 0.1;

/// A number that is measured with normal errors of known size.
class Measured {
 public:
  /// `boast` > 1: the intervals it states are that many times too narrow.
  Measured(double truth, std::uint64_t seed, double boast = 1)
      : truth_(truth), boast_(boast), engine_(seed) {}

  Quantity at(double accuracy, double level) {
    const boost::math::normal normal;
    const double reach = boost::math::quantile(normal, (1 + level) / 2);
    std::normal_distribution<double> error(0, boast_ * accuracy * truth_ / reach);
    return Sampled{truth_ + error(engine_), accuracy * truth_, level};
  }

 private:
  double truth_;
  double boast_;
  std::mt19937_64 engine_;
};

struct Counts {
  long failed = 0, unchanged = 0, regression = 0, inconclusive = 0;
};

/// Gates of `cells` sampled numbers, old truth 1, new truth `now`; a gate counts once.
Counts simulate(long gates, long cells, double alpha, double now, const GateOptions& options,
                double boast = 1) {
  const AlphaSpending spending{alpha, cells};
  Measured before(1, 1, boast);
  Measured after(now, 2, boast);
  Counts out;
  for (long gate = 0; gate < gates; ++gate) {
    bool any_false = false;
    for (long cell = 0; cell < cells; ++cell) {
      const Quantity old = before.at(look_accuracy(kMargin, kMostLooks), spending.baseline_level());
      const Change change = sequential_test(
          "kl", old, kMargin, spending, options,
          [&](int, double accuracy, double level) { return after.at(accuracy, level); });
      any_false =
          any_false || change.kind == ChangeKind::regression || change.kind == ChangeKind::differs;
      out.unchanged += change.kind == ChangeKind::unchanged ? 1 : 0;
      out.regression += change.kind == ChangeKind::regression ? 1 : 0;
      out.inconclusive += change.kind == ChangeKind::inconclusive ? 1 : 0;
    }
    out.failed += any_false ? 1 : 0;
  }
  return out;
}

}  // namespace

TEST_CASE("sequential test: the levels spend alpha and not more") {
  const AlphaSpending spending{0.04, 5};
  double spent = 5 * (1 - spending.baseline_level());
  for (int look = 1; look <= kMostLooks; ++look) {
    spent += 5 * (1 - spending.look_level(look));
  }
  CHECK(spent <= 0.04);
  CHECK(spent >= 0.03);
  CHECK(look_accuracy(kMargin, 1) == kMargin);
  CHECK(look_accuracy(kMargin, kMostLooks) == kMargin / 8);
}

TEST_CASE("sequential test: family-wise error rate, by simulation") {
  // Both directions are a failure. The union bound promises 0.2; the sum of half-widths in place of
  // the root of their squares leaves 0.026 (510 of 20000 observed).
  GateOptions exact;
  exact.exact = true;
  const Counts same = simulate(20000, 4, 0.2, 1, exact);
  CHECK(static_cast<double>(same.failed) < 0.2 * 20000);
  CHECK(same.failed > 0);  // the simulation can see a false alarm
  CHECK(same.inconclusive < 80000 / 100);
  // Intervals three times too narrow break the promise: the check above is not idle.
  CHECK(static_cast<double>(simulate(2000, 4, 0.2, 1, exact, 3).failed) > 0.2 * 2000);
}

TEST_CASE("sequential test: it sees what matters and lets pass what does not") {
  // 15 % worse at a margin of 10 %: a regression; the miss rate is at most alpha.
  const Counts worse = simulate(2000, 1, 0.05, 1.15, {});
  CHECK(worse.regression >= 1900);
  CHECK(worse.unchanged <= 100);
  // 15 % better passes, and fails an exact comparison.
  CHECK(simulate(2000, 1, 0.05, 0.85, {}).failed <= 100);
  GateOptions exact;
  exact.exact = true;
  CHECK(simulate(2000, 1, 0.05, 0.85, exact).failed >= 1900);
  // A tolerance forgives.
  GateOptions tolerant;
  tolerant.tolerance = 0.3;
  CHECK(simulate(2000, 1, 0.05, 1.15, tolerant).regression == 0);
}

TEST_CASE("sequential test: an estimate that gets no better ends inconclusive, a failure") {
  int looks = 0;
  const Change change = sequential_test("kl", Sampled{1, 0.01, 0.99}, kMargin, {}, {},
                                        [&](int, double, double level) {
                                          ++looks;
                                          return Quantity(Sampled{1.05, 0.5, level});
                                        });
  CHECK(looks == kMostLooks);
  CHECK(change.kind == ChangeKind::inconclusive);
  CHECK(change.failure);
}

TEST_CASE("sequential test: the certificate of a sampler passes its own baseline, not another's") {
  const auto plan = parse_gate_plan(
      "[[certificate]]\ntargets = 'mixture-near'\nsteps = 100\nmargin = 0.2\n", "plan.toml");
  const Baseline baseline = make_baseline(plan, "li-cai", 1);
  GateOptions options;
  CHECK(run_gate(baseline, "li-cai", options).passed());
  const GateReport report = run_gate(baseline, "ddpm", options);
  REQUIRE(report.first_failure() != nullptr);
  CHECK(report.first_failure()->changes.front().kind == ChangeKind::regression);
  CHECK(run_gate(make_baseline(plan, "ddpm", 1), "li-cai", options)
            .cells.front()
            .changes.front()
            .kind == ChangeKind::improved);
}
