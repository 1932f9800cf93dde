#include "cases/spec.hpp"
#include "fuzz/one_input.hpp"

using lemmabench::Spec;

/// `name:key=value,...` and every way of reading a value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench::fuzz;
  const std::string_view text = text_of(data, size);
  answers_or_refuses([&] { Spec::parse(text, "--target").finish(); });
  answers_or_refuses([&] { Spec::parse(text, "--target").number("n"); });
  answers_or_refuses([&] { Spec::parse(text, "--target").integer("i", -5, 1000000); });
  answers_or_refuses([&] { Spec::parse(text, "--target").numbers("list"); });
  answers_or_refuses([&] { Spec::parse(text, "--target").word("word"); });
  answers_or_refuses([&] {
    lemmabench::throw_unknown_name("--target", "target", text,
                                   {"gaussian", "mixture", "student-t"});
  });
  return 0;
}
