#include "theory/claims/case.hpp"

namespace lemmabench {

long TargetCase::dim() const {
  if (const ScaleMixtureLaw* scales = scale_mixture()) {
    return scales->dim;
  }
  return product() != nullptr ? product()->dim() : student()->dim;
}

}  // namespace lemmabench
