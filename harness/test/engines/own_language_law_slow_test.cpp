// Samplers with several remembered vectors, with noise and memory, with clamped coordinates and
// with levels of their own: the same law whoever computes it, and a refusal that says who else
// does.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/samplers/expression_sampler.hpp"
#include "cases/schemes/scheme_facts.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "cases/test/sampler_variants.hpp"
#include "harness/engines/gaussian/gaussian_law.hpp"
#include "harness/engines/line/line_law.hpp"
#include "harness/engines/scheme/sampler_scheme.hpp"
#include "harness/engines/scheme/scheme_gaussian.hpp"
#include "harness/engines/scheme/scheme_law.hpp"
#include "harness/law/law.hpp"
#include "harness/test/law_request.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

const char* const kThree =
    "mixture:weights=0.5/0.3/0.2,means=-1.5/0.4/1.8,variances=0.09/0.16/0.04";
const char* const kWide = "karras:sigma_min=0.1,sigma_max=10,rho=3";

std::string example(const std::string& name) {
  return LEMMABENCH_SOURCE_DIR "/examples/own_toml/" + name + ".toml";
}

LawResult law(const std::string& target, const std::string& sampler, long steps,
              const std::string& schedule = kWide, Start start = Start::exact) {
  LawRequest request = request_for(target, sampler, steps, schedule);
  request.start = start;
  return compute_law(request, LawOptions{.decomposition = false});
}

std::string refusal(const LawRequest& request) {
  try {
    static_cast<void>(compute_law(request, LawOptions{.decomposition = false}));
  } catch (const EngineRefusal& error) {
    return error.what();
  } catch (const InputError& error) {
    return std::string("input: ") + error.what();
  }
  return "";
}

std::string refusal(const std::string& target, const std::string& sampler) {
  return refusal(request_for(target, sampler, 8, kWide));
}

void check_same(const Quantity& a, const Quantity& b, double more = 0) {
  INFO(a.value(), " +- ", a.error(), " and ", b.value(), " +- ", b.error());
  CHECK(std::fabs(a.value() - b.value()) <= a.error() + b.error() + more);
}

void check_same(const LawResult& a, const LawResult& b, double more = 0) {
  check_same(a.tv, b.tv, more);
  check_same(a.hellinger, b.hellinger, more);
  check_same(a.kl_pq, b.kl_pq, more);
  check_same(a.kl_qp, b.kl_qp, more);
}

/// The file of a test's own sampler.
class OwnFile {
 public:
  explicit OwnFile(const std::string& document) : path_((scratch_ / "mine.toml").string()) {
    std::ofstream(path_) << document;
  }
  const std::string& path() const { return path_; }

 private:
  Scratch scratch_;
  std::string path_;
};

/// ddim-coefficient with its data prediction cut off by `cut`, such as "clamp = \"1/2\"".
std::string cut_ddim(const std::string& cut) {
  return "[[stage]]\nname = \"D\"\ny = \"1/sqrt(abar)\"\ns = \"noise/sqrt(abar)\"\n" + cut +
         "\n[[stage]]\ny = \"sqrt(1 - h)/sqrt(alpha)\"\n"
         "D = \"sqrt(abar/alpha)*h/(1 + sqrt(1 - h))\"\n";
}

}  // namespace

// The scheme was traced from the library's code, rounded to doubles, on the very levels.
TEST_CASE("a file with memory of two vectors has the law of the scheme traced from its source") {
  const std::string scheme = "k-diffusion_dpmpp_3m_sde_eta0_16.json";
  const std::string levels =
      "levels:file=" LEMMABENCH_SOURCE_DIR "/cases/catalogue/schemes/" + scheme;
  for (const char* target : {"gaussian:spectrum=0.25+2x3,mean=0.7", kThree}) {
    CAPTURE(target);
    const LawResult own = law(target, example("dpmpp-3m"), 17, levels);
    const LawResult traced = law(target, scheme, 17, "li-cai");
    CHECK(own.score_calls == 16);
    // Coefficients of 16 digits, TV of 1e-3 and above; observed at most 3e-15.
    check_same(own, traced, 1e-11);
    // Another solver on the same levels is another law.
    CHECK(std::fabs(law(target, "dpmpp-2m", 17, levels).tv.value() - traced.tv.value()) > 1e-5);
  }
}

