#include "reports/figures/palette.hpp"

#include <stdexcept>

namespace lemmabench {

const std::vector<Ink>& inks() {
  static const std::vector<Ink> all = {
      // Light values are pairwise different: the page tells inks apart by them.
      {"text", "#1c1c1e", "#ececee"},   {"quiet", "#6b6b70", "#a0a0a8"},
      {"rule", "#d9d9de", "#3b3b42"},   {"paper", "#ffffff", "#1b1b1f"},
      {"grey", "#5a5a5f", "#c3c3c9"},   {"sky", "#3b97d3", "#7cc6f5"},
      {"blue", "#0072b2", "#58a8e0"},   {"vermillion", "#d55e00", "#ff8f45"},
      {"purple", "#b3488d", "#e591c6"}, {"green", "#008f68", "#34c79b"},
      {"amber", "#b87f00", "#efb93c"},
  };
  return all;
}

std::string_view light_value(std::string_view name) {
  for (const Ink& ink : inks()) {
    if (ink.name == name) {
      return ink.light;
    }
  }
  throw std::logic_error("no ink named " + std::string(name));
}

namespace {

/// Okabe-Ito roles: the plain sampler in grey, the accelerated ones in the warm and strong hues.
const std::vector<std::pair<std::string_view, Style>>& known_styles() {
  static const std::vector<std::pair<std::string_view, Style>> styles = {
      {"ddpm", {"grey", 7, "", 1.6}},
      {"ddpm-posterior", {"sky", 6, "6,3", 1.6}},
      {"ddim", {"blue", 5, "", 1.6}},
      {"li-cai", {"vermillion", 13, "", 2.2}},
      {"li-cai-momentum", {"purple", 9, "7,3", 2.0}},
      {"li-huang-ode", {"green", 11, "", 1.6}},
      {"li-huang-sde", {"amber", 4, "3,3", 1.6}},
  };
  return styles;
}

}  // namespace

Style sampler_style(std::string_view sampler, int rank) {
  const std::string_view id = sampler.substr(0, sampler.find(':'));
  for (const auto& [name, style] : known_styles()) {
    if (name == id) {
      return style;
    }
  }
  const auto& styles = known_styles();
  Style style = styles[static_cast<std::size_t>(rank) % styles.size()].second;
  style.dash = "2,4";
  return style;
}

}  // namespace lemmabench
