#include "theory/claims/case.hpp"

namespace lemmabench {

long TargetCase::dim() const { return product() != nullptr ? product()->dim() : radial()->dim(); }

}  // namespace lemmabench