TEST_CASE("memory of two vectors: the composed map on the line is the proved Gaussian law") {
  const LawResult proved = law("gaussian:dim=1,variance=0.3,mean=0.7", example("dpmpp-3m"), 24);
  const LawResult line =
      law("mixture:weights=1/4;3/4,means=0.7;0.7,variances=0.3;0.3", example("dpmpp-3m"), 24);
  CHECK(proved.tv.evidence() == Evidence::proved);
  CHECK(line.engine == "line");
  CHECK(line.tv.error() < 1e-11);
  check_same(line, proved);
  const LawResult product = law("product:weights=1/4;3/4,means=0.7;0.7,variances=0.3;0.3,copies=3",
                                example("dpmpp-3m"), 24);
  CHECK(product.engine == "product");
  check_same(product.kl_pq, Quantity::computed(3 * line.kl_pq.value(), 3 * line.kl_pq.error()));
  check_same(product, law("gaussian:spectrum=0.3x3,mean=0.7", example("dpmpp-3m"), 24));
}

// Adams-Bashforth written as a scheme by hand, row by row, without a walk.
TEST_CASE("a file's multistep method has the law of its own rows") {
  const std::string schedule_text = "karras:sigma_min=0.1,sigma_max=10,rho=3";
  const Schedule<double> schedule(make_schedule(schedule_text, "test"), 18, StepBound::whole);
  Scheme rows;
  for (int t = 18; t >= 1; --t) {
    rows.levels.push_back(std::sqrt(schedule.level(t).noise / schedule.level(t).abar));
  }
  const std::vector<double>& sigma = rows.levels;
  rows.rows.push_back({{SchemeSource::start, 0, 1}});
  for (std::uint32_t k = 0; k < 17; ++k) {
    const double h = sigma[k + 1] - sigma[k];
    const double more = k == 0 ? 0 : h / (2 * (sigma[k] - sigma[k - 1]));
    const double now = h * (1 + more) / sigma[k];  // e = (x - D)/sigma
    SchemeRow row{{SchemeSource::row, k, 1 + now}, {SchemeSource::output, k, -now}};
    if (k > 0) {
      const double before = h * more / sigma[k - 1];
      row.push_back({SchemeSource::row, k - 1, -before});
      row.push_back({SchemeSource::output, k - 1, before});
    }
    rows.rows.push_back(row);
  }
  LawRequest request;
  request.start = Start::exact;
  for (const char* text : {"gaussian:spectrum=0.25+2x3,mean=0.7", kThree}) {
    CAPTURE(text);
    const Target target = make_target(text, "test");
    const LawResult by_hand = compute_scheme_law(rows, target, request, LawOptions{});
    const LawResult own = law(text, example("adams-bashforth-2"), 18, schedule_text);
    check_same(own, by_hand, 1e-11);
    CHECK(std::fabs(law(text, "ddim-coefficient", 18, schedule_text).tv.value() -
                    by_hand.tv.value()) > 1e-3);
  }
}

