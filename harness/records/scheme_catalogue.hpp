#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lemmabench {

/// A scheme that comes with the program (cases/catalogue/schemes/*.json, embedded at build time):
/// samplers of public libraries, traced in double precision from their code of November 2026.
/// `advertised_order` is there where a sampler's own name or the option it was run with says a
/// number.
struct CatalogueScheme {
  std::string_view name;  ///< "k-diffusion_heun_16.json"
  std::string_view text;  ///< the JSON
};

/// All of them, by name.
std::vector<CatalogueScheme> catalogue_schemes();
/// The one of that name.
std::optional<CatalogueScheme> find_catalogue_scheme(std::string_view name);

}  // namespace lemmabench
