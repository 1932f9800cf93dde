#include "harness/io/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace lemmabench {
namespace {

constexpr auto kFirstDraw = std::chrono::milliseconds(500);
constexpr auto kInterval = std::chrono::milliseconds(100);

bool can_redraw(int descriptor) {
  const char* terminal = std::getenv("TERM");
  return ::isatty(descriptor) == 1 && terminal != nullptr && *terminal != '\0' &&
         std::string_view(terminal) != "dumb";
}

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kUsual;
  }
  return size.ws_col;
}

/// A terminal that went away must not end the work: what cannot be shown is not.
void show(int descriptor, std::string_view text) {
  if (::write(descriptor, text.data(), text.size()) < 0) {
    return;
  }
}

/// "0:41", "12:05" or "3:07:00".
std::string clock_text(double seconds) {
  const long whole = std::lround(std::min(seconds, 3.6e8));
  const long hours = whole / 3600;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, whole / 60 % 60, whole % 60)
                   : fmt::format("{}:{:02}", whole / 60, whole % 60);
}

/// " 3/10, 0:41 left".
std::string counter_text(std::size_t done, std::size_t total, double elapsed_seconds) {
  const std::string all = fmt::format("{}", total);
  std::string out = fmt::format(" {:>{}}/{}", done, all.size(), all);
  if (done > 0 && done < total) {
    const double left =
        elapsed_seconds * static_cast<double>(total - done) / static_cast<double>(done);
    out += fmt::format(", {} left", clock_text(left));
  }
  return out;
}

}  // namespace

std::string progress_text(std::string_view label, std::size_t done, std::size_t total,
                          double elapsed_seconds, std::size_t width) {
  const std::string tail = counter_text(done, total, elapsed_seconds);
  std::string out(label);
  constexpr std::size_t kFrame = 3;  // " [" and "]"
  constexpr std::size_t kLongestBar = 40;
  if (width > out.size() + tail.size() + kFrame + 5) {
    const std::size_t room = std::min(kLongestBar, width - out.size() - tail.size() - kFrame);
    const std::size_t filled = total == 0 ? room : room * std::min(done, total) / total;
    std::string bar(filled, '=');
    if (filled < room) {
      bar += '>';
    }
    bar.resize(room, ' ');
    out += " [" + bar + "]";
  }
  out += tail;
  return out.substr(0, width);
}

ProgressBar::ProgressBar(std::string label, std::size_t total, int descriptor,
                         std::chrono::milliseconds line_every)
    : label_(std::move(label)),
      total_(total),
      descriptor_(descriptor),
      redraws_(can_redraw(descriptor)),
      line_every_(line_every),
      started_(Clock::now()),
      last_drawn_(started_) {}

ProgressBar::~ProgressBar() {
  if (drawn_) {
    show(descriptor_, "\r\x1b[K");
  }
}

void ProgressBar::advance(std::size_t count) {
  const std::lock_guard<std::mutex> lock(mutex_);
  done_ += count;
  const Clock::time_point now = Clock::now();
  if (!redraws_) {
    if (now - last_drawn_ >= line_every_ && done_ < total_) {
      write_line(now);
    }
    return;
  }
  if (now - last_drawn_ >= (drawn_ ? kInterval : kFirstDraw)) {
    draw(now);
  }
}

void ProgressBar::draw(Clock::time_point now) {
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  // One column stays free: a full line would wrap on some terminals.
  const std::size_t width = terminal_width(descriptor_) - 1;
  show(descriptor_, "\r\x1b[K" + progress_text(label_, done_, total_, elapsed, width));
  drawn_ = true;
  last_drawn_ = now;
}

void ProgressBar::write_line(Clock::time_point now) {
  const double elapsed = std::chrono::duration<double>(now - started_).count();
  show(descriptor_, label_ + counter_text(done_, total_, elapsed) + "\n");
  last_drawn_ = now;
}

}  // namespace lemmabench
