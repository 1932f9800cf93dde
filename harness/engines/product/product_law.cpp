#include "harness/engines/product/product_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/kernel_walk.hpp"
#include "cases/step.hpp"
#include "cases/targets/mixture.hpp"
#include "harness/engines/common/decompose.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/product/product_numbers.hpp"
#include "harness/records/request_text.hpp"
#include "numerics/error.hpp"
#include "numerics/memo.hpp"
#include "numerics/mp.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

/// A walk that only looks whether a step treats every coordinate alone.
class CoordinateProbe final : public KernelWalk<Batch<double>, double> {
 public:
  using State = Batch<double>;

  /// The step that follows is looked at for itself.
  void begin_step() { at_ = {.values = {0.5}, .copies = 1}; }
  bool clamps() const { return clamps_; }

  State state() override { return at_; }
  State score(int, const State& y) override { return -1.0 * y; }
  State score_at(const Level<double>&, const State& y) override { return -1.0 * y; }
  State clip(const State&, const double&) override {
    throw EngineRefusal(
        "clip looks at the norm over all coordinates and makes them dependent, so the output is no "
        "product; use the sampler without clip, or `lemmabench certificate`");
  }
  State clamp(const State& u, const double&) override {
    clamps_ = true;
    return u;
  }
  // The line law carries memory, or says what it cannot.
  void remember(int, const State&) override {}
  State recall(int) override { return {.values = {0.25}, .copies = 1}; }
  State data_mean() override { return {.values = {0.75}, .copies = 1}; }
  using KernelWalk<State, double>::move;
  void move(const State& mean) override { at_ = mean; }

 private:
  State with_noise(const State&, const double&) override {
    throw EngineRefusal(
        "the product law takes no noise inside a kernel, whose size depends on d in all "
        "coordinates at once; use the sampler without it (li-cai: kappa=0)");
  }
  void move_with_noise(const State& mean, const double&) override { at_ = mean; }

  State at_;
  bool clamps_ = false;
};

/// Throws EngineRefusal where a step makes coordinates dependent; true if one clamps them.
bool require_coordinatewise(const ProductModel& model, const LawOptions& options) {
  if (!model.score.exact()) {
    throw EngineRefusal("--score " + model.score.text() +
                        ": the product law takes the exact score; an estimate is scaled by all "
                        "coordinates together");
  }
  if (options.local_errors) {
    throw EngineRefusal("the product law has no local errors; take those of one coordinate");
  }
  const auto schedule = product_levels<double>(model);
  CoordinateProbe probe;
  for (int t = schedule.steps(); t >= 2; --t) {
    probe.begin_step();
    model.sampler.step(make_step(schedule, t, model.target.dim()), probe);
  }
  return probe.clamps();
}

/// Where the law of log q/p could not be inverted, H^2 <= TV <= H sqrt(2 - H^2) may say more.
void bracket_total_variation(LawResult& out) {
  const double low = std::max(0.0, out.hellinger.value() - out.hellinger.error());
  const double high = std::min(1.0, out.hellinger.value() + out.hellinger.error());
  const double least = low * low;
  const double most = std::min(1.0, high * std::sqrt(2 - high * high));
  if (out.tv.error() > 0.5 * (most - least)) {
    out.tv = Quantity::computed(0.5 * (least + most), 0.5 * (most - least));
    out.notes.push_back(
        "tv is bracketed, H^2 <= TV <= H sqrt(2-H^2): too few coordinates to invert the law of "
        "log q/p");
  }
}

/// Everything that carry_factor's result depends on; not the copies, so that a family such as
/// {-1, 1}^d propagates its factor once for all d. The samplers of cases/ know of d in their clip
/// and intermediate noise only, which no product takes; one of a file may use it anywhere.
std::string factor_key(const ProductModel& model, const CoordinateLaw& factor, bool fine) {
  LawRequest of_factor;
  of_factor.target = mixture_text(factor);
  of_factor.sampler = model.sampler.text();
  of_factor.schedule = model.request.schedule;
  of_factor.steps = model.request.steps;
  of_factor.start = model.request.start;
  const bool of_file = of_factor.sampler.find(":hash=") != std::string::npos;
  return fmt::format("{} decomposition={} fine={} dim={} turned={}", canonical_text(of_factor),
                     model.decomposition, fine, of_file ? model.dim() : 0, model.target.turned);
}

LawResult compute(const ProductModel& model, const LawOptions& options) {
  const std::size_t count = model.target.factors.size();
  const LineSettings settings[] = {fine_line_settings(0), coarse_line_settings(0)};
  // Enough for the ladders of an atlas: a few samplers, a dozen step counts, two resolutions.
  static Memo<FactorEnd> memo(96);
  const auto ends = parallel_map(2 * count, options.threads, [&](std::size_t i) {
    const CoordinateLaw& factor = model.target.factors[i / 2];
    return memo.get(factor_key(model, factor, i % 2 == 0), [&] {
      return carry_factor(model, factor, settings[i % 2], i % 2 == 0 ? Run::first : Run::second);
    });
  });
  std::vector<FactorEnd> fine;
  std::vector<FactorEnd> coarse;
  for (std::size_t i = 0; i < count; ++i) {
    fine.push_back(*ends[2 * i]);
    coarse.push_back(*ends[2 * i + 1]);
  }
  const auto numbers = parallel_map(2, options.threads, [&](std::size_t i) {
    return i == 0 ? combine_product(model, fine, carry_gaussian<Mp40>(model))
                  : combine_product(model, coarse, carry_gaussian<double>(model));
  });
  LawResult out;
  judge_runs(numbers[1], numbers[0], out);
  bracket_total_variation(out);
  out.engine = "product";
  out.arithmetic = "double";
  out.dim = model.target.dim();
  return out;
}

}  // namespace

LawResult compute_product_law(const ProductParts& target, const Sampler& sampler,
                              const ScoreEstimate& score, const LawRequest& request,
                              const LawOptions& options) {
  if (target.dim() == 1) {
    return compute_line_law(target.factors.front(), sampler, score, request, options);
  }
  if (request.digits < 0 || request.digits > 15) {
    throw InputError(fmt::format("--digits {}: the product law runs in double and takes 0 to 15",
                                 request.digits));
  }
  LawRequest asked = request;
  const ProductModel model{target, sampler, score, asked, options.decomposition, 0};
  asked.start = start_of(product_levels<double>(model), request.start);
  if (!require_coordinatewise(model, options)) {
    return compute(model, options);
  }
  const ProductParts mixtures = as_mixtures(target);  // what clamps them leaves no Gaussian law
  return compute({mixtures, sampler, score, asked, options.decomposition, 0}, options);
}

}  // namespace lemmabench
