#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cases/targets/cloud.hpp"
#include "theory/targets/product_law.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {

/// CoordinateLaw: a mixture on the line.
using TargetLaw = std::variant<GaussianLaw, CoordinateLaw, RadialLaw, CloudTarget, ProductLaw>;

/// A law to sample from, with everything about it known exactly.
struct Target {
  std::string name;   ///< the catalogue's or the file's; empty for an inline spec
  std::string title;  ///< one line for people; may be empty
  std::string spec;   ///< the inline spec with the same meaning, "gaussian:spectrum=0.25x2+4x2"
  TargetLaw law;

  long dim() const;
  const std::string& text() const { return spec; }
  /// name if there is one, else text().
  std::string label() const { return name.empty() ? text() : name; }
};

/// Makes the target that `text` names: a catalogue name, a TOML file (ends in .toml) or an inline
/// spec. `origin` (e.g. "--target") starts every message. Throws InputError for an unknown name
/// (with the nearest ones), a malformed number, weights that do not sum to 1 (and by how much), a
/// variance <= 0, dimension 0, or a file that cannot be read or parsed (file:line).
Target make_target(std::string_view text, std::string_view origin);

/// Reads a target from the text of a TOML document:
///   title = "two far modes"
///   law = "mixture"                       # or "gaussian"
///   weights = ["1/2", "1/2"]              # the keys of the inline spec; strings are exact,
///   means = [-3, 3]                       # a TOML float is taken as its shortest decimal
///   variances = ["0.25", "0.25"]
/// `file` names the document in messages. Throws InputError as above.
Target parse_target_toml(std::string_view document, const std::string& file);

/// The named targets (cases/catalogue/*.toml, embedded at build time), by name.
const std::vector<Target>& catalogue_targets();

/// The kinds of target an inline spec can start with, for `lemmabench list targets`.
struct TargetKind {
  std::string_view id;
  std::string_view title;
  std::string_view options;
  std::string_view engine;
};
const std::vector<TargetKind>& target_kinds();

}  // namespace lemmabench
