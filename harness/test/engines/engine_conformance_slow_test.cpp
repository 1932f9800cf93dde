// Every sampler with every option and from both starts, on pairs of engines that take seconds for
// all of them; every sampler in the plane and on products of two factors; and the bytes of every
// engine on several threads.
#include <map>

#include "cases/target.hpp"
#include "harness/test/engines/engine_conformance.hpp"

using namespace lemmabench;
using namespace lemmabench::test;

namespace {

/// Two steps: what a step of each sampler does is done at once from the first level and from
/// another, and costs the least in the plane.
constexpr const char* kSchedule = "logit:from=-0.5,to=0.5";
constexpr long kSteps = 3;

std::vector<SamplerVariant> plain_variants() {
  std::vector<SamplerVariant> out = sampler_variants();
  std::erase_if(out, [](const SamplerVariant& variant) { return !variant.plain; });
  return out;
}

/// Two with noise and two without, where all would take too long.
std::vector<SamplerVariant> a_few() {
  std::vector<SamplerVariant> out;
  std::map<bool, int> taken;
  for (const SamplerVariant& variant : plain_variants()) {
    if (++taken[variant.info->deterministic] <= 2) {
      out.push_back(variant);
    }
  }
  REQUIRE(out.size() == 4);
  return out;
}

/// The cheapest target of every engine.
const std::map<std::string, std::string>& cheap_targets() {
  static const std::map<std::string, std::string> kTargets{
      {"gaussian", "gaussian:spectrum=0.3+2,mean=0.5/-1"},
      {"line", "mixture:weights=0.3/0.7,means=-1/1,variances=0.2/0.4"},
      {"radial", "two-scale:dim=3,weight=1/3,variances=0.2/2"},
      {"product", "cloud:means=-0.6/-0.8;0.6/0.8,variances=0.3"},
      {"plane", "cloud:means=-1/-1;-1/1;1/0,variances=0.5"}};
  return kTargets;
}

}  // namespace

TEST_CASE("every option: the line law of one Gaussian is the Gaussian law") {
  check_all(kLineGaussian);
}

TEST_CASE("every option: the radial law in one dimension is the line law") {
  check_all(kRadialLine);
}

TEST_CASE("every option: the radial law of one scale is the Gaussian law") {
  check_all(kRadialGaussian);
}

TEST_CASE("every option: a product of one factor is the line law of it") { check_all(kOneFactor); }

TEST_CASE("every option: centres on a line are a product") { check_all(kCentresOnALine); }

// The parts of the Gaussian start cost a second and more a sampler in the plane: a few take them,
// with noise and without.
TEST_CASE("every sampler: four centres in the plane are a product of two factors") {
  const EnginePair pair{"plane",   "cloud:means=-1/-1;-1/1;1/-1;1/1,variances=1",
                        "product", "hypercube:dim=2,separation=1,variance=1",
                        kSteps,    kSchedule,
                        kSquare};
  check_plain(pair, Start::exact);
  RefusalBook book(listed_refusals());
  for (const SamplerVariant& variant : a_few()) {
    check_pair(pair, variant, Start::gaussian, book);
  }
}

TEST_CASE("some samplers: factors of one component each are a Gaussian") {
  const EnginePair pair{
      "product",  "product:weights=0.5/0.5,means=0.5/0.5,variances=0.3/0.3,copies=2,spectrum=2",
      "gaussian", "gaussian:spectrum=0.3x2+2,mean=0.5/0",
      kSteps,     kSchedule,
      kTwoFactors};
  RefusalBook book(listed_refusals());
  for (const SamplerVariant& variant : a_few()) {
    for (const Start start : {Start::gaussian, Start::exact}) {
      check_pair(pair, variant, start, book);
    }
  }
}

TEST_CASE("every engine: the same bytes on 1, 2 and 3 threads, whatever the sampler") {
  for (const auto& entry : cheap_targets()) {
    const std::string& engine = entry.first;
    const std::string& target = entry.second;
    for (const SamplerVariant& variant : engine == "plane" ? a_few() : plain_variants()) {
      CAPTURE(target);
      CAPTURE(variant.text);
      const LawRequest request = request_of(target, variant.text, kSteps, kSchedule);
      require_none(thread_findings([&](int threads) {
        const Outcome outcome = outcome_of(request, threads);
        CHECK((!outcome.law || outcome.law->engine == engine));
        return outcome.law ? law_json(*outcome.law) : outcome.refusal;
      }));
    }
  }
}

TEST_CASE("every kind of target has an engine that these suites run") {
  for (const TargetKind& kind : target_kinds()) {
    const std::string engine(kind.engine.substr(0, kind.engine.find(' ')));
    CAPTURE(engine);
    CHECK((engine == "path" || cheap_targets().count(engine) == 1));
  }
}
