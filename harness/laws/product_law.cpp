#include "harness/laws/product_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cases/kernel_walk.hpp"
#include "cases/sampler_schedule.hpp"
#include "cases/step.hpp"
#include "harness/laws/line_law.hpp"
#include "harness/laws/product_numbers.hpp"
#include "harness/memo.hpp"
#include "harness/parallel.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// A walk that only looks whether a step treats every coordinate alone.
class CoordinateProbe final : public KernelWalk<Batch<double>, double> {
 public:
  using State = Batch<double>;

  State state() override { return at_; }
  State score(int, const State& y) override { return -1.0 * y; }
  State score_at(const Level<double>&, const State& y) override { return -1.0 * y; }
  State clip(const State&, const double&) override {
    throw EngineRefusal(
        "clip looks at the norm over all coordinates and makes them dependent, so the output is no "
        "product; use the sampler without clip, or `lemmabench certificate`");
  }
  void remember(const State&) override {}  // the line law carries it, or says what it cannot
  State recall() override { return {.values = {0.25}, .copies = 1}; }
  using KernelWalk<State, double>::move;
  void move(const State& mean) override { at_ = mean; }

 private:
  State with_noise(const State&, const double&) override {
    throw EngineRefusal(
        "the product law takes no noise inside a kernel, whose size depends on d in all "
        "coordinates at once; use the sampler without it (li-cai: kappa=0)");
  }
  void move_with_noise(const State& mean, const double&) override { at_ = mean; }

  State at_{.values = {0.5}, .copies = 1};
};

void require_coordinatewise(const ProductModel& model, const LawOptions& options) {
  if (!model.score.exact()) {
    throw EngineRefusal("--score " + model.score.text() +
                        ": the product law takes the exact score; an estimate is scaled by all "
                        "coordinates together");
  }
  if (options.local_errors) {
    throw EngineRefusal("the product law has no local errors; take those of one coordinate");
  }
  const auto schedule =
      schedule_for<double>(model.sampler, model.request.schedule, model.request.steps);
  CoordinateProbe probe;
  // The first step may be of another kind than the others.
  for (int t = schedule.steps(); t >= std::max(2, schedule.steps() - 1); --t) {
    model.sampler.step(make_step(schedule, t, model.target.dim()), probe);
  }
}

/// H^2 <= TV <= H sqrt(2 - H^2), as middle and half width.
Estimate<double> bracket(double hellinger) {
  const double low = hellinger * hellinger;
  const double high = std::min(1.0, hellinger * std::sqrt(2 - low));
  return {0.5 * (low + high), 0.5 * (high - low)};
}

struct Judged {
  double value = 0;
  double error = 0;

  /// An infinite error says that nothing is known.
  Quantity quantity() const {
    return std::isfinite(error) ? Quantity::computed(value, error)
                                : Quantity::computed(0, std::numeric_limits<double>::max());
  }
};

/// Each number of the finer run, with twice its difference from the coarser one, what its own
/// combination may be off, and `slack`.
std::vector<std::pair<std::string, Judged>> judge(const std::vector<ProductNumber>& fine,
                                                  const std::vector<ProductNumber>& coarse,
                                                  double slack) {
  std::vector<std::pair<std::string, Judged>> out;
  for (std::size_t i = 0; i < fine.size(); ++i) {
    const Estimate<double>& value = fine[i].estimate;
    const double difference = std::abs(value.value - coarse[i].estimate.value);
    // Terms that are 0 by definition, and those made as such, are known relatively.
    const std::string& name = fine[i].name;
    const bool relative =
        value.value == 0 || name.starts_with("initial") || name.starts_with("early");
    out.emplace_back(name, Judged{value.value, 2 * difference + value.error +
                                                   (relative ? slack * value.value : slack)});
  }
  return out;
}

void fill(std::vector<std::pair<std::string, Judged>> numbers, LawResult& out) {
  Judged& tv = numbers[0].second;
  const Estimate<double> wide = bracket(numbers[3].second.value);
  if (tv.error > wide.error) {
    tv = {wide.value, wide.error + numbers[3].second.error};
    out.notes.push_back(
        "tv is bracketed, H^2 <= TV <= H sqrt(2-H^2): too few coordinates to invert the law of "
        "log q/p");
  }
  out.tv = tv.quantity();
  out.kl_pq = numbers[1].second.quantity();
  out.kl_qp = numbers[2].second.quantity();
  out.hellinger = numbers[3].second.quantity();
  for (std::size_t i = 4; i < numbers.size(); ++i) {
    out.terms.push_back({numbers[i].first, numbers[i].second.quantity()});
  }
}

/// Everything that carry_factor's result depends on; not the copies, so that a family such as
/// {-1, 1}^d propagates its factor once for all d. The samplers of cases/ know of d in their clip
/// and intermediate noise only, which no product takes; one of a file may use it anywhere.
std::string factor_key(const ProductModel& model, const MixtureTarget& factor, bool fine) {
  const std::string sampler = model.sampler.text();
  const bool of_file = sampler.find(":hash=") != std::string::npos;
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", factor.text(), sampler,
                     text(model.request.schedule), model.request.steps,
                     model.request.start == Start::exact, model.decomposition, fine,
                     of_file ? model.dim() : 0);
}

LawResult compute(const ProductModel& model, const LawOptions& options) {
  const std::size_t count = model.target.factors.size();
  const LineSettings settings[] = {fine_line_settings(0), coarse_line_settings(0)};
  // Enough for the ladders of an atlas: a few samplers, a dozen step counts, two resolutions.
  static Memo<FactorEnd> memo(96);
  const auto ends = parallel_map(2 * count, options.threads, [&](std::size_t i) {
    const MixtureTarget& factor = model.target.factors[i / 2].law;
    return memo.get(factor_key(model, factor, i % 2 == 0),
                    [&] { return carry_factor(model, factor, settings[i % 2]); });
  });
  std::vector<FactorEnd> fine;
  std::vector<FactorEnd> coarse;
  LawResult out;
  double defect = 0;
  double coordinates = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto copies = static_cast<double>(model.target.factors[i].copies);
    defect += copies * ends[2 * i]->mass_defect;
    coordinates += copies;
    fine.push_back(*ends[2 * i]);
    coarse.push_back(*ends[2 * i + 1]);
  }
  auto numbers = parallel_map(2, options.threads, [&](std::size_t i) {
    return i == 0 ? combine_product(model, fine, carry_gaussian<Mp40>(model))
                  : combine_product(model, coarse, carry_gaussian<double>(model));
  });
  const double rounding =
      std::numeric_limits<double>::epsilon() * static_cast<double>(model.request.steps);
  fill(judge(numbers[0], numbers[1], defect + coordinates * rounding), out);
  out.terms.push_back({"mass_defect", Quantity::computed(defect, defect)});
  out.engine = "product";
  out.arithmetic = "double";
  out.dim = model.target.dim();
  out.score_calls = fine.front().score_calls;
  return out;
}

}  // namespace

LawResult compute_product_law(const ProductTarget& target, const Sampler& sampler,
                              const ScoreEstimate& score, const LawRequest& request,
                              const LawOptions& options) {
  if (target.dim() == 1) {
    return compute_line_law(target.factors.front().law, sampler, score, request, options);
  }
  if (request.digits < 0 || request.digits > 15) {
    throw InputError(fmt::format("--digits {}: the product law runs in double and takes 0 to 15",
                                 request.digits));
  }
  const ProductModel model{target, sampler, score, request, options.decomposition, 0};
  require_coordinatewise(model, options);
  return compute(model, options);
}

}  // namespace lemmabench