// Every compiled sampler is linear in what it is made of, or says where it is not.
TEST_CASE("a sampler's scheme has the sampler's law") {
  const std::string text = "gaussian:dim=1,variance=0.3,mean=0.5";
  const auto target = std::get<GaussianLaw>(make_target(text, "test").law);
  for (const test::SamplerVariant& variant : test::sampler_variants()) {
    if (variant.averages || variant.text.find("clip=") != std::string::npos) {
      continue;
    }
    CAPTURE(variant.text);
    bool raised = false;
    LawRequest request = request_for(text, variant.text, 8, "logit:from=-1,to=1");
    request.arithmetic = LawArithmetic::in_double();
    const auto sampler = make_sampler(variant.text, "test");
    const Scheme scheme =
        scheme_of(*sampler, Schedule<Mp40>(request.schedule, 8, StepBound::whole));
    require_sound(scheme, "test");
    for (const Start start : {Start::exact, Start::gaussian}) {
      request.start = start;
      const LawResult found = scheme_gaussian_law(scheme, target, request, LawOptions{});
      const LawResult known = compute_law(request, LawOptions{});
      // Coefficients and levels are rounded to doubles; observed at most 2e-15.
      check_same(found, known, 1e-13);
      check_same(*found.parts.initial_tv, *known.parts.initial_tv, 1e-13);
      // One more, whose output is not used, where the first score is not of the start's level.
      const bool more = scheme_facts(scheme).unused_outputs > 0;
      CHECK(static_cast<long>(scheme.calls()) - (more ? 1 : 0) == known.score_calls);
      raised = raised || more;
    }
    CHECK((!raised || variant.text.find("edm-stochastic") == 0 ||
           variant.text.find("draw=") != std::string::npos));
  }
  const auto clipped = make_sampler("li-cai:clip=1", "test");
  CHECK_THROWS_AS(
      scheme_of(*clipped, Schedule<Mp40>(make_schedule("logit:from=-1,to=1", "test"), 12)),
      EngineRefusal);
}

TEST_CASE("noise and memory on the line: the joint law of two states") {
  const std::string one = "mixture:weights=1/4;3/4,means=0.7;0.7,variances=0.3;0.3";
  for (const Start start : {Start::exact, Start::gaussian}) {
    LawRequest request = request_for(one, "dpmpp-2m-sde", 12, kWide);
    request.start = start;
    const LawResult line = compute_law(request, LawOptions{});
    request.target = "gaussian:dim=1,variance=0.3,mean=0.7";
    const LawResult proved = compute_law(request, LawOptions{});
    CHECK(line.engine == "line");
    CHECK(line.tv.evidence() == Evidence::computed);
    CHECK(line.score_calls == proved.score_calls);
    CHECK(line.tv.error() < 1e-10);
    check_same(line, proved);
    check_same(*line.parts.initialisation, *proved.parts.initialisation);
    check_same(*line.parts.discretisation, *proved.parts.discretisation);
    check_same(*line.parts.early_stopping_w2_bound, *proved.parts.early_stopping_w2_bound);
    check_same(*line.parts.initial_kl, *proved.parts.initial_kl);
  }
  // The file is the compiled one; a product of one coordinate is a line.
  const LawResult compiled = law("mixture-near", "dpmpp-2m-sde", 12);
  check_same(law("mixture-near", example("dpmpp-2m-sde"), 12), compiled, 1e-11);
  CHECK(std::fabs(law("mixture-near", "ddpm-posterior", 12).tv.value() - compiled.tv.value()) >
        1e-4);
}

TEST_CASE("noise and memory on the line: what is refused says why") {
  LawRequest request = request_for("mixture-near", "dpmpp-2m-sde", 8, kWide);
  request.score = "affine:size=0.01";
  CHECK(refusal(request).find("with noise and memory takes the exact score") != std::string::npos);
  request.score = "exact";
  request.digits = 20;
  CHECK(refusal(request).find("input: --digits 20: the law on the line of a sampler with noise and "
                              "memory is computed in double, to 15 digits") == 0);
  std::string document;
  for (const char* key : {"stage", "first", "second"}) {
    const std::string list = std::string("[[") + key + "]]\n";
    document += list + "name = \"D\"\ny = 1\ns = \"h\"\n" + list + "y = \"1 - h\"\nD = \"h\"\n" +
                (key == std::string("stage") ? "\"D(t+2)\" = \"h/10\"\n" : "") +
                "z = \"sqrt(b)\"\n";
  }
  const OwnFile deep(document);
  const std::string said = refusal("mixture-near", deep.path());
  CHECK(said.find("--sampler " + deep.path()) == 0);
  CHECK(said.find("remembers 2 earlier states") != std::string::npos);
  // The product law carries one state of each coordinate, the plane and the radial law one in all.
  CHECK(refusal("product:weights=1,means=0,variances=1,copies=2", "dpmpp-2m-sde")
            .find("remembers earlier steps and adds noise") != std::string::npos);
  for (const char* target : {"student-t:dim=3,nu=4", "cloud:means=0/0;1/0;0/1,variances=0.3"}) {
    CHECK(refusal(target, "dpmpp-2m").find("remembers earlier steps") != std::string::npos);
    CHECK(refusal(target, "dpmpp-2m").find("lemmabench particles") != std::string::npos);
  }
}

