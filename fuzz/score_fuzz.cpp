#include "cases/score_estimate.hpp"
#include "fuzz/one_input.hpp"

/// Score estimates with their options.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench::fuzz;
  answers_or_refuses([&] {
    require_reads_back(
        lemmabench::make_score(text_of(data, size), "--score")->text(),
        [](const std::string& again) { return lemmabench::make_score(again, "--score")->text(); });
  });
  return 0;
}
