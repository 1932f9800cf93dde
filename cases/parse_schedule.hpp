#pragma once

#include <string_view>
#include <vector>

#include "theory/process/schedule.hpp"

namespace lemmabench {

/// Reads a schedule: `li-cai:c0=2,c1=9`, `logit:from=-9,to=9`, `two-phase:c0=..,c1=..`,
/// `linear:first=..,last=..`, `cosine:s=..` (both also with `train=..,spacing=..,offset=..`),
/// `scaled-linear:first=..,last=..,train=..,spacing=..,offset=..`,
/// `karras:sigma_min=..,sigma_max=..,rho=..`, `exponential:sigma_min=..,sigma_max=..`,
/// `flow:shift=..,from=..,to=..`; every key has a default. `levels:file=..,column=..,hash=..` reads
/// a file (cases/levels_file.hpp). Throws InputError for an unknown name (with the nearest), key or
/// number, and for levels that are none; other ranges are checked when the schedule is built.
ScheduleKind make_schedule(std::string_view text, std::string_view origin);

/// The schedule of a record. One of a file that is gone or has changed since has its canonical text
/// and no levels: building it throws what make_schedule() would.
ScheduleKind recorded_schedule(const std::string& text, std::string_view origin);

struct ScheduleInfo {
  std::string_view id;
  std::string_view title;
  std::string_view formula;
  std::string_view source;
  std::string_view options;
};
const std::vector<ScheduleInfo>& all_schedules();

}  // namespace lemmabench
