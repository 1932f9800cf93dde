#pragma once

#include <string>
#include <variant>

#include "theory/bounds/bounds.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"
#include "theory/targets/radial_law.hpp"

/// What a claim is evaluated on.
namespace lemmabench {

/// A target: a law of X_0 and the text that names it on the command line.
struct TargetCase {
  std::string target;  ///< what --target takes; empty if `law` cannot run there
  std::variant<ProductLaw, RadialLaw> law;
  /// One of the named targets, for which some statements name a constant that suffices.
  bool in_catalogue = false;

  long dim() const;
  /// The product law, or nullptr.
  const ProductLaw* product() const { return std::get_if<ProductLaw>(&law); }
  const RadialLaw* radial() const { return std::get_if<RadialLaw>(&law); }
  const StudentLaw* student() const { return radial() != nullptr ? radial()->student() : nullptr; }
  const ScaleMixtureLaw* scale_mixture() const {
    return radial() != nullptr ? radial()->scale_mixture() : nullptr;
  }
  bool gaussian() const { return product() != nullptr && product()->gaussian(); }
  /// True for independent coordinates in more than one dimension of which one at least is no
  /// Gaussian.
  bool independent_mixtures() const { return product() != nullptr && !gaussian() && dim() > 1; }
  /// True for a single mixture coordinate on the line with more than one component.
  bool line_mixture() const { return product() != nullptr && !gaussian() && dim() == 1; }
};

/// A schedule by itself, for the claims of family S.
struct ScheduleCase {
  ScheduleKind schedule;
};

/// A row of the comparison table, for the claims of family B.
struct TheoremCase {
  const Theorem* theorem = nullptr;
};

/// One case: a name (--cases matches it), a line for people, and the subject.
struct Case {
  std::string name;
  std::string title;
  std::variant<TargetCase, ScheduleCase, TheoremCase> subject;

  const TargetCase* target() const { return std::get_if<TargetCase>(&subject); }
  const ScheduleCase* schedule() const { return std::get_if<ScheduleCase>(&subject); }
  const TheoremCase* theorem() const { return std::get_if<TheoremCase>(&subject); }
};

}  // namespace lemmabench
