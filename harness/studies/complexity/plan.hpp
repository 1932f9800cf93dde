#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "numerics/rational.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// One member of a family: a target and the value of the family's variable.
struct AtlasMember {
  long at = 1;         ///< d, or whatever the family counts
  std::string target;  ///< canonical: catalogue name or inline spec
};

/// Targets that differ in one variable, and how their laws are obtained.
struct AtlasFamily {
  std::string id;        ///< one word, for files and tables
  std::string title;     ///< one line for people
  std::string variable;  ///< what `at` counts: "d" unless the plan says otherwise
  std::vector<AtlasMember> members;
  std::vector<std::string> samplers;
  long cap = 0;           ///< the largest T tried
  double resolution = 0;  ///< of T* (ComplexitySearch)
  long digits = 0;
  LawArithmetic arithmetic;  ///< a certificate: TV is bounded, not computed

  /// The error is not measured but bounded from above: T* is one that suffices.
  bool bounded() const { return arithmetic.is_certificate(); }
};

/// What the atlas measures: T*(d, eps) of every family.
struct AtlasPlan {
  std::string name;           ///< "quick", "full" or the file's name
  std::vector<Rational> eps;  ///< falling
  ScheduleKind schedule;
  /// TV is measured on the ladder of powers of two up to this T even where T* lies below, for the
  /// fits of its order.
  long ladder_to = 0;
  std::vector<AtlasFamily> families;

  /// The question for one member.
  LawRequest request(const AtlasFamily& family, const AtlasMember& member,
                     const std::string& sampler, long steps) const;
};

/// Reads a plan from the text of a TOML document; `file` names it in messages.
///
///     eps = ["1e-1", "1e-2", "1e-3"]
///     samplers = ["li-cai", "ddpm"]
///     cap = 16384                     # the largest T tried
///     schedule = "li-cai:c0=2,c1=9"   # from here on: the defaults
///     resolution = "0"                # T* to so much, relative; 0: to the step
///     ladder_to = 1024
///     [[family]]
///     id = "flat"
///     title = "flat Gaussian N(0, 0.3 I)"
///     target = "gaussian:dim={},variance=0.3"   # {} becomes the entries of dims
///     dims = [1, 4, 16, 64]
///     [[family]]
///     id = "images"
///     title = "..."
///     variable = "images"             # not d: no exponent of d is fitted
///     certificate = "0.05"            # bound by the path certificate, to 5 %
///     members = [{ at = 1, target = "fashion:count=1,..." }]
///
/// A family may have samplers, cap, resolution, digits and arithmetic of its own. Throws InputError
/// (file:line) for malformed TOML, an unknown key, a missing one, a value out of range, an id that
/// stands twice, or a target or sampler nobody has.
AtlasPlan parse_atlas_plan(std::string_view document, const std::string& file);

/// The plans compiled into the program (harness/studies/complexity/plans/*.toml): "quick" and
/// "full". Throws InputError for a name there is not.
AtlasPlan built_in_atlas_plan(std::string_view name);

}  // namespace lemmabench
