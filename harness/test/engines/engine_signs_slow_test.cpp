// Every sampler on every engine: what cannot change a law does not, and what is asked of a law is
// answered or refused.

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "harness/law/law.hpp"
#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "harness/monte_carlo/particles/particles.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

/// One target for every engine, the cheapest there is.
const std::vector<std::string> kTargets{
    "gaussian:spectrum=0.25x2+4,mean=1/-2",                               // gaussian
    "mixture:weights=0.7/0.3,means=-1/1.5,variances=0.3/0.2",             // line
    "product:weights=0.5/0.5,means=-1/1,variances=0.3/0.3,spectrum=0.3",  // product
    "student-t:dim=3,nu=5",                                               // radial
    "cloud:means=0/0;1/0;0/1,variances=0.5",                              // plane
};

/// A base whose times are not random: one law, not an average over draws.
std::string one_draw(const std::string& id) {
  return id == "gupta-midpoint" || id == "jiao-li" ? id + ":draw=0" : id;
}

LawRequest request_of(const std::string& target, const std::string& sampler, long steps,
                      const std::string& schedule) {
  return request_for(target, sampler, steps, schedule);
}

/// The law, or none and why.
struct Answer {
  std::optional<LawResult> law;
  std::string refusal;
};

Answer answer(const LawRequest& request, const LawOptions& options = {}) {
  try {
    return {compute_law(request, options), ""};
  } catch (const EngineRefusal& refusal) {
    return {std::nullopt, refusal.what()};
  }
}

std::string mutant(const std::string& base, const std::string& bug) {
  return "mutant:base=" + base + ",bug=" + bug;
}

/// A file that is gone when this is.
class File {
 public:
  File(const std::string& name, const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("lemmabench-" + std::to_string(::getpid()) + "-" + name)) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string step(const std::string& y, const std::string& s, const std::string& z) {
  std::string out = "[[stage]]\ny = \"" + y + "\"\ns = \"" + s + "\"\n";
  return z.empty() ? out : out + "z = \"" + z + "\"\n";
}

bool touch(const Quantity& a, const Quantity& b) {
  return std::abs(a.value() - b.value()) <= a.error() + b.error();
}

}  // namespace

TEST_CASE("-Z and Z have one law: every sampler with noise on every engine, bit by bit") {
  for (const SamplerInfo* info : all_samplers()) {
    if (info->deterministic) {
      continue;
    }
    const std::string base = one_draw(std::string(info->id));
    for (const std::string& target : kTargets) {
      CAPTURE(base);
      CAPTURE(target);
      const std::string schedule = "logit:from=-3,to=3";
      const Answer plus =
          answer(request_of(target, mutant(base, "noise-scale,by=1"), 12, schedule));
      const Answer minus =
          answer(request_of(target, mutant(base, "noise-scale,by=-1"), 12, schedule));
      REQUIRE(plus.law.has_value() == minus.law.has_value());
      if (plus.law) {
        CHECK(plus.law->tv.value() == minus.law->tv.value());
        // Radii of balls have 30 bits and are rounded up, by which branch the sign decides.
        CHECK(std::abs(plus.law->tv.error() - minus.law->tv.error()) <=
              1e-8 * plus.law->tv.error());
        CHECK(plus.law->kl_pq.value() == minus.law->kl_pq.value());
        CHECK(plus.law->hellinger.value() == minus.law->hellinger.value());
      }
    }
  }
}

TEST_CASE("N(0, I) mirrored is N(0, I): every sampler on every engine") {
  int answered = 0;
  for (const SamplerInfo* info : all_samplers()) {
    const std::string base = one_draw(std::string(info->id));
    for (const std::string& target : kTargets) {
      CAPTURE(base);
      CAPTURE(target);
      const std::string schedule = "logit:from=-3,to=3";
      const Answer plain = answer(request_of(target, base, 12, schedule));
      const Answer turned =
          answer(request_of(target, mutant(base, "state-scale,by=-1,at=first"), 12, schedule));
      CAPTURE(plain.refusal);
      CAPTURE(turned.refusal);
      REQUIRE(plain.law.has_value() == turned.law.has_value());
      if (plain.law) {
        ++answered;
        CHECK(touch(plain.law->tv, turned.law->tv));
        CHECK(plain.law->tv.error() < 1e-6);
        CHECK(turned.law->tv.error() < 1e-6);
      }
    }
  }
  CHECK(answered > 80);
}

TEST_CASE("the values of ddpm whose noise is written with a minus") {
  const File file("minus.toml", step("1/sqrt(alpha)", "b/sqrt(alpha)", "-sqrt(b/alpha)"));
  struct Right {
    const char* target;
    double tv;
    double digits;
  };
  // By `--sampler ddpm`, and by an independent program (issue 11).
  for (const Right& right :
       {Right{"two-point-ten", 0.095558400231, 1e-12}, Right{"mixture-three", 0.03134758943, 1e-11},
        Right{"student-three", 0.157765833771, 1e-12}}) {
    CAPTURE(right.target);
    LawRequest request = request_of(right.target, file.path(), 100, "li-cai:c0=1,c1=5");
    const Answer ours = answer(request);
    REQUIRE(ours.law);
    CHECK(std::abs(ours.law->tv.value() - right.tv) < right.digits + ours.law->tv.error());
    CHECK(ours.law->tv.error() < 1e-9);
    request.sampler = "ddpm";
    CHECK(touch(compute_law(request, {}).tv, ours.law->tv));
  }
}

