#pragma once

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

namespace lemmabench {

/// A file of levels, sigma geometric from 20 to 0.05, that goes away with the object; for tests
/// over all schedules, of which `levels` is one.
class LevelsFile {
 public:
  explicit LevelsFile(long levels)
      : path_(std::filesystem::temp_directory_path() /
              ("lemmabench_levels_" + std::to_string(::getpid()) + "_" + std::to_string(levels) +
               ".csv")) {
    std::ofstream out(path_);
    out.precision(17);
    for (long k = 0; k < levels; ++k) {
      out << 20 * std::pow(0.05 / 20, static_cast<double>(k) / static_cast<double>(levels - 1))
          << '\n';
    }
  }
  LevelsFile(const LevelsFile&) = delete;
  LevelsFile& operator=(const LevelsFile&) = delete;
  ~LevelsFile() { std::filesystem::remove(path_); }

  /// "levels:file=..."
  std::string schedule() const { return "levels:file=" + path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace lemmabench
