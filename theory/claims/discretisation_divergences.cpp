#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "theory/claims/discretisation.hpp"

/// Claim D4: the inequalities between divergences, on every pair of laws the engines give.
namespace lemmabench {
namespace {

/// A computed divergence of 1e-13 +- 1e-12 is at least 0.
Ball clamped(const Ball& x) {
  Ball out = x;
  arb_nonnegative_part(out.raw(), out.raw());
  return out;
}

/// One law of Y_1 against that of X_1, or any other pair of which all four are known.
struct Pair {
  const LawResult& law;
  Place place;
};

Place part(const Place& place, std::string_view name) {
  Place out = place;
  out.part = name;
  return out;
}

/// lhs <= rhs, unless both are 1 up to the error of TV: then the laws have nothing in common that
/// could be told, and TV <= 1 is all there is to say.
void at_most_unless_saturated(const Quantity& lhs, const Quantity& rhs, const Quantity& tv,
                              const Place& place, Comparisons& out) {
  const Ball unclear = 4 * tv.interval().radius();
  const bool sharp = unclear.less_than(Ball(Rational(1, 1000000))) == Truth::certainly;
  const auto at_one = [&](const Quantity& q) {
    return (1 - q.interval()).less_than(unclear) == Truth::certainly;
  };
  if (sharp && at_one(lhs) && at_one(rhs)) {
    out.note("TV is 1 to within its error: the bounds say nothing more there");
  } else {
    out.at_most(lhs, rhs, place);
  }
}

/// TV <= sqrt(A KL) and TV^2 <= 1 - exp(-B KL), with both KL.
void against_kl(const Trial& trial, const Pair& pair, Comparisons& out) {
  const Ball pinsker = trial.ball("pinsker");
  const Ball exponent = trial.ball("exponent");
  for (const Quantity* kl : {&pair.law.kl_pq, &pair.law.kl_qp}) {
    const bool forward = kl == &pair.law.kl_pq;
    out.at_most(pair.law.tv,
                image_of(*kl, [&](const Ball& x) { return sqrt(clamped(pinsker * x)); }),
                part(pair.place, forward ? "Pinsker, KL(p||q)" : "Pinsker, KL(q||p)"));
    const Place place =
        part(pair.place, forward ? "Bretagnolle-Huber, KL(p||q)" : "Bretagnolle-Huber, KL(q||p)");
    const Quantity bound =
        image_of(*kl, [&](const Ball& x) { return sqrt(clamped(-expm1(-(exponent * x)))); });
    at_most_unless_saturated(pair.law.tv, bound, pair.law.tv, place, out);
  }
}

/// H^p <= TV <= A H sqrt(2-H^2), p = 2 and A = 1.
void against_hellinger(const Trial& trial, const Pair& pair, Comparisons& out) {
  const Ball power = trial.ball("power");
  const Ball upper = trial.ball("upper");
  const Quantity& h = pair.law.hellinger;
  const Quantity& tv = pair.law.tv;
  at_most_unless_saturated(image_of(h, [&](const Ball& x) { return pow(clamped(x), power); }), tv,
                           tv, part(pair.place, "H^2 <= TV"), out);
  at_most_unless_saturated(tv,
                           image_of(h,
                                    [&](const Ball& x) {
                                      const Ball bounded = clamped(x);
                                      return upper * bounded * sqrt(2 - bounded * bounded);
                                    }),
                           tv, part(pair.place, "TV <= H sqrt(2-H^2)"), out);
}

/// The run maps (p_{X_T}, N(0, I)) to the two output laws, so it cannot increase TV; a one-to-one
/// run (no noise) keeps it, and is then asked for equality. The map of ddim has the slope
/// 1 + (b/2) s' >= 1 - b/(2W) > 0; the correction of li-huang-ode may fold where the score is
/// steep, but then the line law refuses to answer: a law that is there is of a run that is one to
/// one.
void processing(const Trial& trial, const Pair& pair, bool one_to_one, Comparisons& out) {
  const Quantity before =
      Quantity(Proved{trial.ball("processing")}) * known_part(pair.law, &LawParts::initial_tv);
  const Quantity& after = known_part(pair.law, &LawParts::initialisation);
  if (one_to_one) {
    const Ball scale = before.interval().midpoint();
    out.equal(after, before, scale, 1e-4, part(pair.place, "data processing, one-to-one"));
  } else {
    out.at_most(after, before, part(pair.place, "data processing"));
  }
}

Coverage divergences(const Trial& trial, Comparisons& out) {
  const std::vector<std::string> deterministic = words(trial.text("one-to-one"));
  const std::set<std::string> one_to_one(deterministic.begin(), deterministic.end());
  long pairs = 0;
  const std::vector<long> ladder =
      trial.effort().full ? std::vector<long>{128, 256, 512, 1024} : std::vector<long>{128};
  for (const long steps : ladder) {
    for (const std::string& sampler : words(trial.text("samplers"))) {
      const LawResult& law =
          trial.laboratory().law(law_request(trial.target().target, sampler, steps), LawOptions{});
      const Pair pair{law, {.steps = steps, .detail = sampler}};
      against_kl(trial, pair, out);
      against_hellinger(trial, pair, out);
      processing(trial, pair, one_to_one.count(sampler) > 0, out);
      ++pairs;
    }
  }
  return Coverage::instances(pairs, "pairs of laws (sampler, T)");
}

Claim claim_d4() {
  Claim claim;
  claim.id = "D4";
  claim.title = "Divergences bound each other";
  claim.kind = ClaimKind::inequality;
  claim.statement =
      "TV <= sqrt(KL/2); TV <= sqrt(1 - exp(-KL)); H^2 <= TV <= H sqrt(2-H^2); "
      "TV(law of Y_1 from p_{X_T}, law of Y_1 from N(0,I)) <= TV(p_{X_T}, N(0,I)), for p = law of "
      "X_1, q = law of Y_1 of every sampler, with both KL(p||q) and KL(q||p)";
  claim.latex =
      R"(\mathrm{TV}\le\sqrt{\mathrm{KL}/2},\quad \mathrm{TV}\le\sqrt{1-e^{-\mathrm{KL}}},\quad )"
      R"(H^2\le\mathrm{TV}\le H\sqrt{2-H^2},\quad )"
      R"(\mathrm{TV}(K p_{X_T},K\,\mathcal N(0,I))\le\mathrm{TV}(p_{X_T},\mathcal N(0,I)))";
  claim.symbols = "H^2 = 1 - int sqrt(pq); K the whole run of the sampler with the exact score";
  claim.source = Source::derived;
  claim.reference =
      "Pinsker; Bretagnolle & Huber (1979); Le Cam (1973); theory.md section 6, claim D4";
  claim.left =
      "TV of the output law of all seven samplers at T = 128 (full suite: to 1024): proved on "
      "Gaussians by the generalised chi-square law, computed on mixtures by quadrature split at "
      "the kinks. " +
      std::string(kReconstruction);
  claim.right = "KL both ways and Hellinger distance, each by its own formula or quadrature";
  claim.falsifier = "a pair of laws on which one of the inequalities is certainly false";
  claim.hypotheses = {mixture_target()};
  claim.parameters = {
      {"samplers", "ddpm ddpm-posterior ddim li-cai li-cai-momentum li-huang-ode li-huang-sde",
       "whose output laws are compared with the law of X_1"},
      {"one-to-one", "ddim li-huang-ode", "those without noise, which keep TV in data processing"},
      {"pinsker", "1/2", "A in TV <= sqrt(A KL)"},
      {"exponent", "1", "B in TV^2 <= 1 - exp(-B KL)"},
      {"power", "2", "p in H^p <= TV"},
      {"upper", "1", "A in TV <= A H sqrt(2-H^2)"},
      {"processing", "1", "A in TV after <= A TV before"}};
  claim.controls = {
      {"0.3 in place of 1/2 in Pinsker (a small shift of a Gaussian needs 1/pi)",
       "gauss-flat",
       {{"pinsker", "0.3"}}},
      {"Bretagnolle-Huber with KL/4", "gauss-flat", {{"exponent", "1/4"}}},
      {"H in place of H^2, where one eigenvalue carries the error",
       "gauss-near-singular",
       {{"power", "1"}, {"samplers", "li-huang-ode"}}},
      {"half the upper Hellinger bound", "gauss-flat", {{"upper", "1/2"}}},
      {"the start's error shrinks by a millionth without any noise",
       "gauss-spread",
       {{"processing", "0.99999"}, {"samplers", "ddim"}}},
      {"half the upper Hellinger bound, on a mixture", "mixture-three", {{"upper", "1/2"}}}};
  claim.covers = "instances: the samplers and T named";
  claim.evaluate = divergences;
  return claim;
}

}  // namespace

std::vector<Claim> divergence_claims() { return {claim_d4()}; }

}  // namespace lemmabench
