#include "harness/io/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view action, const fs::path& path, int reason) {
  throw InputError(fmt::format("cannot {} '{}': {}", action, path.string(), std::strerror(reason)));
}

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  int get() const { return descriptor_; }
  /// Closes now, because a full disk may show only here; false with errno set if that failed.
  bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

 private:
  int descriptor_;
};

/// Removes the file it names unless told to keep it.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path) : path_(std::move(path)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) {
      ::unlink(path_.c_str());
    }
  }
  const std::string& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void write_in_place(const fs::path& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0 || !write_all(file.get(), bytes) || !file.close()) {
    fail("write", path, errno);
  }
}

/// What open() would give a new file: 0666 without the bits of the umask.
mode_t default_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    fail("write", path, EISDIR);
  }
  if (exists && !S_ISREG(status.st_mode)) {
    write_in_place(path, bytes);
    return;
  }
  if (exists && ::access(path.c_str(), W_OK) != 0) {
    fail("write", path, errno);
  }
  std::error_code unresolved;
  const fs::path resolved = exists ? fs::canonical(path, unresolved) : path;
  const fs::path target = unresolved ? path : resolved;
  // Hidden, and in the same directory: rename() is atomic only within one file system.
  std::string pattern =
      (target.parent_path() / fmt::format(".{}.XXXXXX", target.filename().string())).string();
  Descriptor file(::mkostemp(pattern.data(), O_CLOEXEC));
  if (file.get() < 0) {
    fail("write", path, errno);
  }
  TemporaryFile temporary(pattern);
  const mode_t mode = exists ? status.st_mode & 07777 : default_mode();
  if (!write_all(file.get(), bytes) || ::fchmod(file.get(), mode) != 0 ||
      ::fsync(file.get()) != 0 || !file.close() ||
      ::rename(temporary.path().c_str(), target.c_str()) != 0) {
    fail("write", path, errno);
  }
  temporary.keep();
}

void require_writable(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      fail("write", path, EISDIR);
    }
    if (!S_ISREG(status.st_mode)) {
      return;  // a pipe or device is written in place
    }
  }
  const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (::access(directory.c_str(), W_OK | X_OK) != 0) {
    fail("write", path, errno);
  }
}

std::string read_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    fail("read", path, errno);
  }
  if (S_ISDIR(status.st_mode)) {
    fail("read", path, EISDIR);
  }
  std::string content;
  std::string block(std::size_t{1} << 16, '\0');
  while (true) {
    const ssize_t count = ::read(file.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      fail("read", path, errno);
    }
    if (count == 0) {
      return content;
    }
    content.append(block, 0, static_cast<std::size_t>(count));
    if (content.size() > kMaxInputBytes) {
      fail("read", path, EFBIG);
    }
  }
}

}  // namespace lemmabench
