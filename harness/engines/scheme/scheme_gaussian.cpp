#include "harness/engines/scheme/scheme_gaussian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "harness/engines/common/decompose.hpp"
#include "harness/engines/gaussian/gaussian_blocks.hpp"
#include "harness/engines/scheme/scheme_moments.hpp"
#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"
#include "numerics/exact_ball.hpp"
#include "numerics/parallel.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"
#include "theory/gaussian/gaussian_total_variation.hpp"

namespace lemmabench {
namespace {

constexpr long kDefaultDigits = 40;
constexpr long kTermDigits = 15;  // the parts of the error are for people
constexpr long kCapBits = 65536;
// Below 10^-(digits + this) a number counts as zero: what is exactly 0 has no relative digits.
constexpr long kZeroDigits = 40;

template <class Real>
struct Numbers {
  std::vector<Real> e;
  Real tv;
  Real kl_pq;
  Real kl_qp;
  Real hellinger;
  ErrorParts<Real> parts;
};

struct Question {
  const Scheme& scheme;
  const GaussianLaw& target;
  const LawRequest& request;
  const LawOptions& options;
};

template <class Real>
using Blocks = std::vector<RelativeBlock<Real>>;

Ball total_variation_of(const Blocks<Ball>& blocks, long digits) {
  return total_variation(RelativeBlocks<Ball>(blocks), digits).enclosure();
}

template <class Real>
Real total_variation_of(const Blocks<Real>& blocks, long) {
  return estimate_total_variation(RelativeBlocks<Real>(blocks)).value;
}

/// One computation in one scalar, at the current precision of the thread if that is Ball.
template <class Real>
class Computation {
 public:
  Computation(const Question& ask, long digits) : ask_(ask), digits_(digits) {
    const Scheme& scheme = ask.scheme;
    const std::vector<SchemeResponse<Real>> responses = this->responses();
    for (std::size_t i = 0; i < responses.size(); ++i) {
      const CoordinateLaw& block = ask.target.coordinates[i];
      const Real w = from_rational<Real>(block.variance());
      const Real mu = from_rational<Real>(block.mean());
      variance_.push_back(w + level_variance<Real>(scheme, scheme.calls()));
      const bool noise = scheme.starts_from_noise();
      const Real exact_variance = noise ? Real(1) : Real(w + level_variance<Real>(scheme, 0));
      from_exact_.push_back(end(responses[i], noise ? Real(0) : mu, exact_variance, mu));
      const Real start = exact_number<Real>(scheme.start_variance());
      from_gaussian_.push_back(end(responses[i], Real(0), start, mu));
      start_.push_back(
          start_block(block, Real(start - exact_variance), noise ? Real(0) : mu, exact_variance));
    }
  }

  Numbers<Real> run();

  // The parts of the error (decompose.hpp).
  Real initialisation() const {
    return tv(between(ask_.target, from_exact_, from_gaussian_, variance_));
  }
  Real discretisation() const { return tv(against_truth(ask_.target, from_exact_, variance_)); }
  Real score() const { return Real(0); }
  Real score_error() const { return Real(0); }
  void add_initial(ErrorParts<Real>& parts) const {
    parts.initial_tv = tv(start_);
    parts.initial_kl = kl_pq(RelativeBlocks<Real>(start_));
  }
  void add_early_stopping(ErrorParts<Real>& parts) const;

 private:
  /// Of every block; blocks are shared among threads, and each is computed alone.
  std::vector<SchemeResponse<Real>> responses() const {
    const long bits = PrecisionScope::bits();
    return parallel_map(ask_.target.coordinates.size(), ask_.options.threads, [&](std::size_t i) {
      const PrecisionScope scope(bits);
      const CoordinateLaw& block = ask_.target.coordinates[i];
      return scheme_response<Real>(ask_.scheme, from_rational<Real>(block.variance()),
                                   from_rational<Real>(block.mean()));
    });
  }
  BlockLaw<Real> end(const SchemeResponse<Real>& response, const Real& mean, const Real& variance,
                     const Real& mu) const {
    const Real v = response.start * response.start * variance + response.noise;
    const Real& truth = variance_.back();
    return {Real((v - truth) / truth), Real(response.start * mean + response.constant - mu)};
  }
  static RelativeBlock<Real> start_block(const CoordinateLaw& block, const Real& excess,
                                         const Real& shift, const Real& variance) {
    const Real m = whole_number<Real>(block.multiplicity);
    return {Real(excess / variance), Real(m * shift * shift / variance), block.multiplicity};
  }
  static Real tv(const Blocks<Real>& blocks) { return total_variation_of(blocks, kTermDigits); }

