#include "harness/records/scheme_file.hpp"

#include <fmt/format.h>

#include "cases/samplers/expression_sampler.hpp"
#include "cases/spec.hpp"
#include "harness/io/files.hpp"
#include "harness/records/scheme_json.hpp"

namespace lemmabench {

long SchemeFile::steps() const {
  return scheme.steps.value_or(static_cast<long>(scheme.calls()));
}

SchemeFile open_scheme(std::string_view sampler, std::string_view origin) {
  Spec spec = Spec::parse(sampler, origin);
  const std::string path = spec.name();
  const std::string document = read_file(path);
  const std::string hash = content_hash(document);
  if (spec.has("hash") && spec.word("hash") != hash) {
    spec.fail_at("hash", fmt::format("the file has changed since: it is {} now; leave the hash out "
                                     "to take it as it is",
                                     hash));
  }
  spec.finish();
  return {parse_scheme(document, fmt::format("{} {}", origin, path)),
          fmt::format("{}:hash={}", path, hash)};
}

}  // namespace lemmabench
