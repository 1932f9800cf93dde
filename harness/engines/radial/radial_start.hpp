#pragma once

#include "harness/engines/radial/radial_walk.hpp"
#include "numerics/mp.hpp"
#include "theory/radial/scale_mixture.hpp"

namespace lemmabench {

/// N(0, I), the law that samplers start from, in the unit of level T.
class StartGaussian final : public RadialMarginal {
 public:
  explicit StartGaussian(const RadialModel& model)
      : law_(model.target.dim(), atomic_scale({{1, 1}}), Level<double>{0.5, 0.5}),
        log_unit_(to_double(Mp40(log(model.unit(model.schedule.steps()))))) {}

  long dim() const override { return law_.dim(); }
  double log_density(double v) const override { return law_.log_density(v + log_unit_); }
  double score_factor(double v) const override { return law_.score_factor(v + log_unit_); }
  double second_moment() const override { return 1; }
  double log_unit() const override { return log_unit_; }
  RadialFeature feature(double negligible) const override {
    const RadialFeature out = law_.feature(negligible);
    return {out.low - log_unit_, out.high - log_unit_, out.width};
  }

 private:
  ScaleMixture law_;
  double log_unit_;
};

}  // namespace lemmabench
