#include "cases/target.hpp"
#include "fuzz/one_input.hpp"

/// Targets as the command line takes them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench::fuzz;
  const std::string_view text = text_of(data, size);
  if (text.find(".toml") != std::string_view::npos) {
    return 0;  // would read whatever file has that name; toml_fuzz has the documents
  }
  answers_or_refuses([&] {
    const lemmabench::Target target = lemmabench::make_target(text, "--target");
    require(target.dim() >= 1, "a target of dimension below 1");
    require_reads_back(target.text(), [](const std::string& again) {
      return lemmabench::make_target(again, "--target").text();
    });
  });
  return 0;
}
