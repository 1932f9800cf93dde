// The law of a scheme on the line: against values from another program, against the line law of the
// same samplers, against the proved Gaussian law, and one way of computing it against another.
#include "harness/engines/scheme/scheme_line.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/schemes/scheme_chain.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "cases/test/schemes/example_schemes.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/line/line_numbers.hpp"
#include "harness/engines/scheme/scheme_gaussian.hpp"
#include "harness/engines/scheme/scheme_law.hpp"
#include "harness/engines/scheme/scheme_markov.hpp"
#include "harness/engines/scheme/scheme_pairs.hpp"
#include "harness/records/scheme_json.hpp"
#include "numerics/error.hpp"
#include "theory/process/schedule.hpp"

using namespace lemmabench;
using namespace lemmabench::example;

namespace {

const char* const kThree =
    "mixture:weights=0.5/0.3/0.2,means=-1.5/0.4/1.8,variances=0.09/0.16/0.04";

CoordinateLaw mixture(const std::string& text) {
  return std::get<CoordinateLaw>(make_target(text, "test").law);
}

LawResult law(const Scheme& scheme, Start start = Start::exact,
              const std::string& target = kThree) {
  LawRequest request;
  request.start = start;
  return scheme_line_law(scheme, mixture(target), request, LawOptions{});
}

bool agree(const Quantity& a, const Quantity& b, double more = 0) {
  return std::abs(a.value() - b.value()) <= a.error() + b.error() + more;
}

std::string refusal(const Scheme& scheme, const std::string& target = kThree) {
  try {
    law(scheme, Start::exact, target);
  } catch (const EngineRefusal& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("samplers of public libraries have the laws that another program computed") {
  // test/reference/schemes: traced from the code of the libraries they name, in compact form; the
  // values are in shared/reference/schemes/expected.json, to 8 digits and better.
  struct Entry {
    const char* file;
    double variance;  // on N(0.7, 0.25)
    double tv;        // on the mixture
  };
  const Entry entries[] = {
      {"k-diffusion_heun_16", 0.0389713701923, 0.01498844034},
      {"diffusers_UniPCMultistep_order_3_bh2_16", -0.000704921701537, 0.0028519755354},
      {"diffusers_DDIM_eta0.5_16", -0.1960771967775, 0.070856467051},
      {"k-diffusion_dpmpp_2s_ancestral_16", -0.05794839000014, 0.012214671251},
      {"k-diffusion_dpmpp_2m_sde_heun_16", 0.09520922717042, 0.035581198667},
      {"k-diffusion_dpmpp_sde_white_noise_16", -0.2484360696644, 0.063898678529},
      {"k-diffusion_dpmpp_sde_Brownian_path_16", -0.02662070533512, 0.0051617246126},
      {"diffusers_DPMSolverSinglestep_sde-dpmsolverpp_order_2_16", -0.3810763807257,
       0.11019313564}};
  const Target gaussian = make_target("gaussian:dim=1,variance=0.25,mean=0.7", "test");
  for (const Entry& entry : entries) {
    CAPTURE(std::string(entry.file));
    const Scheme scheme = read_scheme(
        std::string(LEMMABENCH_SOURCE_DIR) + "/test/reference/schemes/" + entry.file + ".json",
        "test");
    const LawResult found = law(scheme);
    CHECK(std::abs(found.tv.value() - entry.tv) < 1e-11);  // observed at most 3e-12
    CHECK(found.tv.error() < 1e-11);                       // observed at most 4e-12
    CHECK(found.tv.evidence() == Evidence::computed);
    CHECK(found.score_calls == static_cast<long>(scheme.calls()));
    LawRequest request;
    request.start = Start::exact;
    const LawResult proved = compute_scheme_law(scheme, gaussian, request, LawOptions{});
    // Compact forms are rounded; the reference is to 1e-12.
    CHECK(std::abs(proved.relative_variance_error[0].value.value() - entry.variance) < 2e-12);
  }
}

TEST_CASE("samplers of cases/ written as schemes have the laws of the line engine") {
  struct Entry {
    const char* sampler;
    Scheme (*make)(const std::vector<double>&);
  };
  const Entry entries[] = {
      {"edm-heun", [](const std::vector<double>& l) { return heun(l); }},
      {"ddpm-posterior", [](const std::vector<double>& l) { return ancestral(l); }}};
  LawRequest request;
  request.steps = 24;
  request.start = Start::exact;
  request.schedule = make_schedule("karras:sigma_min=0.05,sigma_max=20", "test");
  const Schedule<double> schedule(request.schedule, request.steps, StepBound::whole);
  std::vector<double> levels;
  for (int t = schedule.steps(); t >= 1; --t) {
    levels.push_back(std::sqrt(schedule.level(t).noise / schedule.level(t).abar));
  }
  for (const Entry& entry : entries) {
    CAPTURE(std::string(entry.sampler));
    const LawResult known = compute_line_law(mixture(kThree), *make_sampler(entry.sampler, "test"),
                                             *make_score("exact", "test"), request, LawOptions{});
    const LawResult found = law(entry.make(levels));
    // The levels are rounded to doubles in between.
    CHECK(agree(found.tv, known.tv, 1e-13));
    CHECK(agree(found.kl_pq, known.kl_pq, 1e-13));
    CHECK(agree(found.kl_qp, known.kl_qp, 1e-13));
    CHECK(agree(found.hellinger, known.hellinger, 1e-12));
    CHECK(found.tv.error() < 1e-12);  // observed 1e-13
  }
}

/// One of every kind that has a law on the line; the last two start with noise and end without.
std::vector<Scheme> every_kind(const std::vector<double>& levels) {
  std::vector<Scheme> out = {euler(levels),
                             heun(levels),
                             ancestral(levels),
                             ancestral(levels, 0.3),
                             two_calls_one_noise(levels),
                             noisy_midpoint(levels, false),
                             noisy_midpoint(levels, true),
                             sde_with_memory(levels)};
  for (const std::size_t kind : {2U, 7U}) {
    Scheme scheme = out[kind];  // a last step to level 0: the output is the model's answer
    scheme.levels.push_back(0);
    scheme.rows.push_back({D(scheme.rows.size() - 1, 1)});
    scheme.rows.front().push_back(z(scheme.draws++, 3.0));
    out.push_back(scheme);
  }
  return out;
}

TEST_CASE("one Gaussian has the proved law, in every kind of scheme and from both starts") {
  const std::string numbers = "variance=0.25,mean=0.75";
  const Target gaussian = make_target("gaussian:dim=1," + numbers, "test");
  // Few steps leave too little of q far out for KL(p||q) to be known.
  for (const Scheme& scheme : every_kind(log_levels(20))) {
    for (const Start start : {Start::exact, Start::gaussian}) {
      LawRequest request;
      request.start = start;
      const LawResult proved = compute_scheme_law(scheme, gaussian, request, LawOptions{});
      const LawResult found = law(scheme, start, "mixture:weights=1,means=0.75,variances=0.25");
      CAPTURE(found.notes.front());
      CHECK(agree(found.tv, proved.tv));
      CHECK(agree(found.kl_pq, proved.kl_pq));
      CHECK(agree(found.kl_qp, proved.kl_qp));
      CHECK(agree(found.hellinger, proved.hellinger));
      CHECK(agree(*found.parts.discretisation, *proved.parts.discretisation));
      CHECK(agree(*found.parts.initialisation, *proved.parts.initialisation));
      CHECK(agree(*found.parts.initial_tv, *proved.parts.initial_tv));
      CHECK(agree(*found.parts.initial_kl, *proved.parts.initial_kl));
      CHECK(agree(*found.parts.early_stopping_w2_bound, *proved.parts.early_stopping_w2_bound));
      CHECK(found.tv.error() < 1e-12);  // observed at most 2e-13
    }
  }
}

TEST_CASE("rows by earlier rows and rows written out have the same law") {
  for (const Scheme& scheme : every_kind(log_levels(9))) {
    const LawResult one = law(scheme);
    const LawResult other = law(written_out(scheme));
    CAPTURE(one.notes.front());
    CHECK(agree(one.tv, other.tv));
    CHECK(agree(one.kl_qp, other.kl_qp));
  }
}

TEST_CASE("pairs of states on grids and single states on panels give one law where both can") {
  const LineMixture<double> clean = line_mixture(mixture(kThree));
  for (const Scheme& scheme : {ancestral(log_levels(12)), two_calls_one_noise(log_levels(12))}) {
    const SchemeChain chain = make_chain(scheme);
    const ChainMaps maps(scheme, chain, clean);
    const LineMixture<double> start = noisy_mixture(clean, scheme.levels.front());
    const LineMixture<double> truth = noisy_mixture(clean, scheme.levels.back());
    const LineSettings settings = fine_line_settings(0);
    LinePropagator<double> propagator(settings);
    const PanelFunction<double> panels = markov_density(chain, maps, start, propagator);
    const PanelFunction<double> grids = pair_density(chain, maps, start, propagator);
    const LawDistances<double> a = line_distances(truth, panels, settings);
    const LawDistances<double> b = line_distances(truth, grids, settings);
    CHECK(std::abs(a.tv.value - b.tv.value) < 1e-13);  // observed at most 1e-14
    CHECK(std::abs(a.kl_qp.value - b.kl_qp.value) < 1e-12);
    CHECK(std::abs(a.hellinger.value - b.hellinger.value) < 1e-12);
  }
}

/// y_1 from the start, y_2 from y_1, both with noise, and an end that remembers the start of the
/// step and the second call: the start is kept in mind over two noises.
Scheme three_calls(const std::vector<double>& levels) {
  Scheme s;
  s.levels = {levels[0]};
  s.rows.push_back({x(1)});
  for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
    const std::size_t now = s.rows.size() - 1;
    const double ratio = std::pow(levels[k + 1] / levels[k], 1.0 / 3);
    double level = levels[k];
    for (std::size_t call = 0; call < 2; ++call) {
      const double r = ratio * ratio;
      level *= ratio;
      s.rows.push_back({y(now + call, r), D(now + call, 1 - r),
                        z(s.draws++, level * std::sqrt(1 - ratio * ratio))});
      s.levels.push_back(level);
    }
    const double r = levels[k + 1] * levels[k + 1] / (levels[k] * levels[k]);
    s.rows.push_back({y(now, r), D(now, 0.2 * (1 - r)), D(now + 2, 0.8 * (1 - r)),
                      z(s.draws++, levels[k + 1] * std::sqrt(1 - r))});
    s.levels.push_back(levels[k + 1]);
  }
  return s;
}

TEST_CASE("a state can be remembered over several noises") {
  const Scheme scheme = three_calls(log_levels(6));
  const Target gaussian = make_target("gaussian:dim=1,variance=0.25,mean=0.75", "test");
  LawRequest request;
  request.start = Start::exact;
  const LawResult proved = compute_scheme_law(scheme, gaussian, request, LawOptions{});
  const LawResult found = law(scheme, Start::exact, "mixture:weights=1,means=0.75,variances=0.25");
  CHECK(found.notes.front().find("noise inside a step") != std::string::npos);
  CHECK(agree(found.tv, proved.tv));
  CHECK(agree(found.kl_qp, proved.kl_qp));
  CHECK(found.tv.error() < 1e-12);
  CHECK(law(scheme).tv.error() < 1e-10);
}

TEST_CASE("rows after the last noise are one map of its state, folds and all") {
  // x_T + (9/10) z at sigma = 6/5 is the start of sigma = 3/2, so that both have one law.
  struct Entry {
    double y;
    double answer;
    bool folds;
  };
  for (const Entry& entry : {Entry{0.4, 0.6, false}, Entry{-0.5, 1.8, true},
                             Entry{-1.2, 0.1, false}, Entry{0.3, -0.9, true}}) {
    Scheme noisy;
    noisy.levels = {1.2, 1.5, 1};
    noisy.draws = 1;
    noisy.rows = {{x(1)}, {y(0, 1), z(0, 0.9)}, {y(1, entry.y), D(1, entry.answer)}};
    Scheme plain;
    plain.levels = {1.5, 1};
    plain.rows = {{x(1)}, {y(0, entry.y), D(0, entry.answer)}};
    const LawResult a = law(noisy);
    const LawResult b = law(plain);
    CHECK(agree(a.tv, b.tv));
    CHECK(a.tv.error() < 1e-11);  // observed at most 2e-13
    CHECK((a.kl_qp.extent() == Extent::unknown) == entry.folds);
    CHECK((b.kl_qp.extent() == Extent::unknown) == entry.folds);
    if (!entry.folds) {
      CHECK(agree(a.kl_qp, b.kl_qp));
      CHECK(agree(a.hellinger, b.hellinger));
    }
  }
}

TEST_CASE("states that the output does not depend on do not matter") {
  Scheme scheme = ancestral({4, 2, 1, 0.5});
  scheme.rows[3] = {y(1, 0.25), D(1, 0.75)};
  Scheme shorter = ancestral({4, 2, 0.5});
  shorter.rows[2] = {y(1, 0.25), D(1, 0.75)};
  CHECK(agree(law(scheme).tv, law(shorter).tv));
  scheme.rows[3] = {};
  CHECK(refusal(scheme).starts_with("the scheme's output is one point"));
  scheme = euler({2, 1});
  scheme.rows[1] = {};
  CHECK(refusal(scheme).starts_with("the scheme's output is one point"));
}

TEST_CASE("a model called at an endless level answers with the mean") {
  // D_0 = E X_0, then an Euler step down: y_1 = x + ... in the first row made of noise.
  Scheme scheme = euler(log_levels(12));
  scheme.rows[0] = {x(20)};
  scheme.levels[0] = std::numeric_limits<double>::infinity();
  scheme.rows[1] = {y(0, scheme.levels[1] / 20), D(0, 1)};
  const Target gaussian = make_target("gaussian:dim=1,variance=0.25,mean=0.75", "test");
  LawRequest request;
  const LawResult proved = compute_scheme_law(scheme, gaussian, request, LawOptions{});
  const LawResult found =
      law(scheme, Start::gaussian, "mixture:weights=1,means=0.75,variances=0.25");
  CHECK(agree(found.tv, proved.tv));
  CHECK(agree(found.kl_pq, proved.kl_pq));
  CHECK(found.parts.initial_tv->value() == 0);
  CHECK(agree(law(scheme, Start::exact).tv, law(scheme, Start::gaussian).tv));
  scheme.gaussian_start_variance = 1.21;  // code that starts too wide
  const LawResult wide = law(scheme, Start::gaussian);
  const Quantity known =
      compute_scheme_law(scheme, gaussian, request, LawOptions{}).parts.initial_tv.value();
  CHECK(agree(*wide.parts.initial_tv, known));
  CHECK(known.value() > 0.04);
}

TEST_CASE("the total variation from a Gaussian start is at most the sum of its parts") {
  for (const Scheme& scheme : every_kind(log_levels(8, 5))) {
    const LawResult found = law(scheme, Start::gaussian);
    CHECK(at_most(found.tv, *found.parts.discretisation + *found.parts.initialisation).verdict ==
          Verdict::holds);
    // A map or kernel brings two laws only nearer, and a one-to-one map not even that.
    CHECK(found.parts.initialisation->value() <= found.parts.initial_tv->value() +
                                                     found.parts.initial_tv->error() +
                                                     found.parts.initialisation->error());
    CHECK(agree(*found.parts.discretisation, law(scheme).tv));
  }
}

TEST_CASE("what is out of reach is refused in one line that says what does answer") {
  CHECK(
      refusal(sde_with_deeper_memory(log_levels(6))) ==
      "the scheme adds noise and remembers 2 earlier states, and the law on the line carries one "
      "beside the present; on a Gaussian target `lemmabench law` has it, and samples of it on any "
      "are `lemmabench particles`");
  Scheme scheme = ancestral({4, 2, 1});
  scheme.rows[2].pop_back();
  scheme.rows[2].push_back(D(0, 0.1));
  CHECK(refusal(scheme).starts_with("the output adds no noise and depends on two states"));
  scheme = ancestral({4, 2, 1, 0.5});
  scheme.rows[2].pop_back();
  scheme.rows[2].push_back(D(0, 0.1));
  CHECK(refusal(scheme).starts_with("the input of model call 2 depends on 2 states"));
  scheme = euler({4, 2, 1});
  scheme.rows[1][0].coefficient = 1e300;
  scheme.rows[2][0].coefficient = 1e300;
  CHECK(refusal(scheme).find("no finite number") != std::string::npos);
  scheme = sde_with_memory(log_levels(6));
  for (SchemeTerm& term : scheme.rows[3]) {
    term.coefficient *= term.source == SchemeSource::draw ? 1e-9 : 1;
  }
  CHECK(refusal(scheme).find("the joint law of two states would take") != std::string::npos);
  scheme = ancestral(log_levels(6));
  for (SchemeRow& row : scheme.rows) {
    row.front().coefficient *= 1e30;
  }
  CHECK(refusal(scheme).find("diverges") != std::string::npos);
}

TEST_CASE("requests that a scheme has no answer to") {
  const Scheme scheme = euler(log_levels(4));
  LawRequest request;
  request.digits = 30;
  CHECK_THROWS_AS(scheme_line_law(scheme, mixture(kThree), request, LawOptions{}), InputError);
  request.digits = 0;
  const auto ask = [&](const std::string& target, LawOptions options = {}) {
    return compute_scheme_law(scheme, make_target(target, "test"), request, options);
  };
  CHECK(ask(kThree).engine == "line");
  CHECK(ask("gaussian:dim=2,variance=1").engine == "gaussian");
  CHECK_THROWS_AS(ask("student-t:dim=3,nu=3"), EngineRefusal);
  LawOptions local;
  local.local_errors = true;
  CHECK_THROWS_AS(ask(kThree, local), EngineRefusal);
  request.score = "affine:size=0.01";
  CHECK_THROWS_AS(ask(kThree), EngineRefusal);
}

}  // namespace
