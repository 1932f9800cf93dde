#include <fmt/format.h>

#include <vector>

#include "theory/claims/claim.hpp"

/// Claims B1..B3: the bounds as functions (theory.md section 6).
namespace lemmabench {
namespace {

const Theorem& row(const Trial& trial) { return *trial.subject().theorem()->theorem; }

struct Point {
  long dim;
  Rational eps;
  Rational smoothness;
};

/// d and eps over the range of the atlas; L only matters to the rows that have it.
std::vector<Point> grid(const Trial& trial) {
  std::vector<Point> out;
  for (const long dim : {1L, 2L, 7L, 64L, 1024L, 1000000L}) {
    for (const char* eps : {"0.5", "0.1", "1e-2", "1e-4", "1e-8"}) {
      for (const long smoothness :
           trial.pick(std::vector<long>{1, 30}, std::vector<long>{1, 3, 30, 1000})) {
        out.push_back({dim, Rational::parse(eps, "eps"), Rational(smoothness)});
      }
    }
  }
  return out;
}

std::string at(const Point& p) {
  return fmt::format("d = {}, eps = {}, L = {}", p.dim, p.eps.text(), p.smoothness.text());
}

/// B1. `inversion` = "forgotten" solves T = d^p/eps^a for eps as if a were 1: what a published
/// re-implementation did to d^{5/4}/sqrt(eps).
Coverage round_trip(const Trial& trial, Comparisons& out) {
  const std::vector<Point> points = grid(trial);
  for (const Point& p : points) {
    const Ball dim(p.dim);
    const Ball eps(p.eps);
    const Ball smoothness(p.smoothness);
    const Ball steps = complexity(row(trial), dim, eps, smoothness);
    const bool full = trial.text("inversion") == "full";
    const Ball back = full ? reached_accuracy(row(trial), steps, dim, smoothness)
                           : complexity(row(trial), dim, Ball(1), smoothness) / steps;
    out.equal(back, eps, eps, 1e-20, {.detail = at(p)});
    // The other way round: T(eps(T)) = T.
    const Ball again = complexity(row(trial), dim, back, smoothness);
    out.equal(again, steps, steps, 1e-20, {.part = "T(bound(T)) = T", .detail = at(p)});
  }
  return Coverage::instances(static_cast<long>(points.size()), "points (d, eps, L)");
}

/// The bound with its logarithms, where theory.md section 6 has one (D5, D6).
const MainTheorem* with_logs(const Theorem& theorem) {
  if (theorem.id == "lc-sde") {
    return &main_theorem_li_cai();
  }
  return theorem.id == "ly-ddpm" ? &main_theorem_ddpm() : nullptr;
}

/// B2. Strict inequalities between neighbours a factor 1 + 1/64 apart; a bound with log^k T/T^a
/// falls only from T = e^{k/a} on.
Coverage monotone(const Trial& trial, Comparisons& out) {
  const Ball more = trial.ball("step");
  for (const Point& p : grid(trial)) {
    const Ball dim(p.dim);
    const Ball eps(p.eps);
    const Ball smoothness(p.smoothness);
    const Ball steps = complexity(row(trial), dim, eps, smoothness);
    const std::string where = at(p);
    out.at_most(bound(row(trial), steps * more, dim, smoothness),
                bound(row(trial), steps, dim, smoothness),
                {.part = "bound falls with T", .detail = where});
    out.at_most(bound(row(trial), steps, dim, smoothness),
                bound(row(trial), steps, dim * more, smoothness),
                {.part = "bound rises with d", .detail = where});
    out.at_most(steps, complexity(row(trial), dim * more, eps, smoothness),
                {.part = "T rises with d", .detail = where});
    out.at_most(complexity(row(trial), dim, eps * more, smoothness), steps,
                {.part = "T falls with eps", .detail = where});
  }
  if (const MainTheorem* theorem = with_logs(row(trial))) {
    const Ball first = exp(Ball(Rational(theorem->logs) / Rational(theorem->order)));
    for (Ball steps = first * trial.ball("from"); steps.to_double() < 1e6; steps *= 2) {
      out.at_most(discretisation_bound(*theorem, steps * more, Ball(8), true),
                  discretisation_bound(*theorem, steps, Ball(8), true),
                  {.part = "bound with logs falls from T = e^(k/a)",
                   .detail = "T = " + to_decimal(steps, 6).value});
    }
  }
  return Coverage::instances(out.count(), "pairs of neighbours");
}

std::string no_crossing(const Case& subject) {
  const Theorem& other = *subject.theorem()->theorem;
  if (other.id == "lc-sde") {
    return "a row has no crossing with itself";
  }
  if (other.factors.size() != 1 || other.needs_smoothness()) {
    return "the row is no single power of d and eps";
  }
  if (other.accuracy == theorem("lc-sde").accuracy) {
    return "both rows have the same power of eps";
  }
  return "";
}

/// B3. On both sides of the crossing, down to a distance of 2^-20, and equality on it.
Coverage crossing(const Trial& trial, Comparisons& out) {
  const Theorem& lc = theorem("lc-sde");
  const Theorem& other = row(trial);
  const bool wins_below = lc.accuracy < other.accuracy;
  for (const long d : {1L, 2L, 10L, 64L, 784L, 1000000L}) {
    const Ball dim(d);
    const Ball shift = pow(dim, Ball(trial.number("exponent shift")));
    const Ball at_eps = crossing_accuracy(lc, other, dim) * shift;
    const auto steps = [&](const Theorem& of, const Ball& eps) {
      return complexity(of, dim, eps, Ball(1));
    };
    const Ball equal = steps(lc, at_eps);
    const std::string where = fmt::format("d = {}, eps = {}", d, to_decimal(at_eps, 6).value);
    out.equal(equal, steps(other, at_eps), equal, 1e-20, {.part = "equal", .detail = where});
    for (const long k : {1L, 4L, 20L}) {
      const Ball nearby = 1 + Ball(Rational(1, 1L << k));
      const Ball below = wins_below ? at_eps / nearby : at_eps * nearby;
      const Ball above = wins_below ? at_eps * nearby : at_eps / nearby;
      out.at_most(steps(lc, below), steps(other, below),
                  {.part = "fewer steps on its side", .detail = where});
      out.at_most(steps(other, above), steps(lc, above),
                  {.part = "more steps on the other side", .detail = where});
    }
  }
  if (other.id == "ly-ddpm") {
    const Ball dim(64);
    out.equal(crossing_accuracy(lc, other, dim), 1 / sqrt(dim), Ball(1), 1e-20,
              {.part = "crossing at 1/sqrt(d)", .detail = "d = 64"});
  }
  return Coverage::instances(out.count(), "points (d, eps)");
}

Claim claim_b1() {
  return {.id = "B1",
          .title = "Complexity and bound are inverse to each other",
          .domain = ClaimDomain::theorems,
          .kind = ClaimKind::identity,
          .statement =
              "bound(T(eps)) = eps and T(bound(T)) = T for every theorem of the comparison "
              "table; d^(5/4)/sqrt(eps) inverts to d^(5/2)/T^2",
          .latex = R"(\mathrm{bound}(T(\varepsilon))=\varepsilon,\qquad )"
                   R"(T=\frac{d^{5/4}}{\sqrt\varepsilon}\iff\varepsilon=\frac{d^{5/2}}{T^2})",
          .symbols = "T(d, eps) the complexity with constant 1 and logarithms dropped",
          .source = Source::derived,
          .reference = "theory.md section 6, B1; the table's sources stand in `list bounds`",
          .left =
              "the inverse function of the row at T(d, eps), in balls, over d = 1..10^6, eps = "
              "1/2..1e-8, L = 1..1000",
          .right = "eps",
          .falsifier = "a (d, eps, L) where the two enclosures are disjoint",
          .parameters = {{"inversion", "full", "how T = d^p/eps^a is solved for eps"}},
          .controls = {{"d^(5/4)/T, as a published re-implementation has it",
                        "lc-sde",
                        {{"inversion", "forgotten"}}},
                       {"d/T for the KL theorem that needs the square root",
                        "bddd-ddpm",
                        {{"inversion", "forgotten"}}}},
          .covers = "instances: the points (d, eps, L) named",
          .evaluate = round_trip};
}

Claim claim_b2() {
  return {
      .id = "B2",
      .title = "Bounds are monotone",
      .domain = ClaimDomain::theorems,
      .kind = ClaimKind::inequality,
      .statement =
          "the bound falls with T and rises with d; the complexity rises with d and falls "
          "with eps; with log^k T/T^a the bound falls from T = e^(k/a) on",
      .latex = R"(\partial_T\,\mathrm{bound}<0<\partial_d\,\mathrm{bound},\quad )"
               R"(\frac{\log^kT}{T^a}\ \text{falls for}\ T\ge e^{k/a})",
      .symbols = "k, a the powers of log T and 1/T of the main theorems D5 and D6",
      .source = Source::derived,
      .reference = "theory.md section 6, B2",
      .left = "the bound or the complexity at the point, in balls",
      .right = "the same a factor 65/64 further on",
      .falsifier = "a neighbour on the wrong side",
      .parameters = {{"step", "65/64", "from a point to its neighbour; below 1 reverses the order"},
                     {"from", "1", "first T of the logarithmic bounds in units of e^(k/a)"}},
      .controls = {{"the other way round", "lc-sde", {{"step", "64/65"}}},
                   {"logarithmic bound from T = 0.9 e^(k/a) on", "lc-sde", {{"from", "0.9"}}}},
      .covers = "instances: neighbours a factor 65/64 apart, at the points of B1",
      .evaluate = monotone};
}

Claim claim_b3() {
  return {
      .id = "B3",
      .title = "Where acceleration pays",
      .domain = ClaimDomain::theorems,
      .kind = ClaimKind::inequality,
      .statement =
          "d^(5/4)/sqrt(eps) <= d/eps exactly when eps <= 1/sqrt(d); likewise with the "
          "crossing of every other row that is a single power",
      .latex = R"(\frac{d^{5/4}}{\sqrt\varepsilon}\le\frac d\varepsilon\iff)"
               R"(\varepsilon\le\frac1{\sqrt d})",
      .symbols = "complexities with constant 1 and logarithms dropped",
      .source = Source::derived,
      .reference = "theory.md section 6, B3",
      .left = "the complexity of lc-sde just below and above the crossing, in balls",
      .right = "that of the row; both are equal on the crossing",
      .falsifier = "the order of the two complexities on the wrong side of the crossing",
      .hypotheses = {{"a row with one power of d and another power of eps", no_crossing}},
      .parameters = {{"exponent shift", "0", "added to the crossing's power of d"}},
      .controls = {{"the crossing moved by d^(1/100)", "ly-ddpm", {{"exponent shift", "1/100"}}}},
      .covers = "instances: six d, the crossing and six eps beside it",
      .evaluate = crossing};
}

}  // namespace

std::vector<Claim> bound_claims() { return {claim_b1(), claim_b2(), claim_b3()}; }

}  // namespace lemmabench
