#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace lemmabench {

/// Progress on stderr. On a terminal that can move its cursor (TERM is set and not "dumb") a bar,
/// for work that takes longer than half a second: redrawn in place at most ten times a second and
/// wiped at the end, so that nothing of it stays between the messages. To anything else (a log, a
/// pipe) a line now and then, for work that takes longer than that.
class ProgressBar {
 public:
  /// `total` units of work, named `label` ("cells"); the others are for tests. No line comes sooner
  /// than `line_every` after the one before, or after the start.
  ProgressBar(std::string label, std::size_t total, int descriptor = 2,
              std::chrono::milliseconds line_every = std::chrono::seconds(20));
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  /// `count` more units are done. Thread-safe.
  void advance(std::size_t count = 1);

 private:
  using Clock = std::chrono::steady_clock;

  void draw(Clock::time_point now);
  void write_line(Clock::time_point now);

  std::string label_;
  std::size_t total_;
  int descriptor_;
  bool redraws_;
  std::chrono::milliseconds line_every_;
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
