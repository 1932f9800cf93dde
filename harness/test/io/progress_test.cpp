#include "harness/io/progress.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

namespace lemmabench {
namespace {

/// What a bar that is advanced after 0.6 s leaves in `reader`.
std::string bar_output(int writer, int reader,
                       std::chrono::milliseconds line_every = std::chrono::seconds(20)) {
  ::setenv("TERM", "xterm", 1);
  {
    ProgressBar bar("cells", 4, writer, line_every);
    bar.advance();
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    bar.advance();
  }
  // A terminal hands over what was written piece by piece: read until nothing comes for a while.
  std::string out;
  std::array<char, 4096> piece{};
  pollfd ready{reader, POLLIN, 0};
  while (::poll(&ready, 1, 200) > 0) {
    const ssize_t count = ::read(reader, piece.data(), piece.size());
    if (count <= 0) {
      break;
    }
    out.append(piece.data(), static_cast<std::size_t>(count));
  }
  return out;
}

}  // namespace

TEST_CASE("progress: the text says how far, and how long still") {
  CHECK(progress_text("cells", 0, 10, 0, 80) ==
        "cells [>                                       ]  0/10");
  CHECK(progress_text("cells", 5, 10, 41, 80) ==
        "cells [====================>                   ]  5/10, 0:41 left");
  CHECK(progress_text("cells", 10, 10, 41, 80) ==
        "cells [========================================] 10/10");
  CHECK(progress_text("cells", 1, 3, 3600, 60) ==
        "cells [===========>                      ] 1/3, 2:00:00 left");
  CHECK(progress_text("cells", 5, 10, 41, 24) == "cells  5/10, 0:41 left");
  CHECK(progress_text("cells", 5, 10, 41, 10).size() == 10);
  CHECK(progress_text("cells", 0, 0, 0, 80).find("0/0") != std::string::npos);
}

TEST_CASE("progress: what is no terminal gets a line now and then, and none of short work") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_NONBLOCK) == 0);
  CHECK(bar_output(ends[1], ends[0]).empty());
  const std::string lines = bar_output(ends[1], ends[0], std::chrono::milliseconds(500));
  CHECK(lines.starts_with("cells 2/4, 0:0"));
  CHECK(lines.ends_with(" left\n"));
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 1);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("progress: a terminal sees the bar, and the line is wiped at the end") {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) {
    return;  // no pseudo terminals here
  }
  const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY);
  if (terminal < 0) {
    return;
  }
  const std::string seen = bar_output(terminal, master);
  CHECK(seen.find("2/4, 0:0") != std::string::npos);  // 0:01 left, unless the machine sleeps
  REQUIRE(seen.size() >= 4);
  CHECK(seen.substr(seen.size() - 4) == "\r\x1b[K");
  ::close(terminal);
  ::close(master);
}

}  // namespace lemmabench
