#include "theory/mixture/mixture_transport.hpp"

#include <cmath>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "theory/mixture/mixture_integrals.hpp"

namespace lemmabench {
namespace {

LineMixture<double> in_double(const BallMixture<>& mixture) {
  std::vector<LineMixture<double>::Component> components;
  double sum = 0;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    components.push_back({mixture.weight(k).to_double(), mixture.mean(k).to_double(),
                          mixture.variance(k).to_double()});
    sum += components.back().weight;
  }
  for (auto& c : components) {
    c.weight /= sum;
  }
  return LineMixture<double>(std::move(components));
}

}  // namespace

MixtureTransport::MixtureTransport(const BallMixture<>& from, const BallMixture<>& to)
    : from_(from), to_(to), rough_from_(in_double(from)), rough_to_(in_double(to)) {}

Ball MixtureTransport::at(const Ball& x) const {
  // Doubles guess, and choose between two forms of one equation; balls decide.
  const double rough_x = x.to_double();
  const double below = rough_from_.cdf(rough_x);
  const double above = rough_from_.upper_tail(rough_x);
  if (std::min(below, above) < 1e-290) {
    throw NumericalFailure("transport of a mixture: the point is too far out");
  }
  const double guess = exact_flow(rough_from_, rough_to_, rough_x);
  // F_to - F_from(x) increases through the image; through the upper tails where those are small.
  const bool low = below < above;
  const Ball level = low ? cdf(from_, x) : upper_tail(from_, x);
  const auto excess = [&](double y) {
    const Ball point = Ball::exactly(y);
    return low ? cdf(to_, point) - level : level - upper_tail(to_, point);
  };
  const double scale = std::abs(guess) + std::sqrt(rough_to_.variance());
  for (double spread = 1e-12 * scale; spread < scale; spread *= 16) {
    // What is returned is what was looked at: guess - spread is rounded.
    const double left = guess - spread;
    const double right = guess + spread;
    if (excess(left).positive() == Truth::certainly_not &&
        excess(right).positive() == Truth::certainly) {
      return Ball::hull(Ball::exactly(left), Ball::exactly(right));
    }
  }
  throw NumericalFailure("transport of a mixture: the image could not be enclosed");
}

Ball MixtureTransport::operator()(const Ball& box) const {
  if (box.exact()) {
    return at(box);
  }
  return Ball::hull(at(lower_end(box)), at(upper_end(box)));
}

}  // namespace lemmabench
