#include "harness/laws/line_law.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "harness/laws/line_numbers.hpp"
#include "harness/parallel.hpp"
#include "numerics/error.hpp"
#include "numerics/exact_ball.hpp"

namespace lemmabench {
namespace {

/// |fine - coarse| of two numbers, and what a number of the finer run may be off.
template <class Real>
class RunPair {
 public:
  RunPair(LineNumbers<Real> coarse, LineNumbers<Real> fine, long steps)
      : coarse_(std::move(coarse)),
        fine_(std::move(fine)),
        rounding_(std::numeric_limits<Real>::epsilon() * Real(static_cast<int>(steps))),
        slack_(fine_.mass_defect + rounding_) {}

  void fill(LawResult& out) const;

 private:
  /// The finer run with twice the difference, and `floor`, as its error.
  Quantity judged(const Real& coarse, const Real& fine, const Real& floor) const {
    const Ball value = exact_ball(fine);
    return Computed{value, 2 * abs(value - exact_ball(coarse)) + exact_ball(floor)};
  }
  Real relative(const Real& x) const { return (x < 0 ? Real(-x) : x) * slack_; }
  /// Terms that are differences of two laws near 1 know the mass defect absolutely; those that are
  /// computed as such, relatively.
  Real floor_of(const std::string& name, const Real& value) const {
    return name == "discretisation" || (name == "score" && value != 0) || name == "local_sum"
               ? slack_
               : relative(value);
  }

  LineNumbers<Real> coarse_;
  LineNumbers<Real> fine_;
  Real rounding_;
  Real slack_;
};

template <class Real>
void RunPair<Real>::fill(LawResult& out) const {
  const PrecisionScope scope(400);
  const LineDistances<Real>& a = coarse_.distances;
  const LineDistances<Real>& b = fine_.distances;
  out.tv = judged(a.tv, b.tv, slack_);
  out.kl_pq = judged(a.kl_pq, b.kl_pq, slack_);
  out.kl_qp = judged(a.kl_qp, b.kl_qp, slack_);
  out.hellinger = judged(a.hellinger, b.hellinger, slack_);
  for (std::size_t i = 0; i < fine_.terms.size(); ++i) {
    const auto& [name, value] = fine_.terms[i];
    out.terms.push_back({name, judged(coarse_.terms[i].second, value, floor_of(name, value))});
  }
  for (std::size_t i = 0; i < fine_.local.size(); ++i) {
    const std::size_t t = fine_.local.size() + 1 - i;
    out.local_errors.push_back(
        {fmt::format("{}", t), judged(coarse_.local[i], fine_.local[i], rounding_)});
  }
  out.score_calls = fine_.score_calls;
}

template <class Real>
LineModel<Real> model_of(const MixtureTarget& target, const Sampler& sampler,
                         const ScoreEstimate& score, const LawRequest& request) {
  std::vector<typename LineMixture<Real>::Component> components;
  for (const MixtureTarget::Component& component : target.components) {
    components.push_back({from_rational<Real>(component.weight),
                          from_rational<Real>(component.mean),
                          from_rational<Real>(component.variance)});
  }
  return {LineMixture<Real>(std::move(components)), Schedule<Real>(request.schedule, request.steps),
          sampler, score};
}

template <class Real>
void compute(const MixtureTarget& target, const Sampler& sampler, const ScoreEstimate& score,
             const LawRequest& request, const LawOptions& options, LawResult& out) {
  const LineModel<Real> model = model_of<Real>(target, sampler, score, request);
  const LineSettings settings[] = {fine_line_settings(request.digits),
                                   coarse_line_settings(request.digits)};
  auto runs = parallel_map(2, options.threads, [&](std::size_t i) {
    return compute_line_numbers<Real>(model, request.start, options, settings[i]);
  });
  RunPair<Real>(std::move(runs[1]), std::move(runs[0]), request.steps).fill(out);
}

/// A Gaussian on a panel 3 deviations wide is resolved to 10^-D by about 1.7 D nodes: fewer nodes
/// on narrower panels are more in all.
LineSettings mp_settings(long digits, long spare) {
  const double tolerance = std::pow(10.0, static_cast<double>(-digits - spare));
  return {.order = static_cast<int>(3 * digits / 2 + 4 * spare),
          .tolerance = tolerance,
          .relative = 0.1 * tolerance,
          .negligible = 1e-9 * tolerance,
          .copies = static_cast<int>(digits / 2 + spare),
          .extra_hermite = spare > 2 ? 1 : 0};
}

}  // namespace

LineSettings coarse_line_settings(long digits) {
  if (digits > 15) {
    return mp_settings(digits, 2);
  }
  return {.order = 16,
          .tolerance = 1e-12,
          .relative = 1e-14,
          .negligible = 1e-22,
          .copies = 6,
          .extra_hermite = 0};
}

LineSettings fine_line_settings(long digits) {
  if (digits > 15) {
    return mp_settings(digits, 4);
  }
  return {.order = 20,
          .tolerance = 3e-14,
          .relative = 1e-14,
          .negligible = 1e-24,
          .copies = 8,
          .extra_hermite = 1};
}

MixtureTarget as_mixture(const GaussianTarget& target) {
  if (target.dim() != 1) {
    throw EngineRefusal(fmt::format(
        "--target gaussian: the line law is one-dimensional, this target has dim {}; use the "
        "Gaussian law",
        target.dim()));
  }
  const GaussianTarget::Block& block = target.blocks.front();
  return MixtureTarget{{{Rational(1), block.mean, block.variance}}};
}

LawResult compute_line_law(const MixtureTarget& target, const Sampler& sampler,
                           const ScoreEstimate& score, const LawRequest& request,
                           const LawOptions& options) {
  if (request.digits < 0 || request.digits > kMaxLineDigits) {
    throw InputError(fmt::format("--digits {}: the line law takes 0 (its default) to {}",
                                 request.digits, kMaxLineDigits));
  }
  LawResult out;
  out.engine = "line";
  out.dim = 1;
  if (request.digits <= 15) {
    out.arithmetic = "double";
    compute<double>(target, sampler, score, request, options, out);
  } else if (request.digits <= 30) {
    out.arithmetic = "mp, 40 digits";
    compute<Mp40>(target, sampler, score, request, options, out);
  } else {
    out.arithmetic = "mp, 80 digits";
    compute<Mp80>(target, sampler, score, request, options, out);
  }
  return out;
}

}  // namespace lemmabench
