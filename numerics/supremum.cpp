#include "numerics/supremum.hpp"

#include <limits>

namespace lemmabench::supremum_detail {

double upper_double(const Ball& x) {
  if (!x.finite()) {
    return std::numeric_limits<double>::infinity();
  }
  arf_t bound;
  arf_init(bound);
  arb_get_ubound_arf(bound, x.raw(), 53);
  const double result = arf_get_d(bound, ARF_RND_CEIL);
  arf_clear(bound);
  return result;
}

double lower_double(const Ball& x) {
  if (!x.finite()) {
    return -std::numeric_limits<double>::infinity();
  }
  arf_t bound;
  arf_init(bound);
  arb_get_lbound_arf(bound, x.raw(), 53);
  const double result = arf_get_d(bound, ARF_RND_FLOOR);
  arf_clear(bound);
  return result;
}

}  // namespace lemmabench::supremum_detail
