#include "fuzz/one_input.hpp"
#include "numerics/rational.hpp"

using lemmabench::Rational;

/// Numbers: whatever parses has a text and a fraction that parse back to the same number.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench::fuzz;
  answers_or_refuses([&] {
    const Rational number = Rational::parse(text_of(data, size), "number");
    // Texts above the parser's own limit of 1000 characters cannot come back.
    for (const std::string& text : {number.text(), number.fraction()}) {
      require(text.size() > 1000 || Rational::parse(text, "number") == number,
              "a number's text does not parse back to it");
    }
    require(number.to_double() == number.to_double(), "a number's double is NaN");
  });
  return 0;
}
