// Laws of schemes on a mixture on the line against numpy on grids: four schemes of the catalogue on
// the three-component mixture, started exactly, TV against X_0 + sigma_K Z.
//
// Ours computes everything twice for its error estimate, and KL and Hellinger besides, to 1e-12.
// The peer (bench/peers/scheme_law.py, run once a scheme and way) computes TV on finer and finer
// grids until two agree to 1e-8: the composed map on a grid, a matrix of Gaussians a step, and for
// noise with memory the joint density of two states, as a matrix ("pairs", the straightforward way,
// and at 256 steps too slow to wait for) or as the band of it that is not 0 ("band"). "ratio" is
// the time of the straightforward peer over ours, "ratio_band" that of the other; "tv_error" our
// stated error, and "gap" the largest difference of the TVs, which is the peer's error as long as
// ours is smaller.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "bench/peer.hpp"
#include "harness/law/law.hpp"
#include "harness/records/scheme_file.hpp"

namespace lemmabench {
namespace {

constexpr double kPeerAccuracy = 1e-8;  // what two of its grids agree to; observed at most 2e-10

LawResult run(const std::string& file, int threads) {
  LawRequest request;
  request.target = "mixture-three";
  const SchemeFile scheme = open_scheme(file, "--sampler");
  request.sampler = scheme.text;
  request.steps = scheme.steps();
  request.start = Start::exact;
  return compute_law(request, LawOptions{.decomposition = false, .threads = threads});
}

void scheme_law(benchmark::State& state, const std::string& file,
                const std::vector<std::string>& ways) {
  std::vector<bench::PeerRun> peers;
  for (const std::string& way : ways) {
    peers.push_back(bench::run_peer(
        "scheme_law.py",
        fmt::format("{}/cases/catalogue/schemes/{} {}", LEMMABENCH_SOURCE_DIR, file, way)));
  }
  LawResult result;
  for (auto unused : state) {
    result = run(file, 2);
  }
  double gap = 0;
  for (const bench::PeerRun& peer : peers) {
    gap = std::max(gap, std::fabs(result.tv.value() - peer.value));
  }
  if (!(gap <= kPeerAccuracy) || !(result.tv.error() <= 1e-9)) {
    state.SkipWithError("our TV and the peer's differ, or ours is not good to 1e-9");
    return;
  }
  state.counters["tv_error"] = result.tv.error();
  state.counters["gap"] = gap;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const bool band = ways[i] == "band";
    state.counters[band ? "band_s" : "numpy_s"] = peers[i].seconds;
    state.counters[band ? "ratio_band" : "ratio"] = benchmark::Counter(
        peers[i].seconds * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  }
}

/// One benchmark: its name, the scheme of the catalogue, the peer's ways.
void add(const std::string& name, const std::string& file, const std::vector<std::string>& ways) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [=](benchmark::State& state) { scheme_law(state, file, ways); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

[[maybe_unused]] const bool kAdded = [] {
  add("scheme_law/deterministic_64", "k-diffusion_dpmpp_2m_64.json", {"map"});
  add("scheme_law/one_noise_64", "k-diffusion_euler_ancestral_64.json", {"steps"});
  add("scheme_law/memory_64", "k-diffusion_dpmpp_2m_sde_midpoint_64.json", {"pairs", "band"});
  add("scheme_law/memory_256", "k-diffusion_dpmpp_2m_sde_midpoint_256.json", {"band"});
  return true;
}();

}  // namespace
}  // namespace lemmabench
