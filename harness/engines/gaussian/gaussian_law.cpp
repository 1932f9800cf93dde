#include "harness/engines/gaussian/gaussian_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/sampler_schedule.hpp"
#include "cases/step.hpp"
#include "harness/engines/common/decompose.hpp"
#include "harness/engines/gaussian/gaussian_blocks.hpp"
#include "harness/engines/gaussian/gaussian_propagation.hpp"
#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"
#include "numerics/exact_ball.hpp"
#include "numerics/mp.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"
#include "theory/process/forward.hpp"

namespace lemmabench {
namespace {

constexpr long kDefaultDigits = 40;
constexpr long kTermDigits = 15;  // the parts of the error are for people and for sums
constexpr long kCapBits = 65536;
// Below 10^-(digits + this) a number counts as zero: what is exactly 0 has no relative digits.
constexpr long kZeroDigits = 40;

/// Everything the law says, in one scalar and not yet labelled.
template <class Real>
struct Numbers {
  std::vector<Real> e;
  Real tv;
  Real kl_pq;
  Real kl_qp;
  Real hellinger;
  ErrorParts<Real> parts;
  std::vector<Real> local;  // for t = T..2
  long score_calls = 0;
};

template <class Real>
using Blocks = std::vector<RelativeBlock<Real>>;

Ball total_variation_of(const Blocks<Ball>& blocks, long digits) {
  const auto flat = [](const RelativeBlock<Ball>& block) {
    return block.e.exact() && block.e.contains(Rational(-1));
  };
  if (std::any_of(blocks.begin(), blocks.end(), flat)) {
    return Ball(1);  // a law on a plane against one with a density
  }
  return total_variation(RelativeBlocks<Ball>(blocks), digits).enclosure();
}

template <class Real>
Real total_variation_of(const Blocks<Real>& blocks, long) {
  return estimate_total_variation(RelativeBlocks<Real>(blocks)).value;
}

/// What one computation needs, so that every scalar gets the same question.
struct Question {
  const GaussianLaw& target;
  const Sampler& sampler;
  const ScoreEstimate& score;
  const LawRequest& request;
  const LawOptions& options;
};

/// eps_score = sqrt((1/T) sum_t E||e_t||^2) (A1), from E||e_t||^2 = rho^2 E||s*_t||^2 and
/// E||s*_t||^2 = sum_i m_i/w_{t,i} (claim F3).
template <class Real>
Real score_error(const Question& ask, const Schedule<Real>& schedule) {
  using std::sqrt;
  Real total(0);
  for (int t = 1; t <= schedule.steps(); ++t) {
    const Level<Real>& level = schedule.level(t);
    for (const CoordinateLaw& block : ask.target.coordinates) {
      total += whole_number<Real>(block.multiplicity) *
               expected_squared_score(level, from_rational<Real>(block.variance()));
    }
  }
  const Real ratio = from_rational<Real>(ask.score.relative_error_squared());
  return sqrt(ratio * total / whole_number<Real>(schedule.steps()));
}

/// Early stopping: W2(X_0, X_1) exactly, and the bound that holds for any data.
template <class Real>
std::pair<Real, Real> early_stopping(const GaussianLaw& target, const Level<Real>& level) {
  using std::sqrt;
  Real exact(0);
  Real second_moment(0);
  for (const CoordinateLaw& block : target.coordinates) {
    const Real lambda = from_rational<Real>(block.variance());
    const Real mu = from_rational<Real>(block.mean());
    const Real m = whole_number<Real>(block.multiplicity);
    exact += m * early_stopping_w2_squared(level, lambda, mu);
    second_moment += m * (lambda + mu * mu);
  }
  const Real dim = whole_number<Real>(target.dim());
  const Real lost = level.noise / (1 + sqrt(level.abar));
  return {sqrt(exact), sqrt(Real(lost * lost * second_moment + level.noise * dim))};
}

/// The parts of section 5, and what else is known exactly (decompose.hpp).
template <class Real>
class GaussianDecomposition {
 public:
  GaussianDecomposition(const Question& ask, const Schedule<Real>& schedule,
                        const GaussianPropagation<Real>& clean,
                        const GaussianPropagation<Real>& noisy)
      : ask_(ask),
        schedule_(schedule),
        clean_(clean),
        noisy_(noisy),
        clean_law_(from_start(clean)),
        noisy_law_(from_start(noisy)) {}

