#include "python/src/asked.hpp"

#include <fmt/format.h>

#include "cases/parse_schedule.hpp"
#include "cases/schemes/scheme_name.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/records/request_text.hpp"
#include "harness/records/steps_text.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

constexpr long kMostDigits = 1000;
constexpr long kMostThreads = 1024;

void set_levels(const Asked& asked, LawRequest& request) {
  if (!names_scheme(asked.sampler)) {
    request.schedule =
        make_schedule(asked.schedule.empty() ? "li-cai" : asked.schedule, "--schedule");
    request.steps = steps_of(asked.steps, request.schedule);
  } else if (!asked.steps.empty() || !asked.schedule.empty()) {
    throw InputError(fmt::format("--sampler {}: a scheme has its own levels; leave {} out",
                                 asked.sampler, asked.steps.empty() ? "--schedule" : "--steps"));
  }
}

}  // namespace

LawRequest request_of(const Asked& asked) {
  refuse_header(asked.sampler);
  LawRequest request;
  request.target = asked.target;
  request.sampler = asked.sampler;
  set_levels(asked, request);
  request.start = parse_start(asked.start, "--start");
  request.arithmetic = LawArithmetic::parse(asked.arithmetic, "--arithmetic");
  request.score = canonical_score(asked.score, "--score");
  if (asked.digits < 0 || asked.digits > kMostDigits) {
    throw InputError(fmt::format("--digits: {} is not from 1 to {} (or 0, the engine's default)",
                                 asked.digits, kMostDigits));
  }
  request.digits = asked.digits;
  return request;
}

int threads_of(long threads) {
  if (threads < 0 || threads > kMostThreads) {
    throw InputError(fmt::format("--threads: {} is not from 1 to {} (or 0, one a processor)",
                                 threads, kMostThreads));
  }
  return threads == 0 ? available_threads() : static_cast<int>(threads);
}

void refuse_header(const std::string& sampler) {
  if (sampler.substr(0, sampler.find(':')).ends_with(".hpp")) {
    throw EngineRefusal(fmt::format(
        "--sampler {}: the code of a header could take this process down with it; `lemmabench law` "
        "runs it in one of its own",
        sampler));
  }
}

}  // namespace lemmabench
