#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lemmabench {

/// A colour by role, with its value on light paper (used in the files that stand alone) and on
/// dark paper (the page replaces the former by a CSS variable `--fig-<name>`).
struct Ink {
  std::string_view name;
  std::string_view light;  ///< "#rrggbb"
  std::string_view dark;
};

/// Every colour a figure may use. The data colours are Okabe & Ito's colour-blind safe set ("Color
/// Universal Design", 2008), the two lightest of them darkened to 3:1 on white.
const std::vector<Ink>& inks();

/// The light value of the ink `name`. Throws std::logic_error if there is none.
std::string_view light_value(std::string_view name);

/// How a series looks: colour, and a marker and a dash that tell it apart without colour.
struct Style {
  std::string ink = "text";
  int marker = 0;      ///< gnuplot point type; 0 = none
  std::string dash;    ///< gnuplot dash list such as "6,3"; empty = solid
  double width = 1.6;  ///< px
};

/// The look of a sampler, the same in every figure. A sampler that is not in the list gets a look
/// from its place among the unknown ones (`rank`).
Style sampler_style(std::string_view sampler, int rank = 0);

}  // namespace lemmabench