TEST_CASE("clamped coordinates: one is a clip, several are independent") {
  const OwnFile clamped(cut_ddim("clamp = \"1/2\""));
  const OwnFile clipped(cut_ddim("clip = \"1/2\""));
  const OwnFile wider(cut_ddim("clamp = 1"));
  const std::string line = "mixture:weights=0.3/0.7,means=-1/0.5,variances=0.2/0.4";
  const std::string schedule = "logit:from=-1,to=1";
  const LawResult one = law(line, clamped.path(), 6, schedule);
  const LawResult same = law(line, clipped.path(), 6, schedule);
  CHECK(one.tv.value() == same.tv.value());
  CHECK(one.hellinger.value() == same.hellinger.value());
  CHECK(std::fabs(one.tv.value() - law(line, wider.path(), 6, schedule).tv.value()) > 1e-3);
  CHECK(one.tv.error() < 1e-9);
  // A product of it with a Gaussian, which is none any more when it is clamped.
  const LawResult gauss =
      law("mixture:weights=1,means=0.5,variances=0.3", clamped.path(), 6, schedule);
  const LawResult product =
      law("product:weights=0.3/0.7,means=-1/0.5,variances=0.2/0.4,copies=3,spectrum=0.3x2,mean=0.5",
          clamped.path(), 6, schedule);
  CHECK(product.engine == "product");
  const auto kept = [](const LawResult& each) {
    return 1 - each.hellinger.value() * each.hellinger.value();
  };
  CHECK(std::fabs(kept(product) - std::pow(kept(one), 3) * std::pow(kept(gauss), 2)) < 1e-9);
  CHECK(kept(one) < 0.999);
  CHECK(kept(gauss) < 0.999);
  // On the radius in one dimension.
  const LawResult radial =
      law("two-scale:dim=1,weight=1/3,variances=0.2/2", clamped.path(), 6, schedule);
  check_same(
      radial.tv,
      law("mixture:weights=1/3;2/3,means=0;0,variances=0.2;2", clamped.path(), 6, schedule).tv);
}

TEST_CASE("clamped coordinates: what cannot follow them says who can") {
  const OwnFile clamped(cut_ddim("clamp = \"1/2\""));
  const OwnFile clipped(cut_ddim("clip = \"1/2\""));
  CHECK(refusal("gaussian:dim=2,variance=0.3", clamped.path())
            .find("clamping coordinates is not affine") != std::string::npos);
  CHECK(refusal("student-t:dim=3,nu=4", clamped.path())
            .find("leaves no rotation-invariant law; `lemmabench particles`") != std::string::npos);
  CHECK(refusal("cloud:means=0/0;1/0;0/1,variances=0.3", clamped.path())
            .find("the plane law turns them; `lemmabench particles`") != std::string::npos);
  // The line of its centres is no axis of this cloud, though its law is a product along it.
  CHECK(refusal("cloud:means=-0.6/-0.8;0.6/0.8,variances=0.3", clamped.path())
            .find("computed along that line; `lemmabench particles`") != std::string::npos);
  const std::string product = "product:weights=1,means=0,variances=1,copies=2";
  CHECK(refusal(product, clamped.path()).empty());
  CHECK(refusal(product, clipped.path()).find("clip looks at the norm") != std::string::npos);
  // Also where it is clipped in the last step alone.
  const OwnFile late("[[stage]]\ny = 1\n[[last]]\ny = 1\nclip = 1\n");
  CHECK(refusal(product, late.path()).find("clip looks at the norm") != std::string::npos);
}

}  // namespace lemmabench
