// The path certificate of li-cai against numpy, and two threads against one: 16 components with
// diagonal covariances in 64 dimensions, 100 steps, 1 % relative error at level 0.99.
//
// The peer (bench/peers/path_certificate.py, once a round, in the same run) estimates the same
// number to the same accuracy, one flow of order 6 for all samples, with its scores by matrix
// products on one thread of BLAS. Ours estimates it in two levels of the flow, which takes half the
// scores, and sums squared differences, which keeps digits where the noise is small.
//
// Counters are medians over the rounds: "ratio", the peer's time over ours on one thread;
// "two_threads", one thread's time over two threads'; "two_runs", what the machine has to give at
// that moment: twice one run's time over that of two runs side by side, on one thread each.

#include "harness/monte_carlo/certificate/path_certificate.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include "bench/mixture.hpp"
#include "bench/peer.hpp"

namespace lemmabench {
namespace {

using namespace bench;

constexpr int kRounds = 3;
constexpr int kRepeats = 5;

CertificateRequest request() {
  CertificateRequest out;
  out.target = target();
  out.sampler = "li-cai";
  out.schedule = LiCaiSchedule{};
  out.steps = kSteps;
  return out;
}

void path_certificate(benchmark::State& state) {
  const CertificateRequest asked = request();
  std::vector<double> numpy;
  std::vector<double> ratio;
  std::vector<double> two_threads;
  std::vector<double> two_runs;
  PathCertificate result;
  const auto run = [&](int threads) {
    return seconds([&] { result = certify_path(asked, threads); });
  };
  for (auto unused : state) {
    std::vector<double> one;
    for (int n = 0; n < kRepeats; ++n) {
      one.push_back(run(1));
      two_threads.push_back(one.back() / run(2));
      two_runs.push_back(2 * one.back() / seconds([&] {
                           std::thread other([&] { certify_path(asked, 1); });
                           certify_path(asked, 1);
                           other.join();
                         }));
    }
    const bench::PeerRun peer =
        bench::run_peer("path_certificate.py", fmt::format("{} 0.01", kSteps));
    // Both are good to 1 % at level 0.99.
    if (std::fabs(peer.value - result.path_kl.value()) > 0.02 * result.path_kl.value()) {
      state.SkipWithError("our certificate and the peer's differ");
      return;
    }
    state.SetIterationTime(median(one));
    numpy.push_back(peer.seconds);
    ratio.push_back(peer.seconds / median(one));
  }
  state.counters["path_kl"] = result.path_kl.value();
  state.counters["samples"] = static_cast<double>(result.samples);
  state.counters["numpy_s"] = median(numpy);
  state.counters["ratio"] = median(ratio);
  state.counters["two_threads"] = median(two_threads);
  state.counters["two_runs"] = median(two_runs);
}
BENCHMARK(path_certificate)->Iterations(kRounds)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace lemmabench
