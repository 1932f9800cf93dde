#include "cases/sampler.hpp"
#include "fuzz/one_input.hpp"

/// Samplers with their options.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench::fuzz;
  answers_or_refuses([&] {
    require_reads_back(lemmabench::make_sampler(text_of(data, size), "--sampler")->text(),
                       [](const std::string& again) {
                         return lemmabench::make_sampler(again, "--sampler")->text();
                       });
  });
  return 0;
}
