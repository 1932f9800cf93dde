#include "cases/target.hpp"
#include "fuzz/one_input.hpp"

/// Targets as TOML documents.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench::fuzz;
  answers_or_refuses([&] {
    const lemmabench::Target target = lemmabench::parse_target_toml(text_of(data, size), "t.toml");
    require(target.dim() >= 1, "a target of dimension below 1");
    require_reads_back(target.text(), [](const std::string& again) {
      return lemmabench::make_target(again, "--target").text();
    });
  });
  return 0;
}
