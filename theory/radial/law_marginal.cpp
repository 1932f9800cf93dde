#include "theory/radial/law_marginal.hpp"

#include <utility>
#include <variant>
#include <vector>

#include "theory/radial/scale_mixture.hpp"
#include "theory/radial/shell_marginal.hpp"

namespace lemmabench {
namespace {

ScaleLaw atoms_of(const ScaleMixtureLaw& law) {
  std::vector<ScaleLaw::Atom> atoms;
  for (const ScaleMixtureLaw::Atom& atom : law.atoms) {
    atoms.push_back({atom.weight.to_double(), atom.variance.to_double()});
  }
  return atomic_scale(std::move(atoms));
}

struct MarginalMaker {
  const Level<double>& level;
  double fineness;
  bool centred;

  using Result = std::unique_ptr<RadialMarginal>;
  Result mixture(long dim, const ScaleLaw& law) const {
    return std::make_unique<ScaleMixture>(dim, law, level, fineness);
  }
  Result operator()(const StudentLaw& x) const {
    return mixture(x.dim, student_scale(x.nu.to_double()));
  }
  Result operator()(const LaplaceLaw& x) const {
    return mixture(x.dim, laplace_scale(x.variance.to_double()));
  }
  Result operator()(const ScaleMixtureLaw& x) const { return mixture(x.dim, atoms_of(x)); }
  Result operator()(const ShellLaw& x) const {
    return std::make_unique<ShellMarginal>(x.dim, x.radius.to_double(), level, centred);
  }
};

}  // namespace

std::unique_ptr<RadialMarginal> radial_marginal(const RadialLaw& law, const Level<double>& level,
                                                double fineness, bool centred) {
  const MarginalMaker make{level, fineness, centred};
  // N(0, I) whatever X_0 is: without a second moment, too, and on a sphere, of radius 0 here.
  return level.abar == 0 ? make.mixture(law.dim(), atomic_scale({{1, 1}}))
                         : std::visit(make, law.law);
}

}  // namespace lemmabench
