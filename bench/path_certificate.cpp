// The path certificate of li-cai against the same method in numpy: 16 components with diagonal
// covariances in 64 dimensions, 100 steps, 1 % relative error at level 0.99.
//
// The peer (bench/peers/path_certificate.py, run once in the same call) takes its scores by matrix
// products on one thread of BLAS; ours sums squared differences, which keeps digits where the
// noise is small. "ratio" is the peer's time over ours.

#include "harness/path_certificate.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "bench/peer.hpp"

namespace lemmabench {
namespace {

constexpr int kSize = 16;
constexpr int kDim = 64;
constexpr long kSteps = 100;

/// The peer makes the same numbers.
std::string target() {
  std::string means;
  std::string variances;
  for (int j = 0; j < kSize * kDim; ++j) {
    const char* separator = j == 0 ? "" : (j % kDim == 0 ? ";" : "/");
    means += fmt::format("{}{:.3f}", separator, 1.2 * std::sin(1 + 3 * j));
    variances += fmt::format("{}{:.3f}", separator, 0.3 + 0.2 * std::cos(2 + 5 * j));
  }
  return "cloud:means=" + means + ",variances=" + variances;
}

void path_certificate(benchmark::State& state) {
  static const bench::PeerRun kPeer =
      bench::run_peer("path_certificate.py", fmt::format("{} 0.01", kSteps));
  CertificateRequest request;
  request.target = target();
  request.sampler = "li-cai";
  request.schedule = LiCaiSchedule{};
  request.steps = kSteps;
  PathCertificate result;
  for (auto unused : state) {
    result = certify_path(request, static_cast<int>(state.range(0)));
  }
  // Both are good to 1 % at level 0.99.
  if (std::fabs(kPeer.value - result.path_kl.value()) > 0.02 * result.path_kl.value()) {
    state.SkipWithError("our certificate and the peer's differ");
    return;
  }
  state.counters["path_kl"] = result.path_kl.value();
  state.counters["samples"] = static_cast<double>(result.samples);
  state.counters["numpy_s"] = kPeer.seconds;
  state.counters["ratio"] = benchmark::Counter(
      kPeer.seconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(path_certificate)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lemmabench
