#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <system_error>

namespace lemmabench {

/// A name for a file of our own that a child writes its answer to, or reads its question from: what
/// a sampler prints must not mix with it. Removed at the end.
class AnswerFile {
 public:
  explicit AnswerFile(const char* extension = ".json") {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() /
            fmt::format("lemmabench.{}.{}{}", ::getpid(), ++count, extension);
  }
  AnswerFile(const AnswerFile&) = delete;
  AnswerFile& operator=(const AnswerFile&) = delete;
  ~AnswerFile() {
    std::error_code not_there;
    std::filesystem::remove(path_, not_there);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace lemmabench
