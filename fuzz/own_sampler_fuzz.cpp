#include "cases/samplers/expression_sampler.hpp"
#include "fuzz/one_input.hpp"

/// Samplers as TOML files of coefficient expressions.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench::fuzz;
  answers_or_refuses([&] {
    require(!lemmabench::parse_expression_sampler(text_of(data, size), "mine.toml")
                 ->info()
                 .formula.empty(),
            "a sampler without a formula");
  });
  return 0;
}
