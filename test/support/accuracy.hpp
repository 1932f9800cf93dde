#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

/// How tests compare doubles. CHECK_CLOSE(observed, expected, bound, reason) fails unless
/// |observed - expected| <= bound; the bound is Bound::absolute(x), or Bound::relative(x), which
/// is x |expected|. There is no default bound: whoever writes one derives it, and `reason` says how
/// in a few words. doctest's Approx is not used: it adds 1 to the scale, so that anything tiny
/// passes (test/accuracy.sh refuses it).
///
/// Where the environment variable LEMMABENCH_ACCURACY names a file, every comparison appends a row
/// to it; test/accuracy.sh makes docs/accuracy.md of them.
namespace lemmabench {

struct Bound {
  static Bound absolute(double size) { return {size, false}; }
  static Bound relative(double size) { return {size, true}; }

  double size = 0;
  bool is_relative = false;
};

/// One comparison and how it came out.
class Closeness {
 public:
  Closeness(double observed, double expected, Bound bound)
      : observed_(observed), expected_(expected), bound_(bound) {
    const double difference = std::fabs(observed - expected);
    // 0 relative to 0 is exact; anything else relative to 0 is not.
    deviation_ =
        bound.is_relative && difference > 0 ? difference / std::fabs(expected) : difference;
  }
  /// NaN is close to nothing.
  bool holds() const { return deviation_ <= bound_.size; }
  std::string text() const {
    return fmt::format("{:.17g} against {:.17g}: off by {:.2g} ({}), the bound is {:.2g}",
                       observed_, expected_, deviation_, kind(), bound_.size);
  }
  /// Appends file, test case, bound, kind, deviation and reason, separated by tabs, if asked to.
  void record(std::string_view file, const char* reason) const {
    const char* log = std::getenv("LEMMABENCH_ACCURACY");
    if (log == nullptr) {
      return;
    }
    const std::string row = fmt::format("{}\t{}\t{:g}\t{}\t{:.6e}\t{}\n", from_root(file),
                                        doctest::getContextOptions()->currentTest->m_name,
                                        bound_.size, kind(), deviation_, reason);
    const int out = ::open(log, O_WRONLY | O_APPEND | O_CREAT, 0644);
    REQUIRE(out >= 0);
    REQUIRE(::write(out, row.data(), row.size()) == static_cast<ssize_t>(row.size()));
    ::close(out);
  }

 private:
  /// The compiler is given paths from the build directory (../../cases/...) or whole ones.
  static std::string_view from_root(std::string_view file) {
    constexpr std::string_view kRoot = LEMMABENCH_SOURCE_DIR "/";
    if (file.starts_with(kRoot)) {
      file.remove_prefix(kRoot.size());
    }
    while (file.starts_with("../")) {
      file.remove_prefix(3);
    }
    return file;
  }
  const char* kind() const { return bound_.is_relative ? "relative" : "absolute"; }

  double observed_;
  double expected_;
  Bound bound_;
  double deviation_;
};

}  // namespace lemmabench

#define CHECK_CLOSE(observed, expected, bound, reason)                                          \
  do {                                                                                          \
    const ::lemmabench::Closeness lemmabench_closeness(observed, expected, bound);              \
    lemmabench_closeness.record(__FILE__, reason);                                              \
    CHECK_MESSAGE(lemmabench_closeness.holds(), lemmabench_closeness.text() << ": " << reason); \
  } while (false)
