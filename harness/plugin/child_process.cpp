#include "harness/plugin/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxOutput = std::size_t{256} << 20;

// The address sanitizer reserves terabytes of address space; GCC defines a macro, Clang a feature.
#if defined(__has_feature)
#define LEMMABENCH_HAS_FEATURE(name) __has_feature(name)
#else
#define LEMMABENCH_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || LEMMABENCH_HAS_FEATURE(address_sanitizer)
constexpr bool kLimitsMemory = false;
#else
constexpr bool kLimitsMemory = true;
#endif

/// Both ends of a pipe; what is still open closes itself.
class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
      throw NumericalFailure(fmt::format("no pipe to a child process: {}", std::strerror(errno)));
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(0);
    close(1);
  }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close(std::size_t end) {
    if (const int descriptor = std::exchange(ends_[end], -1); descriptor >= 0) {
      ::close(descriptor);
    }
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) {
    out.push_back(text.data());
  }
  out.push_back(nullptr);
  return out;
}

/// Our environment with the names in `added` replaced.
std::vector<std::string> merged_environment(const std::vector<std::string>& added) {
  std::vector<std::string> out = added;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto name = text.substr(0, text.find('=') + 1);
    bool replaced = false;
    for (const std::string& other : added) {
      replaced = replaced || other.compare(0, name.size(), name) == 0;
    }
    if (!replaced) {
      out.push_back(text);
    }
  }
  return out;
}

void limit(__rlimit_resource resource, rlim_t most) {
  const rlimit both{most, most};
  ::setrlimit(resource, &both);
}

/// What the child does between fork and exec: async-signal-safe calls only, for the parent may have
/// threads.
[[noreturn]] void become(char* const* command, char* const* environment, int out, int err,
                         rlim_t memory) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0);
  if (kLimitsMemory) {
    limit(RLIMIT_AS, memory);
  }
  const int in = ::open("/dev/null", O_RDONLY);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execve(command[0], command, environment);
  ::_exit(127);
}

/// Appends what there is to read; false at the end of the stream.
bool drain(int descriptor, std::string& into) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) {
    into.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return count > 0 || (count < 0 && errno == EINTR);
}

/// Reads both streams to their ends, or until a limit is reached.
ChildOutcome::End collect(Pipe& out, Pipe& err, Clock::time_point deadline, ChildOutcome& into) {
  bool out_open = true;
  bool err_open = true;
  while (out_open || err_open) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      return ChildOutcome::End::too_slow;
    }
    std::array<pollfd, 2> wanted{
        {{out_open ? out.reader() : -1, POLLIN, 0}, {err_open ? err.reader() : -1, POLLIN, 0}}};
    ::poll(wanted.data(), wanted.size(), static_cast<int>(left < 100000 ? left + 1 : 100000));
    if (wanted[0].revents != 0) {
      out_open = drain(out.reader(), into.out);
    }
    if (wanted[1].revents != 0) {
      err_open = drain(err.reader(), into.err);
    }
    if (into.out.size() + into.err.size() > kMaxOutput) {
      return ChildOutcome::End::too_much_output;
    }
  }
  return ChildOutcome::End::exited;
}

/// Waits for a child that has closed its streams; false at the deadline.
bool wait_until(pid_t child, Clock::time_point deadline, int& status) {
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (Clock::now() >= deadline) {
      return false;
    }
    ::usleep(1000);
  }
  return true;
}

}  // namespace

ChildOutcome run_child(const std::vector<std::string>& command,
                       const std::vector<std::string>& environment, const ChildLimits& limits) {
  std::vector<std::string> words = command;
  std::vector<std::string> settings = merged_environment(environment);
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(settings);
  const auto memory = static_cast<rlim_t>(limits.memory_gigabytes * 0x1p30);
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(limits.seconds));
  Pipe out;
  Pipe err;
  const pid_t child = ::fork();
  if (child < 0) {
    throw NumericalFailure(fmt::format("no child process: {}", std::strerror(errno)));
  }
  if (child == 0) {
    become(argv.data(), envp.data(), out.writer(), err.writer(), memory);
  }
  ::setpgid(child, child);
  out.close(1);
  err.close(1);
  ChildOutcome outcome;
  outcome.end = collect(out, err, deadline, outcome);
  int status = 0;
  if (outcome.end == ChildOutcome::End::exited && !wait_until(child, deadline, status)) {
    outcome.end = ChildOutcome::End::too_slow;
  }
  if (outcome.end != ChildOutcome::End::exited) {
    ::kill(-child, SIGKILL);
    ::waitpid(child, &status, 0);
    return outcome;
  }
  if (WIFSIGNALED(status)) {
    outcome.end = ChildOutcome::End::crashed;
    outcome.code = WTERMSIG(status);
  } else {
    outcome.code = WEXITSTATUS(status);
  }
  return outcome;
}

}  // namespace lemmabench
