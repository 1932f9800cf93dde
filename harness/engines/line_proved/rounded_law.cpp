#include "harness/engines/line_proved/rounded_law.hpp"

#include <utility>
#include <vector>

#include "numerics/ball_functions.hpp"

namespace lemmabench {

RoundedLaw rounded_law(const BallMixture<>& mixture) {
  std::vector<GaussGroup> groups;
  UpperSum defect;
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    const Ball sd = sqrt(mixture.variance(k));
    const GaussGroup group{
        sd.to_double(), {mixture.mean(k).to_double()}, {mixture.weight(k).to_double()}};
    const Ball to_weight = mixture.weight(k) - Ball::exactly(group.weights[0]);
    const Ball to_mean = (mixture.mean(k) - Ball::exactly(group.means[0])) / sd;
    const Ball to_sd = log(sd / Ball::exactly(group.sd));
    defect.add(upper_double(to_weight.magnitude_upper()));
    defect.add(upper_double(mixture.weight(k) * (to_mean.magnitude_upper() * Ball(Rational(4, 5)) +
                                                 to_sd.magnitude_upper())));
    groups.push_back(group);
  }
  return {GaussSum(std::move(groups)), defect.value()};
}

RoundedLaw standard_normal() { return {GaussSum({{.sd = 1, .means = {0}, .weights = {1}}}), 0}; }

}  // namespace lemmabench
