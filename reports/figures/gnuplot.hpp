#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace lemmabench {

/// Runs one gnuplot on the scripts, in order, in `directory`. The program is `gnuplot` on the PATH.
/// Throws std::runtime_error with the first line of its complaint when it is missing or fails.
void run_gnuplot(const std::vector<std::string>& scripts, const std::filesystem::path& directory);

}  // namespace lemmabench
