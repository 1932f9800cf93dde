// What the balls of a probe do not tell is not taken for a proof.
#include <doctest/doctest.h>

#include <string>

#include "cases/samplers/expression_sampler.hpp"
#include "cases/step_facts.hpp"

namespace lemmabench {
namespace {

bool proves_path(const char* noise) {
  const std::string document = "[[stage]]\ny = \"1/sqrt(alpha)\"\ns = \"b/sqrt(alpha)\"\nz = \"" +
                               std::string(noise) + "\"\n";
  return is_path_kernel(observe_steps(*parse_expression_sampler(document, "mine.toml")));
}

TEST_CASE("a noise that balls cannot tell from sqrt(b/alpha) is not believed to be it") {
  CHECK(proves_path("sqrt(b/alpha)"));
  CHECK_FALSE(proves_path("sqrt(b/alpha)/2"));
  // 1e200 takes all bits that the probe has: the ball of the noise contains everything.
  CHECK_FALSE(proves_path("sqrt(b/alpha)/2 + (1e200 + b) - 1e200 - b"));
}

}  // namespace
}  // namespace lemmabench