  Real initialisation() const {
    return tv(between(ask_.target, clean_.from_exact, clean_law_, clean_.variance));
  }
  Real discretisation() const {
    return tv(against_truth(ask_.target, clean_.from_exact, clean_.variance));
  }
  Real score() const { return tv(between(ask_.target, clean_law_, noisy_law_, clean_.variance)); }
  Real score_error() const { return lemmabench::score_error(ask_, schedule_); }
  void add_initial(ErrorParts<Real>& parts) const {
    const Blocks<Real> start = start_against_truth(ask_.target, schedule_.level(schedule_.steps()));
    parts.initial_tv = tv(start);
    parts.initial_kl = kl_pq(RelativeBlocks<Real>(start));
  }
  void add_early_stopping(ErrorParts<Real>& parts) const {
    auto [exact, bound] = early_stopping(ask_.target, schedule_.level(1));
    parts.early_stopping_w2 = std::move(exact);
    parts.early_stopping_w2_bound = std::move(bound);
  }

 private:
  static Real tv(const Blocks<Real>& blocks) { return total_variation_of(blocks, kTermDigits); }
  const std::vector<BlockLaw<Real>>& from_start(const GaussianPropagation<Real>& end) const {
    return ask_.request.start == Start::exact ? end.from_exact : end.from_gaussian;
  }

