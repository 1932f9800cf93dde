#pragma once

#include <string_view>
#include <vector>

#include "theory/process/schedule.hpp"

namespace lemmabench {

/// Reads a schedule: `li-cai:c0=2,c1=9`, `logit:from=-9,to=9`, `two-phase:c0=..,c1=..`,
/// `linear:first=..,last=..`, `cosine:s=..`, `karras:sigma_min=..,sigma_max=..,rho=..`; every key
/// has a default. Throws InputError for an unknown name (with the nearest), key or number; ranges
/// are checked when the schedule is built.
ScheduleKind make_schedule(std::string_view text, std::string_view origin);

struct ScheduleInfo {
  std::string_view id;
  std::string_view title;
  std::string_view formula;
  std::string_view source;
  std::string_view options;
};
const std::vector<ScheduleInfo>& all_schedules();

}  // namespace lemmabench
