#pragma once

#include <string>

#include "cases/parse_schedule.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// The request that `lemmabench law` makes of these words, everything else being the default.
inline LawRequest request_for(const std::string& target, const std::string& sampler, long steps,
                              const std::string& schedule = "li-cai") {
  LawRequest out;
  out.target = target;
  out.sampler = sampler;
  out.schedule = make_schedule(schedule, "test");
  out.steps = steps;
  return out;
}

}  // namespace lemmabench
