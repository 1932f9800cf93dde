#include "harness/records/scheme_catalogue.hpp"

#include "scheme_files.hpp"

namespace lemmabench {

std::vector<CatalogueScheme> catalogue_schemes() {
  std::vector<CatalogueScheme> out;
  for (const EmbeddedFile& file : scheme_files()) {
    out.push_back({file.name, file.text});
  }
  return out;
}

std::optional<CatalogueScheme> find_catalogue_scheme(std::string_view name) {
  for (const EmbeddedFile& file : scheme_files()) {
    if (file.name == name) {
      return CatalogueScheme{file.name, file.text};
    }
  }
  return std::nullopt;
}

}  // namespace lemmabench
