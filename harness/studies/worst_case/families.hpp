#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "numerics/rational.hpp"

namespace lemmabench {

/// One parameter of a family of targets and where it may lie.
struct FamilyParameter {
  std::string name;
  double low = 0;
  double high = 1;
  bool logarithmic = false;  ///< searched in log(value); low > 0

  /// The value at `unit` in [0, 1], rounded to four significant digits: an exact decimal.
  Rational at(double unit) const;
};

/// A member of a family in one dimension.
struct FamilyMember {
  std::string target;        ///< inline spec, canonical: anyone can repeat it with `lemmabench law`
  double second_moment = 0;  ///< E||X_0||^2/d
};

/// A parametrised family of targets with exact laws, for the search of the worst one.
struct TargetFamily {
  std::string id;
  std::string title;
  std::vector<FamilyParameter> parameters;
  long least_dim = 1;
  long most_dim = 4096;
  /// A law costs milliseconds (Gaussian, line) and not a second (radial): more evaluations are
  /// spent, and more T are measured.
  bool cheap = false;
  std::function<FamilyMember(const std::vector<Rational>& values, long dim)> member;

  /// The values of the parameters at a point of the unit cube.
  std::vector<Rational> values(const std::vector<double>& unit) const;
};

/// Gaussians with one, two or three eigenvalues, two and three modes on the line, Student-t,
/// Laplace, contaminated and two-scale normals, shells, and products. The ranges are wide
/// (variances 1e-6 to 1e4); what leaves the assumption on the second moment is for the search to
/// reject.
const std::vector<TargetFamily>& worst_case_families();

/// The family of that id. Throws InputError naming all of them.
const TargetFamily& worst_case_family(const std::string& id);

}  // namespace lemmabench
