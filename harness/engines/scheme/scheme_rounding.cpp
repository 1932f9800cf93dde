#include "harness/engines/scheme/scheme_rounding.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

#include "harness/engines/common/two_runs.hpp"

namespace lemmabench {
namespace {

class Rounding {
 public:
  void shake(double& coefficient) {
    ++place_;
    if (coefficient != 1) {
      coefficient *= 1 + rounding_units(place_) * std::numeric_limits<double>::epsilon();
    }
  }

 private:
  std::uint64_t place_ = 0;
};

double root_mean_square(const LineMixture<double>& law) {
  const double mean = law.mean();
  return std::sqrt(law.variance() + mean * mean);
}

}  // namespace

Scheme rounded_anew(const Scheme& scheme) {
  Scheme out = scheme;
  Rounding rounding;
  for (SchemeRow& row : out.rows) {
    for (SchemeTerm& term : row) {
      rounding.shake(term.coefficient);
    }
  }
  return out;
}

SchemeChain rounded_anew(const SchemeChain& chain) {
  SchemeChain out = chain;
  Rounding rounding;
  for (ChainRow& row : out.rows) {
    for (std::vector<ChainTerm>* terms : {&row.states, &row.outputs}) {
      for (ChainTerm& term : *terms) {
        rounding.shake(term.coefficient);
      }
    }
    rounding.shake(row.noise);
  }
  return out;
}

double dropped_variation(const SchemeChain& chain, const LineMixture<double>& clean,
                         const LineMixture<double>& start, const LineMixture<double>& truth) {
  double narrowest = HUGE_VAL;
  for (const auto& [weight, mean, variance] : truth.components()) {
    narrowest = std::min(narrowest, std::sqrt(variance));
  }
  double sum = 0;
  double noise = narrowest;
  for (std::size_t k = chain.rows.size(); k-- > 0;) {
    const ChainRow& row = chain.rows[k];
    noise = row.noise > 0 ? row.noise : noise;
    sum += (row.dropped_start * root_mean_square(start) +
            row.dropped_outputs * root_mean_square(clean) + row.dropped_noise) /
           noise;
  }
  return sum / std::sqrt(2 * std::numbers::pi);
}

}  // namespace lemmabench
