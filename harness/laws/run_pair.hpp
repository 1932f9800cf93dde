#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "numerics/evidence.hpp"
#include "numerics/exact_ball.hpp"
#include "theory/output_law.hpp"

namespace lemmabench {

/// The distances of a computed law q from the law p it should be.
template <class Real>
struct LawDistances {
  Real tv;
  Real kl_pq;
  Real kl_qp;
  Real hellinger;
  /// Of tv: the error of an integral whose kinks are not split.
  Real tv_unknown{0};
  /// Of kl_pq: at most this is missing, because q is too small to be known where p still has mass;
  /// infinite where so much of p is there that nothing is known.
  Real kl_pq_unknown{0};
  /// Of kl_qp: what it may be wrong by, because q is noise where p has no mass and log q/p is
  /// large.
  Real kl_qp_unknown{0};
};

/// Everything one computation of a law by quadrature gives, in a fixed order.
template <class Real>
struct LawNumbers {
  LawDistances<Real> distances;
  std::vector<std::pair<std::string, Real>> terms;
  /// Of each term: the error of an integral as of tv_unknown. Empty: none.
  std::vector<Real> terms_unknown;
  std::vector<Real> local;  ///< TV(K_t p_t, p_{t-1}), t = T..2
  Real mass_defect;         ///< |int q - 1| at the end
  long score_calls = 0;
  std::size_t most_panels = 0;
};

/// Two computations of the same law, a coarser and a finer one: each number of the finer with twice
/// the difference, and what it may be off by the mass defect and rounding, as its error.
template <class Real>
class RunPair {
 public:
  /// `common` is rounding that both runs share, absolutely.
  RunPair(LawNumbers<Real> coarse, LawNumbers<Real> fine, long steps, const Real& common = Real(0))
      : coarse_(std::move(coarse)),
        fine_(std::move(fine)),
        rounding_(std::numeric_limits<Real>::epsilon() * Real(static_cast<int>(steps))),
        common_(common),
        slack_(fine_.mass_defect + rounding_) {}

  void fill(LawResult& out) const;

 private:
  /// The finer run with twice the difference, and `floor`, as its error.
  Quantity judged(const Real& coarse, const Real& fine, const Real& floor) const {
    const Ball value = exact_ball(fine);
    return Computed{value,
                    2 * abs(value - exact_ball(coarse)) + exact_ball(floor) + exact_ball(common_)};
  }
  Real relative(const Real& x) const { return (x < 0 ? Real(-x) : x) * slack_; }
  /// Terms that are differences of two laws near 1 know the mass defect absolutely; those that are
  /// computed as such, relatively.
  Real floor_of(const std::string& name, const Real& value) const {
    return name == "discretisation" || (name == "score" && value != 0) || name == "local_sum"
               ? slack_
               : relative(value);
  }

  LawNumbers<Real> coarse_;
  LawNumbers<Real> fine_;
  Real rounding_;
  Real common_;
  Real slack_;
};

template <class Real>
void RunPair<Real>::fill(LawResult& out) const {
  const PrecisionScope scope(400);
  const LawDistances<Real>& a = coarse_.distances;
  const LawDistances<Real>& b = fine_.distances;
  out.tv = judged(a.tv, b.tv, Real(slack_ + b.tv_unknown));
  constexpr double kWidest = std::numeric_limits<double>::max();
  out.kl_pq = to_double(b.kl_pq_unknown) < kWidest
                  ? judged(a.kl_pq, b.kl_pq, Real(slack_ + b.kl_pq_unknown))
                  : Quantity::computed(0, kWidest);
  out.kl_qp = judged(a.kl_qp, b.kl_qp, Real(slack_ + b.kl_qp_unknown));
  out.hellinger = judged(a.hellinger, b.hellinger, slack_);
  for (std::size_t i = 0; i < fine_.terms.size(); ++i) {
    const auto& [name, value] = fine_.terms[i];
    const Real unknown = fine_.terms_unknown.empty() ? Real(0) : fine_.terms_unknown[i];
    out.terms.push_back(
        {name, judged(coarse_.terms[i].second, value, Real(floor_of(name, value) + unknown))});
  }
  for (std::size_t i = 0; i < fine_.local.size(); ++i) {
    const std::size_t t = fine_.local.size() + 1 - i;
    out.local_errors.push_back(
        {fmt::format("{}", t), judged(coarse_.local[i], fine_.local[i], rounding_)});
  }
  out.score_calls = fine_.score_calls;
}

}  // namespace lemmabench
