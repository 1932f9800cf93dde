#pragma once

#include <string>
#include <variant>
#include <vector>

#include "numerics/rational.hpp"
#include "theory/bounds.hpp"
#include "theory/schedule.hpp"

/// What a claim is evaluated on. All data are exact rationals, so that a claim can be evaluated
/// again at any precision.
namespace lemmabench {

/// One independent coordinate of X_0, a Gaussian mixture on the line (one component: a Gaussian),
/// repeated `multiplicity` times.
struct CoordinateLaw {
  struct Component {
    Rational weight;
    Rational mean;
    Rational variance;
  };
  std::vector<Component> components;
  long multiplicity = 1;

  bool gaussian() const { return components.size() == 1; }
  Rational mean() const;
  /// E X^2 = sum_k w_k (m_k^2 + v_k).
  Rational second_moment() const;
  Rational variance() const { return second_moment() - mean() * mean(); }
};

/// A law with independent coordinates, each a Gaussian mixture on the line: diagonal Gaussians in
/// R^d (one component each) and mixtures on the line (one coordinate).
struct ProductLaw {
  std::vector<CoordinateLaw> coordinates;

  long dim() const;
  bool gaussian() const;
  /// E||X_0||^2.
  Rational second_moment() const;
};

/// Multivariate Student-t with nu degrees of freedom in R^d: X_0 = sqrt(W) G,
/// W ~ InvGamma(nu/2, nu/2), G ~ N(0, I). E||X_0||^2 = d nu/(nu-2) for nu > 2, else infinite.
struct StudentLaw {
  long dim = 1;
  Rational nu;
};

/// A target: a law of X_0 and the text that names it on the command line.
struct TargetCase {
  std::string target;  ///< what --target takes; empty if `law` cannot run there
  std::variant<ProductLaw, StudentLaw> law;
  /// One of the named targets, for which some statements name a constant that suffices.
  bool in_catalogue = false;

  long dim() const;
  /// The product law, or nullptr.
  const ProductLaw* product() const { return std::get_if<ProductLaw>(&law); }
  const StudentLaw* student() const { return std::get_if<StudentLaw>(&law); }
  bool gaussian() const { return product() != nullptr && product()->gaussian(); }
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
