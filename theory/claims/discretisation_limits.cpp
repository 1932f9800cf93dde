#include <fmt/format.h>

#include <string>
#include <vector>

#include "numerics/richardson.hpp"
#include "theory/claims/assumptions.hpp"
#include "theory/claims/discretisation.hpp"

/// Claim D9: what is special about a single Gaussian.
namespace lemmabench {
namespace {

/// Relative variance errors v/w - 1 of the output law along a ladder of T, one row per eigenvalue.
std::vector<std::vector<MeasuredError>> variance_errors(const Trial& trial) {
  std::vector<long> ladder{256, 512, 1024, 2048, 4096};
  if (trial.effort().full) {
    ladder.push_back(8192);
  }
  std::vector<std::vector<MeasuredError>> rows;
  for (const long steps : ladder) {
    const LawRequest request = law_request(trial.target().target, trial.text("sampler"), steps);
    const LawResult& law = trial.laboratory().law(request, {.decomposition = false});
    rows.resize(law.relative_variance_error.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i].push_back({steps, law.relative_variance_error[i].value});
    }
  }
  return rows;
}

/// A fitted order whose interval, in its asymptotic range, excludes the one claimed. An order that
/// still drifts decides nothing here: the limit does.
void refute_order(const std::vector<MeasuredError>& errors, int order, const Place& place,
                  Comparisons& out) {
  std::vector<ScalingPoint> points;
  for (const MeasuredError& e : errors) {
    points.push_back(scaling_point(e.steps, e.value));
  }
  const ExponentFit fit = fit_exponent(points, ScalingModel::log_corrected);
  const OrderJudgement found = judge_order(fit, order);
  if (found.verdict == OrderVerdict::slower || found.verdict == OrderVerdict::faster) {
    out.judged({Verdict::violated, found.reason, found.evidence},
               Quantity::computed(fit.order, fit.half_width()), Quantity(Proved{Ball(order)}), 0,
               place);
  }
}

/// (T/log T)^p (v/w - 1) -> A c1^p for every eigenvalue. The start at N(0, I) adds a term T^{-c0},
/// which is no power of log T/T, so the extrapolation's own error estimate is taken ten times.
Coverage limits(const Trial& trial, Comparisons& out) {
  const auto order = static_cast<int>(trial.number("order").to_double());
  const Ball rate(LiCaiSchedule{}.c1);
  const Ball claimed = trial.ball("limit") * pow(rate, Ball(order));
  const auto rows = variance_errors(trial);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const CoordinateLaw& c = trial.target().product()->coordinates[i];
    const std::string where = fmt::format("lambda = {}", c.components.front().variance.text());
    const RichardsonLimit found = limiting_constant(rows[i], ScalingModel::log_corrected, order);
    const Quantity limit =
        Computed{found.limit.interval().midpoint(), 10 * found.limit.interval().radius()};
    refute_order(rows[i], order, {.part = "order", .detail = where}, out);
    out.equal(limit, Quantity(Proved{claimed}), abs(claimed), 0.01,
              {.part = "limit", .detail = where});
    out.note(
        fmt::format("{}: limit {:.8g} +- {:.1g}", where, found.limit.value(), found.limit.error()));
  }
  return Coverage::instances(static_cast<long>(rows.size()),
                             "eigenvalues, each limit read off a ladder of T");
}

Claim limit_claim() {
  Claim claim;
  claim.kind = ClaimKind::order;
  claim.symbols = "v = Var Y_1, w = Var X_1 along one eigenvector; schedule li-cai:c0=2,c1=9";
  claim.source = Source::derived;
  claim.left =
      "Richardson extrapolation in log T/T of the proved variance errors at T = 256, 512, "
      "..., 4096 (full suite: 8192), with ten times its own error estimate, for every eigenvalue; "
      "and the order fitted to them";
  claim.falsifier =
      "an extrapolated limit whose error interval excludes the constant, or a fitted order "
      "that excludes p";
  claim.hypotheses = {gaussian_target(), steps_resolve_spectrum(256)};
  claim.covers = "instances: the eigenvalues of the case";
  claim.evaluate = limits;
  return claim;
}

