#include "numerics/ball_functions.hpp"
#include "theory/claims/typicality.hpp"

/// What c0 means in T2 and T3: data that are singular at the scale of the first level, on a
/// schedule with a large c1 (finding 3).
namespace lemmabench {
namespace {

constexpr long kRate = 2;  ///< c0 of the schedule, abar_T = T^{-c0}

/// The law of `scale` X_0.
ProductLaw scaled(ProductLaw law, const Rational& scale) {
  for (CoordinateLaw& coordinate : law.coordinates) {
    for (CoordinateLaw::Component& c : coordinate.components) {
      c.mean = c.mean * scale;
      c.variance = c.variance * scale * scale;
    }
  }
  return law;
}

Coverage singular_score(const Trial& trial, Comparisons& out) {
  const ProductLaw law = scaled(*trial.target().product(), trial.number("scale"));
  const Ball dim(law.dim());
  for (const long steps : trial.pick(std::vector<long>{1024}, std::vector<long>{1024, 2048})) {
    const Schedule<Ball> schedule(LiCaiSchedule{Rational(kRate), trial.number("c1")}, steps);
    const Ball log_steps = log(Ball(steps));
    const Ball c0 =
        trial.text("c0 of") == "abar_T" ? Ball(kRate) : -log(schedule.level(1).noise) / log_steps;
    const Ball rate = (trial.ball("theta") + c0) * dim * log_steps;
    for (int t = 1; t <= schedule.steps(); ++t) {
      const Level<Ball>& level = schedule.level(t);
      const TypicalEllipsoid set(law, level, trial.ball("theta") * dim * log_steps);
      const Ball value = sqrt(set.score_squared() * level.noise / rate);
      const Place place{.steps = steps, .t = t};
      out.at_most(value, trial.ball("constant"), place);
      out.smallest_constant(value, Ball(1), place);
    }
  }
  return Coverage::instances(trial.pick(1L, 2L),
                             "values of T and one scale, every t and typical x");
}

std::string not_gaussian(const Case& subject) {
  return subject.target()->gaussian() ? "" : "the target is not one Gaussian";
}

/// One counterexample is enough; every other Gaussian gives the same.
std::string not_flat(const Case& subject) {
  const auto& coordinates = subject.target()->product()->coordinates;
  return coordinates.size() == 1 && coordinates.front().mean().sign() == 0
             ? ""
             : "the counterexample is shown on a flat centred Gaussian";
}

std::vector<Parameter> parameters(const char* meaning_of_c0) {
  return {theta_parameter(),
          {"c0 of", meaning_of_c0, "abar_T: abar_T = T^{-c0}; 1-abar_1: 1-abar_1 = T^{-c0}"},
          {"c1", "73", "of the schedule of Li & Cai with c0 = 2"},
          {"scale", "1e-200", "by which the data of the case are multiplied"},
          {"constant", "5", "A"}};
}

/// What both records share.
Claim record() {
  return {.id = {},
          .title = {},
          .domain = ClaimDomain::targets,
          .kind = ClaimKind::inequality,
          .statement = {},
          .latex = R"(\|s^\star_t(x)\|\le 5\sqrt{\frac{(\theta+c_0)\,d\log T}{1-\bar\alpha_t}})",
          .symbols = {},
          .reference =
              "LY (2409.18959) Lemma 1, whose schedule has 1-abar_1 = T^{-c0}; theory.md "
              "section 6",
          .left =
              "sup of ||s*|| sqrt((1-abar)/((theta+c0) d log T)) over the typical ellipsoid, "
              "every t, for the data times 1e-200 on li-cai:c0=2,c1=73; T = 1024 (full: 2048)",
          .right = "the constant A = 5",
          .falsifier = "a level where the normalised score certainly exceeds A",
          .hypotheses = {{"one Gaussian", not_gaussian}, second_moment_bound(kTypicalityFrom)},
          .covers = "instances: the T and the scale named; every t, every typical x",
          .evaluate = singular_score};
}

Claim claim_singular() {
  Claim claim = record();
  claim.id = "T2-singular";
  claim.title = "The score at a typical x, c0 of abar_T, large c1";
  claim.statement =
      "read with the c0 of theory.md section 1, abar_T = T^{-c0}: ||s*_t(x)|| <= 5 sqrt((theta+c0) "
      "d "
      "log T/(1-abar_t)) for every typical x, every schedule with c1/c0 > 4 and every "
      "law with E||X_0||^2 <= T^{c_R}";
  claim.symbols =
      "near the data -log p_t reaches from -(a/2) d log T, a the exponent of 1-abar_1 "
      "(at least c1-c0), so that ||s*||^2 (1-abar) reaches (2 theta + a) d log T";
  claim.source = Source::derived;
  // Copied: moving a temporary in makes g++ 12 see an access out of bounds that is not there.
  const Hypothesis flat{"the smallest instance: one flat centred Gaussian", not_flat};
  claim.hypotheses.push_back(flat);
  claim.parameters = parameters("abar_T");
  claim.controls = {{"A = 1", "gauss-flat", {{"constant", "1"}}}};
  claim.finding = 3;
  return claim;
}

Claim claim_corrected() {
  Claim claim = record();
  claim.id = "T2-corrected";
  claim.title = "The score at a typical x, c0 of 1-abar_1";
  claim.statement =
      "with c0 the exponent of 1-abar_1 = T^{-c0}: ||s*_t(x)|| <= 5 sqrt((theta+c0) d "
      "log T/(1-abar_t)) for every typical x";
  claim.symbols = "typical: -log p_t(x) <= theta d log T";
  claim.source = Source::derived;
  claim.parameters = parameters("1-abar_1");
  claim.controls = {{"A = 1.008 where 1.0087 is reached", "gauss-flat", {{"constant", "1.008"}}},
                    {"c0 of abar_T", "gauss-flat", {{"c0 of", "abar_T"}}}};
  claim.corrects = "T2-singular";
  return claim;
}

}  // namespace

std::vector<Claim> typical_singular_claims() { return {claim_singular(), claim_corrected()}; }

}  // namespace lemmabench
