#include "harness/io/files.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

}  // namespace

TEST_CASE("files: what is written is read back, and nothing else stays") {
  const Scratch scratch;
  const std::string bytes("a\0b\nc", 5);
  write_file_atomically(scratch / "out.json", bytes);
  CHECK(read_file(scratch / "out.json") == bytes);
  write_file_atomically(scratch / "out.json", "second");
  CHECK(read_file(scratch / "out.json") == "second");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("files: what cannot be written is known before a long run") {
  const Scratch scratch;
  CHECK_NOTHROW(require_writable(scratch / "out.json"));
  CHECK_NOTHROW(require_writable("/dev/null"));
  CHECK_THROWS_AS(require_writable(scratch / "no/such/out.json"), InputError);
  CHECK_THROWS_AS(require_writable(scratch / "."), InputError);
  CHECK(scratch.entries() == 0);
}

TEST_CASE("files: a new file has the permissions open() would give, an old one keeps its own") {
  const Scratch scratch;
  const mode_t former = ::umask(027);
  write_file_atomically(scratch / "new", "x");
  ::umask(former);
  struct stat status {};
  REQUIRE(::stat((scratch / "new").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
  REQUIRE(::chmod((scratch / "new").c_str(), 0600) == 0);
  write_file_atomically(scratch / "new", "y");
  REQUIRE(::stat((scratch / "new").c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("files: a symbolic link stays one and its target changes") {
  const Scratch scratch;
  write_file_atomically(scratch / "target", "old");
  fs::create_symlink("target", scratch / "link");
  write_file_atomically(scratch / "link", "new");
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(read_file(scratch / "target") == "new");
}

TEST_CASE("files: what is no regular file is written to, not replaced") {
  // A pipe of our own stands for /dev/null: as root, broken code would really replace that one.
  const Scratch scratch;
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  const int reader = ::open((scratch / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  write_file_atomically(scratch / "pipe", "through");
  CHECK(fs::is_fifo(scratch / "pipe"));
  std::string seen(16, '\0');
  const ssize_t count = ::read(reader, seen.data(), seen.size());
  ::close(reader);
  REQUIRE(count == 7);
  CHECK(seen.substr(0, 7) == "through");
}

TEST_CASE("files: what cannot be written names the path and the reason, and leaves nothing") {
  const Scratch scratch;
  const std::string missing = (scratch / "no/such/file").string();
  CHECK_THROWS_WITH_AS(write_file_atomically(missing, "x"),
                       ("cannot write '" + missing + "': No such file or directory").c_str(),
                       InputError);
  fs::create_directory(scratch / "directory");
  CHECK_THROWS_AS(write_file_atomically(scratch / "directory", "x"), InputError);
  CHECK(scratch.entries() == 1);
}

TEST_CASE("files: a write that fails half-way leaves the old file and no temporary one") {
  const Scratch scratch;
  write_file_atomically(scratch / "out", "old");
  rlimit former{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &former) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, former.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  CHECK_THROWS_AS(write_file_atomically(scratch / "out", std::string(5000, 'x')), InputError);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &former) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(read_file(scratch / "out") == "old");
  CHECK(scratch.entries() == 1);
}

TEST_CASE("files: what cannot be read names the path and the reason") {
  const Scratch scratch;
  CHECK_THROWS_AS(read_file(scratch / "missing"), InputError);
  fs::create_directory(scratch / "directory");
  CHECK_THROWS_AS(read_file(scratch / "directory"), InputError);
}

}  // namespace lemmabench
