#include "harness/engines/common/informative.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// Certainly outside [0, 1], or below 0 if there is no upper end.
void require_possible(std::string_view name, const Quantity& x, bool at_most_one) {
  if (!x.finite()) {
    return;
  }
  const Ball interval = x.interval();
  if (interval.less_than(Ball(0)) == Truth::certainly ||
      (at_most_one && Ball(1).less_than(interval) == Truth::certainly)) {
    throw NumericalFailure(
        fmt::format("the {} came out as {} +- {}, which it cannot be: please report this command",
                    name, x.decimal(6).value, x.decimal(6).error));
  }
}

void require_known(std::string_view name, const Quantity& x) {
  require_possible(name, x, true);
  if (x.finite() && x.error() > kLeastKnowledge) {
    throw NumericalFailure(fmt::format(
        "the {} is known to +- {:.2g} only, which says next to nothing of a number in [0, 1]: the "
        "engine could not resolve this law; `lemmabench particles` takes samples of it",
        name, x.error()));
  }
}

}  // namespace

void require_resolved(double lost) {
  if (!(lost <= kMostLost)) {
    throw NumericalFailure(fmt::format(
        "the computed law of Y_1 is off by {:.2g} in mass, so nothing is known of it: it spreads "
        "beyond, or is finer than, what the engine resolves; `lemmabench particles` takes samples "
        "of it",
        lost));
  }
}

LawResult informative(LawResult law) {
  if (law.parts.mass_defect) {
    require_resolved(law.parts.mass_defect->value() + law.parts.mass_defect->error());
  }
  require_known("total variation", law.tv);
  require_known("Hellinger distance", law.hellinger);
  require_possible("KL(p||q)", law.kl_pq, false);
  require_possible("KL(q||p)", law.kl_qp, false);
  for (const auto part : {&LawParts::initialisation, &LawParts::discretisation, &LawParts::score,
                          &LawParts::initial_tv}) {
    std::optional<Quantity>& tv = law.parts.*part;
    if (tv && tv->finite() && tv->error() > kLeastKnowledge) {
      tv = Quantity::unknown(tv->evidence(),
                             fmt::format("the engine knows it to +- {:.2g} only", tv->error()));
    }
  }
  return law;
}

}  // namespace lemmabench