  const Question& ask_;
  long digits_;
  std::vector<Real> variance_;  ///< of X_0 + sigma_K Z
  std::vector<BlockLaw<Real>> from_exact_;
  std::vector<BlockLaw<Real>> from_gaussian_;
  Blocks<Real> start_;  ///< the Gaussian start against the exact one
};

template <class Real>
void Computation<Real>::add_early_stopping(ErrorParts<Real>& parts) const {
  using std::sqrt;
  const Real noise = level_variance<Real>(ask_.scheme, ask_.scheme.calls());
  Real exact(0);
  for (std::size_t i = 0; i < variance_.size(); ++i) {
    const CoordinateLaw& block = ask_.target.coordinates[i];
    const Real w = from_rational<Real>(block.variance());
    const Real change = noise / (sqrt(variance_[i]) + sqrt(w));
    exact += whole_number<Real>(block.multiplicity) * change * change;
  }
  parts.early_stopping_w2 = sqrt(exact);
  parts.early_stopping_w2_bound = sqrt(Real(noise * whole_number<Real>(ask_.target.dim())));
}

template <class Real>
Numbers<Real> Computation<Real>::run() {
  const auto& law = ask_.request.start == Start::exact ? from_exact_ : from_gaussian_;
  require_spread(law);
  Numbers<Real> out;
  for (const BlockLaw<Real>& block : law) {
    out.e.push_back(block.e);
  }
  const Blocks<Real> blocks = against_truth(ask_.target, law, variance_);
  out.tv = total_variation_of(blocks, digits_);
  out.kl_pq = kl_pq(RelativeBlocks<Real>(blocks));
  out.kl_qp = kl_qp(RelativeBlocks<Real>(blocks));
  out.hellinger = hellinger(RelativeBlocks<Real>(blocks));
  if (ask_.options.decomposition) {
    require_spread(from_exact_);
    require_spread(from_gaussian_);
    out.parts = decompose<Real>(*this, ask_.request.start, true);
  }
  return out;
}

/// The numbers in a fixed order; visit(number, whether it is a part of the error).
template <class Real, class Visit>
void visit_all(Numbers<Real>& numbers, Visit visit) {
  for (Real& e : numbers.e) {
    visit(e, false);
  }
  for (Real* x : {&numbers.tv, &numbers.kl_pq, &numbers.kl_qp, &numbers.hellinger}) {
    visit(*x, false);
  }
  for_each_part(numbers.parts, [&](std::string_view, Real& value) { visit(value, true); });
}

/// Every number through label(number).
template <class From, class Label>
Numbers<Quantity> labelled(const Numbers<From>& numbers, const Label& label) {
  Numbers<Quantity> out;
  for (const From& e : numbers.e) {
    out.e.push_back(label(e));
  }
  out.tv = label(numbers.tv);
  out.kl_pq = label(numbers.kl_pq);
  out.kl_qp = label(numbers.kl_qp);
  out.hellinger = label(numbers.hellinger);
  out.parts = converted_parts<Quantity>(numbers.parts, label);
  return out;
}

/// How many bits the least accurate number lacks; 0 when all have their digits.
long missing_bits(Numbers<Ball>& numbers, long digits) {
  long missing = 0;
  visit_all(numbers, [&](const Ball& x, bool part) {
    const long wanted = part ? std::min(digits, kTermDigits) : digits;
    if (!accurate_to(x, wanted) && !accurate_to(x, digits + kZeroDigits, Accuracy::absolute)) {
      const long accuracy = std::max(x.relative_accuracy_bits(), -kCapBits);
      missing = std::max(missing, bits_for_digits(wanted) - accuracy);
    }
  });
  return missing;
}

/// Raises the precision until every number has its digits.
Numbers<Quantity> prove(const Question& ask, long digits, std::string& arithmetic) {
  long bits = bits_for_digits(digits) + 48;
  std::string trouble;
  while (bits <= kCapBits) {
    const PrecisionScope scope(bits);
    try {
      Numbers<Ball> numbers = Computation<Ball>(ask, digits).run();
      const long missing = missing_bits(numbers, digits);
      if (missing == 0) {
        arithmetic = fmt::format("balls of {} bits", bits);
        return labelled(numbers, [](const Ball& x) { return Quantity(Proved{x}); });
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

/// A run in `Real` with its distance to the same run in `Finer`, twice, as the error estimate.
template <class Real, class Finer>
Numbers<Quantity> compare(const Question& ask) {
  Numbers<Real> coarse = Computation<Real>(ask, 0).run();
  Numbers<Finer> fine = Computation<Finer>(ask, 0).run();
  std::vector<Ball> reference;
  visit_all(fine, [&](const Finer& x, bool) { reference.push_back(exact_ball(x)); });
  const PrecisionScope scope(400);
  // In the order of visit_all.
  auto truth = reference.begin();
  return labelled(coarse, [&](const Real& x) -> Quantity {
    const Ball value = exact_ball(x);
    return Computed{value, 2 * abs(value - *truth++) +
                               exact_ball(std::numeric_limits<Real>::epsilon()) * abs(value)};
  });
}

}  // namespace

LawResult scheme_gaussian_law(const Scheme& scheme, const GaussianLaw& target,
                              const LawRequest& request, const LawOptions& options) {
  const Question ask{scheme, target, request, options};
  LawResult out;
  Numbers<Quantity> numbers;
  if (request.arithmetic.kind() == LawArithmetic::Kind::in_double) {
    out.arithmetic = "double, checked against 40 digits";
    numbers = compare<double, Mp40>(ask);
  } else if (request.arithmetic.kind() == LawArithmetic::Kind::mp) {
    out.arithmetic = "40 digits, checked against 80";
    numbers = compare<Mp40, Mp80>(ask);
  } else {
    numbers = prove(ask, request.digits > 0 ? request.digits : kDefaultDigits, out.arithmetic);
  }
  out.engine = "gaussian";
  out.dim = target.dim();
  out.score_calls = static_cast<long>(scheme.calls());
  out.tv = std::move(numbers.tv);
  out.kl_pq = std::move(numbers.kl_pq);
  out.kl_qp = std::move(numbers.kl_qp);
  out.hellinger = std::move(numbers.hellinger);
  for (std::size_t i = 0; i < numbers.e.size(); ++i) {
    out.relative_variance_error.push_back({target.coordinates[i].multiplicity, numbers.e[i]});
  }
  out.parts = std::move(numbers.parts);
  return out;
}

}  // namespace lemmabench