  const Question& ask_;
  const Schedule<Real>& schedule_;
  const GaussianPropagation<Real>& clean_;  ///< with exact scores
  const GaussianPropagation<Real>& noisy_;  ///< with the scores asked for
  const std::vector<BlockLaw<Real>>& clean_law_;
  const std::vector<BlockLaw<Real>>& noisy_law_;
};

/// TV(K_t p_t, p_{t-1}) for t = T..2; the variance of level t-1 is made anew.
template <class Real>
void add_local_errors(const Question& ask, const Schedule<Real>& schedule,
                      const GaussianPropagation<Real>& clean, Numbers<Real>& out) {
  Real sum(0);
  for (std::size_t k = 0; k < clean.local.size(); ++k) {
    const Level<Real>& level = schedule.level(schedule.steps() - 1 - static_cast<int>(k));
    std::vector<Real> w;
    for (const CoordinateLaw& block : ask.target.coordinates) {
      w.push_back(marginal_variance(level, from_rational<Real>(block.variance())));
    }
    out.local.push_back(
        total_variation_of(against_truth(ask.target, clean.local[k], w), kTermDigits));
    sum += out.local.back();
  }
  out.parts.local_sum = std::move(sum);
}

/// The levels of the question. A law of X_0 without density is none that an output is compared
/// with.
template <class Real>
Schedule<Real> levels_of(const Question& ask) {
  auto out =
      schedule_for<Real>(ask.sampler, ask.request.schedule, ask.request.steps, EndLevels::closed);
  const auto flat = [](const CoordinateLaw& block) { return block.variance().sign() == 0; };
  if (out.to_data() &&
      std::any_of(ask.target.coordinates.begin(), ask.target.coordinates.end(), flat)) {
    throw EngineRefusal(
        "--schedule: level 1 has no noise, and the target has variance 0 in a coordinate, so that "
        "the law of X_1 = X_0 has no density; let the last level have some noise");
  }
  return out;
}

/// One computation in one scalar, at the current precision of the thread if that is Ball.
template <class Real>
Numbers<Real> compute_numbers(const Question& ask, long digits) {
  const auto schedule = levels_of<Real>(ask);
  const PropagationOptions wanted{
      .exact_start = ask.options.decomposition || ask.request.start == Start::exact,
      .path = ask.options.decomposition,
      .local = ask.options.local_errors,
      .threads = ask.options.threads};
  const auto noisy = propagate_gaussian<Real>(ask.target, ask.sampler, ask.score, schedule, wanted);
  std::optional<GaussianPropagation<Real>> other;
  if (!ask.score.exact() && (ask.options.decomposition || ask.options.local_errors)) {
    const auto exact = make_score("exact", "score");
    other = propagate_gaussian<Real>(ask.target, ask.sampler, *exact, schedule, wanted);
  }
  const GaussianPropagation<Real>& clean = other ? *other : noisy;
  const bool exact_start = ask.request.start == Start::exact;
  const auto& law = exact_start ? noisy.from_exact : noisy.from_gaussian;
  Numbers<Real> out;
  for (const BlockLaw<Real>& block : law) {
    out.e.push_back(block.e);
  }
  require_spread(law);
  const Blocks<Real> blocks = against_truth(ask.target, law, noisy.variance);
  out.tv = total_variation_of(blocks, digits);
  out.kl_pq = kl_pq(RelativeBlocks<Real>(blocks));
  out.kl_qp = kl_qp(RelativeBlocks<Real>(blocks));
  out.hellinger = hellinger(RelativeBlocks<Real>(blocks));
  out.score_calls = noisy.score_calls;
  if (ask.options.decomposition) {
    GaussianDecomposition<Real> parts(ask, schedule, clean, noisy);
    out.parts = decompose<Real>(parts, ask.request.start, ask.score.exact());
    if (noisy.has_path) {
      out.parts.path_kl = noisy.path_kl;
    }
  }
  if (ask.options.local_errors) {
    add_local_errors(ask, schedule, clean, out);
  }
  return out;
}

/// The numbers in a fixed order, for what is done to all of them alike.
template <class Real, class Visit>
void visit_all(Numbers<Real>& numbers, Visit visit) {
  for (Real& e : numbers.e) {
    visit(e, false);
  }
  for (Real* x : {&numbers.tv, &numbers.kl_pq, &numbers.kl_qp, &numbers.hellinger}) {
    visit(*x, false);
  }
  for_each_part(numbers.parts, [&](std::string_view, Real& value) { visit(value, true); });
  for (Real& x : numbers.local) {
    visit(x, true);
  }
}

/// How many bits the least accurate number lacks; 0 when all have their digits.
long missing_bits(Numbers<Ball>& numbers, long digits) {
  long missing = 0;
  visit_all(numbers, [&](const Ball& x, bool term) {
    const long wanted = term ? std::min(digits, kTermDigits) : digits;
    if (!accurate_to(x, wanted) && !accurate_to(x, digits + kZeroDigits, Accuracy::absolute)) {
      // A ball around 0 has an accuracy of minus infinity, nearly the least long.
      const long accuracy = std::max(x.relative_accuracy_bits(), -kCapBits);
      missing = std::max(missing, bits_for_digits(wanted) - accuracy);
    }
  });
  return missing;
}

struct ProvedNumbers {
  Numbers<Ball> numbers;
  long bits = 0;
};

/// Raises the working precision until every number has its digits: by what is missing, and a little
/// (at most to twice: a number that may be 0 says nothing of how much is missing), and to twice
/// where something could not be computed at all, such as a variance that the balls cannot tell from
/// 0. Extreme variances cost log2 of their ratio to 1 in bits.
ProvedNumbers prove_numbers(const Question& ask, long digits) {
  const double steps = static_cast<double>(std::max(ask.request.steps, 2L));
  const auto depth = static_cast<long>(2 * std::log2(steps));
  long bits = bits_for_digits(digits) + 32 + depth;
  std::string trouble;
  while (bits <= kCapBits) {
    const PrecisionScope scope(bits);
    try {
      ProvedNumbers out{compute_numbers<Ball>(ask, digits), bits};
      const long missing = missing_bits(out.numbers, digits);
      if (missing == 0) {
        return out;
      }
      trouble.clear();
      bits += std::min(missing + 16, bits);
    } catch (const NumericalFailure& failure) {
      trouble = fmt::format(" ({})", failure.what());
      bits *= 2;
    }
  }
  throw NumericalFailure(fmt::format("--digits {}: not reached within {} bits of precision{}",
                                     digits, kCapBits, trouble));
}

/// A run in `Real` with its distance to the same run in `Finer` as the error estimate. The distance
/// is the error of the coarse value but for that of the finer one, 10^-25 of it at the most: the
/// factor 2 covers that amply.
template <class Real, class Finer>
Numbers<Quantity> compare_numbers(const Question& ask) {
  Numbers<Real> coarse = compute_numbers<Real>(ask, 0);
  Numbers<Finer> fine = compute_numbers<Finer>(ask, 0);
  std::vector<Ball> reference;
  visit_all(fine, [&](const Finer& x, bool) { reference.push_back(exact_ball(x)); });
  const PrecisionScope scope(400);
  Numbers<Quantity> out;
  out.score_calls = coarse.score_calls;
  std::size_t at = 0;
  const auto label = [&](const Real& x) -> Quantity {
    const Ball value = exact_ball(x);
    // A value that is 1 to the last bit in both is still rounded.
    return Computed{value, 2 * abs(value - reference[at++]) +
                               exact_ball(std::numeric_limits<Real>::epsilon()) * abs(value)};
  };
  for (const Real& e : coarse.e) {
    out.e.push_back(label(e));
  }
  out.tv = label(coarse.tv);
  out.kl_pq = label(coarse.kl_pq);
  out.kl_qp = label(coarse.kl_qp);
  out.hellinger = label(coarse.hellinger);
  out.parts = converted_parts<Quantity>(coarse.parts, label);
  for (const Real& x : coarse.local) {
    out.local.push_back(label(x));
  }
  return out;
}

Numbers<Quantity> label_proved(const Numbers<Ball>& numbers) {
  Numbers<Quantity> out;
  out.score_calls = numbers.score_calls;
  for (const Ball& e : numbers.e) {
    out.e.emplace_back(Proved{e});
  }
  out.tv = Proved{numbers.tv};
  out.kl_pq = Proved{numbers.kl_pq};
  out.kl_qp = Proved{numbers.kl_qp};
  out.hellinger = Proved{numbers.hellinger};
  out.parts = converted_parts<Quantity>(numbers.parts,
                                        [](const Ball& value) { return Quantity(Proved{value}); });
  for (const Ball& x : numbers.local) {
    out.local.emplace_back(Proved{x});
  }
  return out;
}

/// Why a result has no path_kl though the sampler's kernels would have one: 2 b_t >= w_t, the
/// least variance of level t, where the flow Phi_t that they are compared with (theory.md section
/// 4, path certificate) has ended. In double: the note names a level and two numbers to three
/// digits, and whether there is a path_kl has been decided without it.
std::string path_note(const Question& ask) {
  double least = ask.target.coordinates.front().variance().to_double();
  for (const CoordinateLaw& block : ask.target.coordinates) {
    least = std::min(least, block.variance().to_double());
  }
  const auto schedule = levels_of<double>(ask);
  for (int t = schedule.steps(); t >= 2; --t) {
    const Step<double> c = make_step(schedule, t, ask.target.dim());
    const double w = c.abar * least + c.noise;
    if (2 * c.b >= w) {
      return fmt::format(
          "no path_kl: at t = {} a variance of the level, {:.3g}, is not above 2 (1-alpha_t) = "
          "{:.3g}, and the flow that a step is compared with does not reach so far; more steps "
          "have "
          "it",
          t, w, 2 * c.b);
    }
  }
  return "no path_kl: some step is not one kernel y -> N(Psi(y), v I), or 2 (1-alpha_t) comes so "
         "near to a variance of its level that the two cannot be told apart";
}

void fill(const Question& ask, Numbers<Quantity> numbers, LawResult& out) {
  out.engine = "gaussian";
  out.dim = ask.target.dim();
  out.score_calls = numbers.score_calls;
  out.tv = std::move(numbers.tv);
  out.kl_pq = std::move(numbers.kl_pq);
  out.kl_qp = std::move(numbers.kl_qp);
  out.hellinger = std::move(numbers.hellinger);
  for (std::size_t i = 0; i < numbers.e.size(); ++i) {
    out.relative_variance_error.push_back({ask.target.coordinates[i].multiplicity, numbers.e[i]});
  }
  out.parts = std::move(numbers.parts);
  long t = ask.request.steps;
  for (Quantity& value : numbers.local) {
    out.local_errors.push_back({t--, std::move(value)});
  }
}

}  // namespace

LawResult compute_gaussian_law(const GaussianLaw& target, const Sampler& sampler,
                               const ScoreEstimate& score, const LawRequest& request,
                               const LawOptions& options) {
  if (!score.info().affine) {
    throw EngineRefusal(fmt::format(
        "--score {}: is not affine, and the Gaussian law takes affine scores only; use affine, or "
        "write the target as a one-component mixture",
        score.info().id));
  }
  const Question ask{target, sampler, score, request, options};
  LawResult out;
  if (request.arithmetic == LawArithmetic::in_double()) {
    out.arithmetic = "double, checked against 40 digits";
    fill(ask, compare_numbers<double, Mp40>(ask), out);
  } else if (request.arithmetic == LawArithmetic::mp()) {
    out.arithmetic = "40 digits, checked against 80";
    fill(ask, compare_numbers<Mp40, Mp80>(ask), out);
  } else {
    const long digits = request.digits > 0 ? request.digits : kDefaultDigits;
    const ProvedNumbers proved = prove_numbers(ask, digits);
    out.arithmetic = fmt::format("balls of {} bits", proved.bits);
    const PrecisionScope scope(proved.bits);
    fill(ask, label_proved(proved.numbers), out);
  }
  if (options.decomposition && sampler.info().path_kernel && !out.parts.path_kl) {
    out.notes.push_back(path_note(ask));
  }
  return out;
}

}  // namespace lemmabench