/// With u = b/w the li-cai step is wrong by w u^4/4 in variance, and e' = e (1-u) + u^4/4. In the
/// limit e = L^3 f(tau), tau = 1-abar, w = lambda + (1-lambda) tau:
///   ((1-tau) f/w)' = -tau^3/(4 w^5), whose integral over (0, 1) is 1/(16 lambda), so f(0) = 1/16.
Claim claim_d9() {
  Claim claim = limit_claim();
  claim.id = "D9";
  claim.title = "Super-convergence on one Gaussian";
  claim.statement =
      "for li-cai on N(0, lambda I), (T/log T)^3 (v/w-1) -> c1^3/16 for every lambda: "
      "order 3 exactly in log T/T, one more than on mixtures";
  claim.latex =
      R"(\lim_{T\to\infty}\Big(\frac{T}{\log T}\Big)^3\Big(\frac{v}{w}-1\Big)=\frac{c_1^3}{16})";
  claim.reference =
      "order: theory.md section 3 and claim D9; the constant is derived here "
      "(discretisation_limits.cpp). " +
      std::string(kReconstruction);
  claim.right = "A c1^p with p = 3, A = 1/16";
  claim.parameters = {
      {"sampler", "li-cai", "reconstruction"}, {"order", "3", "p"}, {"limit", "1/16", "A"}};
  claim.controls = {
      {"1 percent off", "gauss-flat", {{"limit", "0.063125"}}},
      {"order 2", "gauss-flat", {{"order", "2"}}},
      {"the momentum form, which is of order 2", "gauss-spread", {{"sampler", "li-cai-momentum"}}}};
  return claim;
}

Claim claim_d9_posterior() {
  Claim claim = limit_claim();
  claim.id = "D9-posterior";
  claim.title = "The constant of ddpm-posterior on one Gaussian";
  claim.statement =
      "for ddpm-posterior on N(0, lambda I), (T/log T) (v/w-1) -> -c1/2 for every lambda";
  claim.latex = R"(\lim_{T\to\infty}\frac{T}{\log T}\Big(\frac{v}{w}-1\Big)=-\frac{c_1}{2})";
  claim.reference = "theory.md section 3, last paragraph, and claim D9";
  claim.right = "A c1^p with p = 1, A = -1/2";
  claim.parameters = {
      {"sampler", "ddpm-posterior", ""}, {"order", "1", "p"}, {"limit", "-1/2", "A"}};
  claim.controls = {{"-c1/3 in place of -c1/2", "gauss-flat", {{"limit", "-1/3"}}},
                    {"1 percent off", "gauss-near-singular", {{"limit", "-0.505"}}},
                    {"ddpm, whose limit is +c1/2", "gauss-spread", {{"sampler", "ddpm"}}}};
  return claim;
}

/// As for li-cai with e' = e (1-u) + u^2: ((1-tau) f/w)' = -tau/w^3, so f(0) = 1/2.
Claim claim_d9_ddpm() {
  Claim claim = limit_claim();
  claim.id = "D9-ddpm";
  claim.title = "The constant of ddpm on one Gaussian";
  claim.statement = "for ddpm on N(0, lambda I), (T/log T) (v/w-1) -> c1/2 for every lambda";
  claim.latex = R"(\lim_{T\to\infty}\frac{T}{\log T}\Big(\frac{v}{w}-1\Big)=\frac{c_1}{2})";
  claim.reference = "derived here (discretisation_limits.cpp), beside theory.md section 3";
  claim.right = "A c1^p with p = 1, A = 1/2";
  claim.parameters = {{"sampler", "ddpm", ""}, {"order", "1", "p"}, {"limit", "1/2", "A"}};
  claim.controls = {
      {"c1/3 in place of c1/2", "gauss-power-law", {{"limit", "1/3"}}},
      {"ddpm-posterior, whose limit is -c1/2", "gauss-spread", {{"sampler", "ddpm-posterior"}}}};
  return claim;
}

}  // namespace

std::vector<Claim> limit_claims() { return {claim_d9(), claim_d9_posterior(), claim_d9_ddpm()}; }

}  // namespace lemmabench
