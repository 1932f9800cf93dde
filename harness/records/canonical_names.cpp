#include "harness/records/canonical_names.hpp"

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"

namespace lemmabench {

std::string canonical_target(std::string_view text, std::string_view origin) {
  std::string canonical = make_target(text, origin).text();
  for (const Target& known : catalogue_targets()) {
    if (known.text() == canonical) {
      return known.name;
    }
  }
  return canonical;
}

std::string canonical_sampler(std::string_view text, std::string_view origin) {
  return make_sampler(text, origin)->text();
}

std::string canonical_score(std::string_view text, std::string_view origin) {
  return make_score(text, origin)->text();
}

}  // namespace lemmabench
