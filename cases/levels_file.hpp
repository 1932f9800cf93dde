#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "theory/process/schedule_kinds.hpp"

namespace lemmabench {

/// Levels from a file, binary doubles taken exactly (a decimal is the double nearest to it).
///   .json  a list of numbers, or an object with one under "sigmas" or "sigma"; "abar" or
///          "alphas_cumprod"; "betas" or "beta" (other keys are left alone). "inf" is infinity.
///   .csv   one number a line, or all on one line; a first line without a number is a name.
///   .npy   shape (T,), (T, 1) or (1, T), as read_point_file takes them (float16 to float64).
/// `column` says what the numbers are, and which are meant where a .json has several; without it
/// they are what the key says, and sigma where there is none. `hash`, if not empty, is the
/// content_hash the file must have. Throws InputError, one line starting with `origin`, for a file
/// that cannot be read, has another hash or ending, holds no such list, or as listed_schedule()
/// does. O(bytes).
ListedSchedule read_levels_file(const std::string& file, std::optional<LevelScale> column,
                                std::string_view hash, std::string_view origin);

/// The same from memory; `file` gives the ending and the name in text() and messages.
ListedSchedule parse_levels(std::string_view bytes, const std::string& file,
                            std::optional<LevelScale> column, std::string_view origin);

}  // namespace lemmabench
