#include "harness/records/scheme_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <system_error>

#include "cases/samplers/expression_sampler.hpp"
#include "cases/spec.hpp"
#include "harness/io/files.hpp"
#include "harness/records/scheme_catalogue.hpp"
#include "harness/records/scheme_json.hpp"

namespace lemmabench {

long SchemeFile::steps() const {
  return scheme.steps.value_or(static_cast<long>(scheme.calls()));
}

namespace {

/// A file of the user's goes before one of the catalogue with the same name.
std::string document_of(const std::string& path) {
  std::error_code unreadable;
  const bool there = std::filesystem::exists(path, unreadable);
  const auto known = there ? std::nullopt : find_catalogue_scheme(path);
  return known ? std::string(known->text) : read_file(path);
}

}  // namespace

SchemeFile open_scheme(std::string_view sampler, std::string_view origin) {
  Spec spec = Spec::parse(sampler, origin);
  const std::string path = spec.name();
  const std::string document = document_of(path);
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
