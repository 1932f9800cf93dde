#pragma once

#include <string>

#include "theory/claims/laboratory.hpp"

namespace lemmabench {

/// Laboratory::step_map for the samplers of cases/: makes the sampler that `sampler` names and runs
/// its step on Taylor series. Real = Ball or Jet<Ball>. Cost: that of the step's few dozen jet
/// operations and of the score calls.
template <class Real>
Jet<Real> sampler_step_map(const std::string& sampler, const SeriesStep<Real>& step,
                           const Jet<Real>& x, const SeriesScore<Real>& score);

extern template Jet<Ball> sampler_step_map<Ball>(const std::string&, const JetStep&,
                                                 const Jet<Ball>&, const JetScore&);
extern template Jet<Jet<Ball>> sampler_step_map<Jet<Ball>>(const std::string&, const NestedStep&,
                                                           const Jet<Jet<Ball>>&,
                                                           const NestedScore&);

}  // namespace lemmabench
