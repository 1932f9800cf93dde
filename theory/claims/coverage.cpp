#include "theory/claims/coverage.hpp"

#include <stdexcept>
#include <utility>

namespace lemmabench {

Coverage Coverage::whole(std::string how) { return Coverage(0, std::move(how)); }

Coverage Coverage::instances(long count, std::string of) {
  if (count < 1) {
    throw std::logic_error("a coverage of no instances: nothing was looked at");
  }
  return Coverage(count, std::move(of));
}

}  // namespace lemmabench
