#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "numerics/ball_functions.hpp"
#include "theory/claims/assumptions.hpp"
#include "theory/claims/discretisation.hpp"
#include "theory/claims/step_defect.hpp"
#include "theory/gaussian/gaussian_divergences.hpp"
#include "theory/mixture/mixture_integrals.hpp"
#include "theory/process/forward.hpp"

/// Claim D3: what Gaussian noise does to a transport distance, and the chain rule of section 4.
namespace lemmabench {
namespace {

/// Two Gaussian laws P and Q with independent coordinates, by their differences, which are often
/// small: Var P, Var Q - Var P, sd Q - sd P, the squared distance of the means, and how many
/// coordinates there are.
struct GaussianPair {
  struct Coordinate {
    Ball variance;
    Ball change;
    Ball spread;
    Ball shift_squared;
    long multiplicity;
  };
  std::vector<Coordinate> coordinates;

  /// KL(P * N(0, s2) || Q * N(0, s2)).
  Ball smoothed_kl(const Ball& s2) const {
    std::vector<RelativeBlock<Ball>> blocks;
    for (const Coordinate& c : coordinates) {
      const Ball variance = c.variance + s2;
      blocks.push_back(
          {c.change / variance, c.shift_squared * Ball(c.multiplicity) / variance, c.multiplicity});
    }
    return kl_pq<Ball>(blocks);
  }
  /// W2(P, Q)^2 = sum |sd Q - sd P|^2 + |shift|^2, since the two have a common eigenbasis.
  Ball transport_squared() const {
    Ball sum(0);
    for (const Coordinate& c : coordinates) {
      sum += (square(c.spread) + c.shift_squared) * Ball(c.multiplicity);
    }
    return sum;
  }
};

/// KL <= A W2^2/s2 for one pair.
void compare(const Trial& trial, const GaussianPair& pair, const Ball& s2, const Place& place,
             Comparisons& out) {
  const Ball kl = pair.smoothed_kl(s2);
  const Ball transport = pair.transport_squared() / s2;
  out.at_most(kl, trial.ball("factor") * transport, place);
  out.smallest_constant(kl, transport, place);
}

/// P, Q = the laws of X_t and X_{t-1}, with little and with much noise. With w = alpha w' + b:
/// w' - w = b (w' - 1), and 1 - sqrt(alpha) = b/(1 + sqrt(alpha)).
void neighbouring_levels(const Trial& trial, const Schedule<Ball>& schedule, Comparisons& out) {
  for (int t = schedule.steps(); t >= 2; --t) {
    const Ball b = schedule.b(t);
    const Level<Ball>& next = schedule.level(t - 1);
    GaussianPair pair;
    for (const CoordinateLaw& law : trial.target().product()->coordinates) {
      const Ball lambda(law.components.front().variance);
      const Ball w = marginal_variance(schedule.level(t), lambda);
      const Ball change = b * (marginal_variance(next, lambda) - 1);
      const Ball shift = marginal_mean(next, Ball(law.components.front().mean)) * b /
                         (1 + sqrt(schedule.alpha(t)));
      pair.coordinates.push_back(
          {w, change, change / (sqrt(w) + sqrt(w + change)), square(shift), law.multiplicity});
    }
    Place place{.part = "laws of X_t and X_{t-1}", .steps = schedule.steps(), .t = t};
    place.detail = "s^2 = b";
    compare(trial, pair, b, place, out);
    place.detail = "s^2 = 1000";
    compare(trial, pair, Ball(1000), place, out);
  }
}

/// P, Q = the laws of Phi_t(X_t) and Psi_t(X_t) of one sampler and s^2 = b: the summands of the
/// path certificate. On a Gaussian Psi_t = Phi_t - d (x - c).
void exact_and_sampled_step(const Trial& trial, const Schedule<Ball>& schedule,
                            const SteppedSampler& sampler, Comparisons& out) {
  for (int t = schedule.steps(); t >= 2; --t) {
    const StepLevels levels = step_levels(schedule, t);
    GaussianPair pair;
    for (const CoordinateLaw& law : trial.target().product()->coordinates) {
      const BallMixture<> here(law, levels.abar, levels.noise);
      const Ball spread = -StepDefect(law, levels, sampler).per_deviation();
      const Ball variance = here.variance(0) - 2 * levels.b;
      pair.coordinates.push_back(
          {variance, spread * (2 * sqrt(variance) + spread), spread, Ball(0), law.multiplicity});
    }
    compare(trial, pair, levels.b,
            {.part = "laws of Phi_t(X_t) and Psi_t(X_t)",
             .steps = levels.steps,
             .t = t,
             .detail = sampler.name},
            out);
  }
}

/// int_{-oo}^x u p(u) du = sum_k w_k (m_k Phi(z_k) - sd_k phi(z_k)), z_k = (x - m_k)/sd_k.
Ball mean_below(const BallMixture<>& p, const Ball& x) {
  Ball sum(0);
  for (std::size_t k = 0; k < p.size(); ++k) {
    const Ball sd = sqrt(p.variance(k));
    const Ball z = (x - p.mean(k)) / sd;
    const Ball density = exp(-square(z) / 2) / sqrt(2 * Ball::pi());
    sum += p.weight(k) * (p.mean(k) * erfc(-z / sqrt(Ball(2))) / 2 - sd * density);
  }
  return sum;
}

/// Where to cut the line: around every component and half-way between neighbours. Any cuts give a
/// lower bound.
std::vector<Ball> partition(const BallMixture<>& p) {
  std::vector<double> cuts;
  for (std::size_t k = 0; k < p.size(); ++k) {
    const double mean = p.mean(k).to_double();
    const double sd = sqrt(p.variance(k)).to_double();
    for (const int reach : {-2, -1, 0, 1, 2}) {
      cuts.push_back(mean + reach * sd);
    }
    if (k > 0) {
      cuts.push_back((p.mean(k - 1).to_double() + mean) / 2);
    }
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  std::vector<Ball> out;
  for (const double x : cuts) {
    out.push_back(Ball::exactly(x));
  }
  return out;
}

/// A lower bound of W2(P, Q)^2 for laws on the line, Q the law of Phi(X), X ~ P. In the quantile
/// u, W2^2 = int (F^{-1} - G^{-1})^2 du >= sum_I (int_I (F^{-1} - G^{-1}) du)^2/|I| (Jensen), and
/// on the interval between two cuts x that integral is E[X; I] - E[Y; Phi(I)].
Ball transport_squared_at_least(const FlowStep& step) {
  Ball sum(0);
  Ball gap_before(0);
  Ball mass_before(0);
  const auto add = [&](const Ball& gap, const Ball& mass) {
    sum += square(gap - gap_before) / (mass - mass_before);
    gap_before = gap;
    mass_before = mass;
  };
  for (const Ball& x : partition(step.from())) {
    add(mean_below(step.from(), x) - mean_below(step.to(), step(x)), cdf(step.from(), x));
  }
  // The two laws have the same mean.
  add(Ball(0), Ball(1));
  return sum;
}

/// KL(p || q) of two mixtures with the same weights and means, by rigorous quadrature. In the tails
/// p/q lies between the least and the largest p_k/q_k, and |log(p_k/q_k)| <= |log(q_k/p_k)|/2 +
/// |1/W_k(q) - 1/W_k(p)| (x - m_k)^2/2.
Ball mixture_kl(const BallMixture<>& p, const BallMixture<>& q) {
  const MixtureIntegral integrate(p);
  Ball constant(0);
  Ball slope(0);
  for (std::size_t k = 0; k < p.size(); ++k) {
    constant = larger(constant, abs(log(q.variance(k) / p.variance(k))) / 2);
    slope = larger(slope, abs(q.precision(k) - p.precision(k)) / 2);
  }
  const ComplexFunction f = [&](const ComplexBall& x, bool analytic) {
    const auto at_p = p.at(x);
    return at_p.density() * (at_p.log_density(analytic) - q.at(x).log_density(analytic));
  };
  // (|x| + M)^2 with M the integrator's own scale of the law covers both terms.
  const Ball scale = sqrt(p.variance(0));
  return integrate(f, constant / square(scale) + slope, 2, {.digits = 6});
}

/// P = law of X_t at fixed signal and Q = that of Phi_t(X_t), s^2 = b: P * N(0, b) = p_{v+b} and
/// Q * N(0, b) = p_{v-b}. W2^2 lies between the bound above and 2b, since P = Q * N(0, 2b): less
/// than the former settles the claim, more than the latter refutes it.
void flowed_mixture(const Trial& trial, const Schedule<Ball>& schedule, int t, Comparisons& out) {
  const CoordinateLaw& law = trial.target().product()->coordinates.front();
  const Level<Ball>& level = schedule.level(t);
  const Ball b = schedule.b(t);
  const FlowStep step(law, level.abar, level.noise, level.noise - 2 * b);
  const BallMixture<> p_smoothed(law, level.abar, level.noise + b);
  const BallMixture<> q_smoothed(law, level.abar, level.noise - b);
  const Ball kl = mixture_kl(p_smoothed, q_smoothed);
  const Ball transport = Ball::hull(transport_squared_at_least(step) / b, Ball(2));
  out.at_most(kl, trial.ball("factor") * transport,
              {.part = "laws of X_t and Phi_t(X_t)",
               .steps = schedule.steps(),
               .t = t,
               .detail = "s^2 = b"});
}

Coverage pairs_compared(const Comparisons& out) {
  return Coverage::instances(std::max(out.count(), 1L), "pairs of laws (P, Q)");
}

Coverage smoothing(const Trial& trial, Comparisons& out) {
  const Schedule<Ball> schedule(LiCaiSchedule{}, 128);
  if (trial.target().gaussian()) {
    neighbouring_levels(trial, schedule, out);
    for (const std::string& name : words(trial.text("samplers"))) {
      exact_and_sampled_step(trial, schedule, {trial.laboratory(), name}, out);
    }
    return pairs_compared(out);
  }
  // Nearer to the data both sides are of the order of the quadrature's error.
  for (int t = schedule.steps(); t >= 2; t -= trial.pick(4, 1)) {
    if (schedule.level(t).snr().less_than(Ball(100)) == Truth::certainly) {
      flowed_mixture(trial, schedule, t, out);
    }
  }
  return pairs_compared(out);
}

/// E||Phi_t(X_t) - Psi_t(X_t)||^2/(2b) on a mixture by the trapezoidal rule, which converges
/// geometrically on such integrands, with two steps, finer where the step changes the law.
Quantity mixture_path_term(const CoordinateLaw& law, const StepLevels& levels,
                           const SteppedSampler& sampler) {
  constexpr double kReach = 7;  // deviations; beyond them less than 1e-10 of the expectation
  const StepDefect defect(law, levels, sampler);
  const BallMixture<> here(law, levels.abar, levels.noise);
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  double step = HUGE_VAL;
  for (std::size_t k = 0; k < here.size(); ++k) {
    const double sd = sqrt(here.variance(k)).to_double();
    low = std::min(low, here.mean(k).to_double() - kReach * sd);
    high = std::max(high, here.mean(k).to_double() + kReach * sd);
    const double change = levels.b.to_double() / (sd * sd);
    step = std::min(step, sd / (change > 0.01 ? 8 : 2));
  }
  Ball even(0);
  Ball odd(0);
  bool is_even = true;
  for (double x = low; x <= high; x += step, is_even = !is_even) {
    const Ball point = Ball::exactly(x);
    const Ball weight = here.at(point).density();
    (is_even ? even : odd) += weight * square(defect(point)) / (2 * levels.b);
  }
  const Ball fine = (even + odd) * Ball::exactly(step);
  return Computed{fine, 2 * abs(fine - even * Ball::exactly(2 * step))};
}

Quantity path_kl(const Trial& trial, const LawResult& law) {
  if (trial.target().gaussian()) {
    return known_part(law, &LawParts::path_kl);
  }
  const PrecisionScope scope(PrecisionScope::bits() * 2 / 3);
  const Schedule<Ball> schedule(LiCaiSchedule{}, law.request.steps);
  const SteppedSampler sampler{trial.laboratory(), law.request.sampler};
  Quantity sum = Proved{Ball(0)};
  for (int t = 2; t <= schedule.steps(); ++t) {
    const StepLevels levels = step_levels(schedule, t);
    sum = sum + mixture_path_term(trial.target().product()->coordinates.front(), levels, sampler);
  }
  return sum;
}

/// KL(p_{X_1} || p_{Y_1}) <= A (KL(p_{X_T} || N(0, I)) + sum_t E||Phi_t - Psi_t||^2/(2 b_t)).
Coverage chain_rule(const Trial& trial, Comparisons& out) {
  const bool gaussian = trial.target().gaussian();
  const Quantity factor = Proved{trial.ball("factor")};
  std::vector<long> ladder{96};
  if (gaussian) {
    ladder = trial.pick<std::vector<long>>({128, 256, 512}, {128, 256, 512, 1024, 2048});
  }
  for (const long steps : ladder) {
    for (const std::string& sampler :
         words(trial.text(gaussian ? "samplers" : "samplers on mixtures"))) {
      const LawResult& law =
          trial.laboratory().law(law_request(trial.target().target, sampler, steps), LawOptions{});
      const Quantity certificate = known_part(law, &LawParts::initial_kl) + path_kl(trial, law);
      const Place place{.steps = steps, .detail = sampler};
      out.at_most(law.kl_pq, factor * certificate, place);
      out.smallest_constant(law.kl_pq.interval(), certificate.interval(), place);
    }
  }
  return Coverage::instances(out.count(), "output laws (sampler, T)");
}

Claim claim_d3() {
  Claim claim;
  claim.id = "D3";
  claim.title = "Noise turns transport distance into KL";
  claim.kind = ClaimKind::inequality;
  claim.statement = "KL(P * N(0, s^2 I) || Q * N(0, s^2 I)) <= W2(P, Q)^2/(2 s^2)";
  claim.latex =
      R"(\mathrm{KL}(P*\mathcal N(0,s^2I)\,\|\,Q*\mathcal N(0,s^2I))\le\frac{W_2(P,Q)^2}{2s^2})";
  claim.symbols = "W2 the quadratic transport distance; T = 128";
  claim.source = Source::derived;
  claim.reference = "theory.md section 6, claim D3";
  claim.left =
      "Gaussians, every t: P, Q = laws of X_t and X_{t-1} (s^2 = b_t and 1000), and of Phi_t(X_t) "
      "and Psi_t(X_t) of each sampler (s^2 = b_t), closed form. Mixtures, every fourth t with snr "
      "< "
      "100 (full suite: every one): P, Q = laws of X_t and Phi_t(X_t) at fixed signal, s^2 = b_t, "
      "KL by rigorous quadrature with its tails. " +
      std::string(kReconstruction);
  claim.right =
      "W2 in closed form on Gaussians; on mixtures a proved lower bound, from the quantile "
      "coupling by Jensen's inequality on a partition (and W2^2 <= 2b from above)";
  claim.falsifier = "a pair whose KL certainly exceeds the right-hand side";
  claim.hypotheses = {gaussian_or_line()};
  claim.parameters = {{"factor", "1/2", "A in A W2^2/s^2"},
                      {"samplers", "li-cai li-cai-momentum ddpm", "whose step is taken"}};
  claim.controls = {{"0.49 in place of 1/2: a shift of the mean under much noise needs all of it",
                     "gauss-shifted",
                     {{"factor", "0.49"}}},
                    {"1/50 in place of 1/2", "mixture-far", {{"factor", "1/50"}}}};
  claim.covers = "instances: the pairs of laws named";
  claim.evaluate = smoothing;
  return claim;
}

Claim claim_d3_chain() {
  Claim claim;
  claim.id = "D3-chain";
  claim.title = "The path certificate bounds the output";
  claim.kind = ClaimKind::inequality;
  claim.statement =
      "KL(p_{X_1} || p_{Y_1}) <= KL(p_{X_T} || N(0, I)) + sum_t E||Phi_t(X_t) - "
      "Psi_t(X_t)||^2/(2 b_t)";
  claim.latex = R"(\mathrm{KL}(p_{X_1}\|p_{Y_1})\le\mathrm{KL}(p_{X_T}\|\mathcal N(0,I)))"
                R"(+\sum_t\frac{\mathbb E\|\Phi_t(X_t)-\Psi_t(X_t)\|^2}{2b_t})";
  claim.symbols = "Phi_t the exact flow, Psi_t the sampler's map, exact scores";
  claim.source = Source::derived;
  claim.reference =
      "theory.md section 4 (path certificate) and claim D3. " + std::string(kReconstruction);
  claim.left =
      "KL of the output law, T = 128, 256, 512 (full suite: to 2048), proved on Gaussians; T "
      "= 96 on mixtures, computed";
  claim.right =
      "Gaussians: the certificate of the engine, proved. Mixtures: the exact flow minus the "
      "sampler's own step, squared, by quadrature with two step sizes, for every t";
  claim.falsifier = "an output KL that certainly exceeds its certificate";
  claim.hypotheses = {gaussian_or_line()};
  claim.parameters = {{"factor", "1", "A in KL <= A certificate"},
                      {"samplers", "li-cai li-cai-momentum ddpm", "on Gaussians"},
                      {"samplers on mixtures", "li-cai", "on mixtures"}};
  claim.controls = {
      {"a fifth of the certificate, where 0.207 is reached", "gauss-spread", {{"factor", "1/5"}}}};
  claim.covers = "instances: the samplers and T named";
  claim.evaluate = chain_rule;
  return claim;
}

}  // namespace

std::vector<Claim> smoothing_claims() { return {claim_d3(), claim_d3_chain()}; }

}  // namespace lemmabench
