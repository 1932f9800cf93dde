// A sampler that collapses: what particles say of a law that is a point, or nearly one.

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "harness/monte_carlo/particles/particles.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

/// The report of a file's sampler, written for this.
ParticleReport report_of(const std::string& target, const std::string& y, const std::string& s,
                         double resolution = 0) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() /
      ("lemmabench-collapse-" + std::to_string(::getpid()) + ".toml");
  std::ofstream(path) << "[[stage]]\ny = \"" << y << "\"\ns = \"" << s << "\"\n";
  ParticleRequest request;
  request.target = target;
  request.sampler = path.string();
  request.schedule = make_schedule("li-cai:c0=1,c1=5", "test");
  request.steps = {60};
  request.samples = 2000;
  request.resolution = resolution;
  ParticleReport out = measure_particles(request, 1);
  std::filesystem::remove(path);
  return out;
}

const std::vector<std::string> kTargets{"mixture-three", "gaussian:dim=2,variance=0.3",
                                        "student-t:dim=3,nu=5", "gaussian:dim=5,variance=2"};

}  // namespace

// TV of a point mass from a density is 1, and of a law 1e-8 wide from one of width 1 at least
// 1 - 1e-7; 1000 of 1000 hits leave 1 - 0.0053 at 99 % a side.
TEST_CASE("a law that has collapsed is seen to be at total variation 1") {
  for (const std::string& target : kTargets) {
    CAPTURE(target);
    for (const char* s : {"noise/100000000", "0"}) {
      CAPTURE(s);
      const ParticleReport report = report_of(target, "0", s, 0.01);
      const ParticleResult& result = report.results.front();
      CHECK(result.event.sample_hits == result.event.samples);
      CHECK(result.tv_above > 0.98);
      CHECK(result.tv_above <= 1);
      if (result.variation) {
        CHECK(result.variation->tv.value() + result.variation->tv.error() > 0.9);
        CHECK(result.variation->tv.value() + result.variation->tv.error() <= 1);
        CHECK(result.variation->tv.error() < 0.1);
      }
    }
  }
}

TEST_CASE("without a resolution the spread of the target stands in for one that is not there") {
  for (const std::string& target : kTargets) {
    CAPTURE(target);
    // Near 1e-8, and away from 0 but to one point: no step of this sampler depends on y.
    CHECK(report_of(target, "0", "noise/100000000").results.front().tv_above > 0.98);
    CHECK(report_of(target, "0", "0").results.front().tv_above > 0.98);
  }
}

TEST_CASE("a law that has not collapsed is judged by half-spaces as before") {
  const ParticleReport report =
      report_of("gaussian:dim=2,variance=0.3", "1/sqrt(alpha)", "b/(2*sqrt(alpha))");
  CHECK(report.results.front().tv_above < 0.1);
}
