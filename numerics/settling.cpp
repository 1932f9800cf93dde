#include "numerics/settling.hpp"

#include <algorithm>
#include <cmath>

namespace lemmabench {
namespace {

constexpr double kLeastOfOrders = 0.3;
constexpr double kFasterThanLog = 1.4;

}  // namespace

double settling_rate(double former, double latter, double distance) {
  return std::log(former / latter) / distance;
}

double needed_rate_of_orders(double log_rate) {
  return std::max(kLeastOfOrders, kFasterThanLog * log_rate);
}

double needed_rate_of_constants() { return std::log2(4.0 / 3.0); }

}  // namespace lemmabench