TEST_CASE("a noise formula that is 0 in a step is a step without noise") {
  const File zero("zero.toml", step("1/sqrt(alpha)", "b/sqrt(alpha)", "sqrt(b*(t-2)/alpha/(T-2))"));
  const File none("none.toml", step("1/sqrt(alpha)", "b/(2*sqrt(alpha))", "0"));
  for (const std::string& target : kTargets) {
    CAPTURE(target);
    const std::string schedule = "logit:from=-3,to=3";
    // Without any noise it is ddim.
    const Answer ours = answer(request_of(target, none.path(), 40, schedule));
    const Answer ddim = answer(request_of(target, "ddim", 40, schedule));
    REQUIRE(ours.law.has_value() == ddim.law.has_value());
    if (ours.law) {
      CHECK(touch(ours.law->tv, ddim.law->tv));
      CHECK(ours.law->tv.error() < 1e-6);
    }
    const Answer last = answer(request_of(target, zero.path(), 40, schedule));
    CAPTURE(last.refusal);
    REQUIRE(last.law);
    CHECK(last.law->tv.error() < 1e-6);
    CHECK(last.law->tv.value() > 1e-3);
    CHECK(last.law->tv.value() < 0.5);
  }
}

// A rotation-invariant mixture of one Gaussian is that Gaussian, whose law is proved.
TEST_CASE("steps without noise on the radius and on products have the values of the Gaussian law") {
  const File zero("last.toml", step("1/sqrt(alpha)", "b/sqrt(alpha)", "sqrt(b*(t-2)/alpha/(T-2))"));
  for (const std::string& sampler :
       {zero.path(), std::string("ddim"), mutant("ddpm", "noise-scale,by=0,at=last")}) {
    CAPTURE(sampler);
    const auto law = [&](const std::string& target) {
      return compute_law(request_of(target, sampler, 30, "logit:from=-4,to=4"), {});
    };
    const LawResult proved = law("gaussian:dim=4,variance=0.3");
    const LawResult radius = law("two-scale:dim=4,weight=1/2,variances=0.3/0.3");
    const LawResult factors = law("product:weights=1,means=0,variances=0.3,copies=4");
    CHECK(radius.engine == "radial");
    CHECK(factors.engine == "product");
    for (const LawResult& each : {radius, factors}) {
      CHECK(touch(proved.tv, each.tv));
      CHECK(each.tv.error() < 1e-7);
      CHECK(touch(proved.hellinger, each.hellinger));
    }
  }
}

// y -> -m(y): on a target with a centre of symmetry every second law is mirrored, which none sees.
TEST_CASE("a sampler that reflects in every step has the law of one that does not, by symmetry") {
  const File ddim("mirror-ddim.toml", step("-1/sqrt(alpha)", "-b/(2*sqrt(alpha))", ""));
  const File ddpm("mirror-ddpm.toml", step("-1/sqrt(alpha)", "-b/sqrt(alpha)", "-sqrt(b/alpha)"));
  const std::vector<std::string> symmetric{"gaussian:spectrum=0.25x2+4", "mixture-near",
                                           "two-point-ten", "student-t:dim=3,nu=5",
                                           "cloud:means=-1/0;1/0;0/1;0/-1,variances=0.5"};
  for (const std::string& target : symmetric) {
    CAPTURE(target);
    for (const auto& pair : {std::pair{ddim.path(), "ddim"}, std::pair{ddpm.path(), "ddpm"}}) {
      const std::string plain = pair.second;
      CAPTURE(plain);
      const Answer ours = answer(request_of(target, pair.first, 60, "logit:from=-4,to=4"));
      const Answer theirs = answer(request_of(target, plain, 60, "logit:from=-4,to=4"));
      CAPTURE(ours.refusal);
      REQUIRE(theirs.law);
      REQUIRE(ours.law);
      CHECK(touch(ours.law->tv, theirs.law->tv));
      CHECK(touch(ours.law->kl_qp, theirs.law->kl_qp));
      CHECK(ours.law->tv.error() < 1e-6);
    }
  }
}

TEST_CASE("ten steps uniform in log snr, and two and three, for all that do not overshoot") {
  for (const SamplerInfo* info : all_samplers()) {
    const std::string base = one_draw(std::string(info->id));
    for (const long steps : {2L, 3L, 10L}) {
      CAPTURE(base);
      CAPTURE(steps);
      const LawRequest request =
          request_of("gaussian:dim=2,variance=0.3", base, steps, "logit:from=-9,to=9");
      if (info->overshoots) {
        try {
          compute_law(request, {});
          FAIL("h_t < 1/2 is asked of it");
        } catch (const InputError& error) {
          CHECK(std::string(error.what()).find("use at least 27 steps") != std::string::npos);
        }
        continue;
      }
      const Answer ours = answer(request);
      CAPTURE(ours.refusal);
      REQUIRE(ours.law);
      CHECK(ours.law->tv.evidence() == Evidence::proved);
      CHECK(ours.law->tv.value() <= 1);
    }
  }
}

TEST_CASE("a certificate takes either sign of the noise and refuses a step without any") {
  CertificateRequest request;
  request.target = "mixture-three";
  request.schedule = make_schedule("li-cai:c0=1,c1=5", "test");
  request.steps = 60;
  request.relative_error = 0.3;
  request.sampler = mutant("ddpm", "noise-scale,by=1");
  const PathCertificate plus = certify_path(request, 1);
  request.sampler = mutant("ddpm", "noise-scale,by=-1");
  const PathCertificate minus = certify_path(request, 1);
  CHECK(plus.kl.value() == minus.kl.value());
  request.sampler = mutant("ddpm", "noise-scale,by=0,at=last");
  try {
    certify_path(request, 1);
    FAIL("it divides by the noise");
  } catch (const EngineRefusal& refusal) {
    CHECK(std::string(refusal.what()).find("from t = 2 has no noise") != std::string::npos);
  }
}
