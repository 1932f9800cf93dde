#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace lemmabench {

/// A progress bar on stderr for work that takes longer than half a second, drawn only if stderr is
/// a terminal that can move its cursor (TERM is set and not "dumb"); to anything else it writes
/// nothing at all. The line is redrawn in place at most ten times a second and wiped at the end, so
/// nothing of it stays between the messages.
class ProgressBar {
 public:
  /// `total` units of work, named `label` ("cells"); `descriptor` is for tests.
  ProgressBar(std::string label, std::size_t total, int descriptor = 2);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  /// `count` more units are done. Thread-safe.
  void advance(std::size_t count = 1);

 private:
  using Clock = std::chrono::steady_clock;

  void draw(Clock::time_point now);

  std::string label_;
  std::size_t total_;
  int descriptor_;
  bool visible_;
  std::mutex mutex_;
  std::size_t done_ = 0;
  bool drawn_ = false;
  Clock::time_point started_;
  Clock::time_point last_drawn_;
};

/// The bar as text: "cells [=====>    ]  3/10, 0:41 left", at most `width` characters; the time
/// left is elapsed x (total - done)/done and missing while done is 0.
std::string progress_text(std::string_view label, std::size_t done, std::size_t total,
                          double elapsed_seconds, std::size_t width);

}  // namespace lemmabench
