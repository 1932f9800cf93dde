#include "harness/studies/sweep/sweep.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <new>
#include <string>

#include "harness/io/files.hpp"
#include "harness/records/law_json.hpp"
#include "harness/test/law_request.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

std::vector<LawRequest> grid() {
  std::vector<LawRequest> out;
  for (const char* sampler : {"ddpm", "li-cai"}) {
    for (long steps = 100; steps < 120; ++steps) {
      const LawRequest request = request_for("gauss-flat", sampler, steps);
      out.push_back(request);
    }
  }
  return out;
}

/// A law that fails at T = 107.
LawResult made_up(const LawRequest& request) {
  if (request.steps == 107) {
    throw InputError("--steps 107: an unlucky number");
  }
  LawResult result;
  result.request = request;
  result.engine = "made up";
  result.tv = Quantity::computed(1.0 / static_cast<double>(request.steps), 1e-12);
  return result;
}

std::string bytes_of_uninterrupted_run(int jobs) {
  const Scratch scratch;
  Store store(scratch / "s.sqlite");
  run_sweep(grid(), store, jobs, made_up);
  return read_file(scratch / "s.sqlite");
}

}  // namespace

TEST_CASE("sweep: every cell is computed once, a failure is kept and the rest goes on") {
  const Scratch scratch;
  std::atomic<int> calls{0};
  const auto law = [&](const LawRequest& request) {
    ++calls;
    return made_up(request);
  };
  {
    Store store(scratch / "s.sqlite");
    const SweepSummary first = run_sweep(grid(), store, 2, law);
    CHECK(calls == 40);
    CHECK(first.cells == 40);
    CHECK(first.computed == 40);
    CHECK(first.resumed == 0);
    REQUIRE(first.failures.size() == 2);
    CHECK(first.failures[0].result == "--steps 107: an unlucky number");
    CHECK(first.failures[0].request.sampler == "ddpm");
  }
  const std::string bytes = read_file(scratch / "s.sqlite");
  {
    Store store(scratch / "s.sqlite");
    const SweepSummary second = run_sweep(grid(), store, 2, law);
    CHECK(calls == 40);  // nothing again, the failed cells neither
    CHECK(second.computed == 0);
    CHECK(second.resumed == 40);
    CHECK(second.failures.size() == 2);
  }
  CHECK(read_file(scratch / "s.sqlite") == bytes);
  {
    Store store(scratch / "s.sqlite");
    const SweepSummary third = run_sweep(grid(), store, 2, law, true);
    CHECK(calls == 42);
    CHECK(third.computed == 2);
  }
  CHECK(read_file(scratch / "s.sqlite") == bytes);
  const auto cells = read_store(scratch / "s.sqlite");
  REQUIRE(cells.size() == 40);
  CHECK(law_from_json(cells[0].result, "cell").request.steps == 100);
}

TEST_CASE("sweep: what another version failed at is tried again, what it computed is kept") {
  const Scratch scratch;
  Store store(scratch / "s.sqlite");
  const std::vector<LawRequest> requests = grid();
  store.put({requests[0], true, "no engine yet", "0.0.1"});
  store.put({requests[1], false, law_json_line(made_up(requests[1])), "0.0.1"});
  const SweepSummary summary = run_sweep(requests, store, 1, made_up);
  CHECK(summary.computed == 39);
  CHECK_FALSE(store.find(requests[0])->failed);
  CHECK(store.find(requests[0])->version == store_version());
  CHECK(store.find(requests[1])->version == "0.0.1");
}

TEST_CASE("sweep: the bytes do not depend on the number of jobs") {
  CHECK(bytes_of_uninterrupted_run(1) == bytes_of_uninterrupted_run(2));
}

TEST_CASE("sweep: killed at any cell and resumed, it ends with the bytes of one that ran through") {
  const std::string expected = bytes_of_uninterrupted_run(1);
  for (const int deadly : {0, 1, 17, 39}) {
    const Scratch scratch;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      // One job, hence no threads, in a process that was forked from one that may have some.
      int calls = 0;
      Store store(scratch / "s.sqlite");
      run_sweep(grid(), store, 1, [&](const LawRequest& request) {
        if (calls++ == deadly) {
          ::kill(::getpid(), SIGKILL);
        }
        return made_up(request);
      });
      ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    {
      Store store(scratch / "s.sqlite");
      const SweepSummary summary = run_sweep(grid(), store, 2, made_up);
      CHECK(summary.resumed == static_cast<std::size_t>(deadly));
    }
    CHECK(read_file(scratch / "s.sqlite") == expected);
    CHECK(scratch.entries() == 1);
  }
}

TEST_CASE("sweep: what is no verdict on a cell ends the sweep and keeps what was done") {
  const Scratch scratch;
  {
    Store store(scratch / "s.sqlite");
    CHECK_THROWS_AS(run_sweep(grid(), store, 1,
                              [](const LawRequest& request) -> LawResult {
                                if (request.steps == 105) {
                                  throw std::bad_alloc();
                                }
                                return made_up(request);
                              }),
                    std::bad_alloc);
  }
  CHECK(read_store(scratch / "s.sqlite").size() == 5);
}

}  // namespace lemmabench
