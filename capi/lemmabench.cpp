#include "capi/lemmabench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "cases/parse_schedule.hpp"
#include "cases/rows_at_level.hpp"
#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "lemmabench_version.hpp"
#include "numerics/error.hpp"
#include "theory/process/schedule.hpp"
#include "theory/process/vector_law.hpp"

using lemmabench::InputError;
using lemmabench::Level;
using lemmabench::VectorMarginal;

struct lemmabench_law {  // NOLINT(readability-identifier-naming): the name of a C type
  std::shared_ptr<const lemmabench::VectorLaw> law;
  lemmabench::Schedule<double> schedule;

  std::list<std::unique_ptr<VectorMarginal>>
      cache;  // the latest first; a step of a sampler asks for few levels
  std::mutex mutex;
};

namespace {

constexpr std::size_t kCached = 4;

thread_local std::string last_error;

/// Runs body and turns what it throws into a code and the text of last_error.
template <class Body>
int guarded(Body body) noexcept {
  const auto failed = [](const char* text, int code) noexcept {
    try {
      last_error = text;
    } catch (...) {
      last_error.clear();
    }
    return code;
  };
  try {
    body();
    return LEMMABENCH_OK;
  } catch (const InputError& error) {
    return failed(error.what(), LEMMABENCH_BAD_INPUT);
  } catch (const std::exception& error) {
    return failed(error.what(), LEMMABENCH_FAILED);
  } catch (...) {
    return failed("unknown failure", LEMMABENCH_FAILED);
  }
}

void require(const void* pointer, const char* what) {
  if (pointer == nullptr) throw InputError(fmt::format("{} is NULL", what));
}

void require_level(const lemmabench_law& law, long t, long least) {
  if (t < least || t > law.schedule.steps()) {
    throw InputError(fmt::format("t = {}: must be from {} to {}", t, least, law.schedule.steps()));
  }
}

const VectorMarginal& marginal(lemmabench_law& law, double tau) {
  const auto found = std::find_if(law.cache.begin(), law.cache.end(),
                                  [tau](const auto& one) { return one->tau() == tau; });
  if (found != law.cache.end()) {
    law.cache.splice(law.cache.begin(), law.cache, found);
  } else {
    law.cache.push_front(law.law->marginal(tau));
    if (law.cache.size() > kCached) law.cache.pop_back();
  }
  return *law.cache.front();
}

/// X_0 + sigma Z at the sigma a caller gives.
lemmabench::RowLevel free_level(double sigma, bool data_too) {
  constexpr double kLeast = 1e-20;
  constexpr double kMost = 1e20;
  if (!(sigma >= kLeast && sigma <= kMost) && !(data_too && sigma == 0)) {
    throw InputError(fmt::format("sigma = {}: must be {}from {} to {}", sigma,
                                 data_too ? "0 or " : "", kLeast, kMost));
  }
  return {1, sigma * sigma};
}

/// What the functions of points take: the level and the points.
struct PointCall {
  const double* x;
  std::size_t n;
  double* out;
};

/// The law at a level of its schedule.
lemmabench::RowLevel schedule_level(const lemmabench_law& law, long t) {
  require_level(law, t, 1);
  const Level<double>& level = law.schedule.level(static_cast<int>(t));
  return {std::sqrt(level.abar), level.noise / level.abar};
}

/// rows_function at the level that `level` gives, for the points of a call.
template <class ChooseLevel, class RowsFunction>
int at_points(lemmabench_law* law, const PointCall& call, ChooseLevel level,
              RowsFunction rows_function) {
  return guarded([&] {
    require(law, "law");
    require(call.x, "x");
    require(call.out, "out");
    const lemmabench::RowLevel where = level();
    const std::lock_guard lock(law->mutex);
    rows_function(marginal(*law, where.tau), where.signal, {call.x, call.n, law->law->dim()},
                  call.out);
  });
}

}  // namespace

int lemmabench_open(const char* target, const char* schedule, long steps, lemmabench_law** law) {
  return guarded([&] {
    require(law, "law");
    *law = nullptr;
    require(target, "target");
    require(schedule, "schedule");
    const lemmabench::Schedule<double> levels(lemmabench::make_schedule(schedule, "schedule"),
                                              steps, lemmabench::StepBound::whole);
    const lemmabench::Target read = lemmabench::make_target(target, "target");
    *law = new lemmabench_law{lemmabench::vector_law(read), levels, {}, {}};
  });
}

void lemmabench_close(lemmabench_law* law) { delete law; }

std::size_t lemmabench_dim(const lemmabench_law* law) {
  return law == nullptr ? 0 : law->law->dim();
}

long lemmabench_steps(const lemmabench_law* law) {
  return law == nullptr ? 0 : law->schedule.steps();
}

int lemmabench_level(const lemmabench_law* law, long t, double* abar, double* noise) {
  return guarded([&] {
    require(law, "law");
    require(abar, "abar");
    require(noise, "noise");
    require_level(*law, t, 1);
    const Level<double>& level = law->schedule.level(static_cast<int>(t));
    *abar = level.abar;
    *noise = level.noise;
  });
}

int lemmabench_step(const lemmabench_law* law, long t, double* alpha, double* b) {
  return guarded([&] {
    require(law, "law");
    require(alpha, "alpha");
    require(b, "b");
    require_level(*law, t, 2);
    *alpha = law->schedule.alpha(static_cast<int>(t));
    *b = law->schedule.b(static_cast<int>(t));
  });
}

int lemmabench_score(lemmabench_law* law, long t, std::size_t n, const double* x, double* out) {
  return at_points(
      law, {x, n, out}, [&] { return schedule_level(*law, t); }, lemmabench::score_rows);
}

int lemmabench_log_density(lemmabench_law* law, long t, std::size_t n, const double* x,
                           double* out) {
  return at_points(
      law, {x, n, out}, [&] { return schedule_level(*law, t); }, lemmabench::log_density_rows);
}

int lemmabench_sample(lemmabench_law* law, long t, std::size_t n, std::uint64_t seed, double* out) {
  return guarded([&] {
    require(law, "law");
    require(out, "out");
    require_level(*law, t, 0);
    const lemmabench::RowLevel level = t == 0 ? lemmabench::RowLevel{} : schedule_level(*law, t);
    lemmabench::sample_rows(*law->law, {seed, static_cast<std::uint64_t>(t)}, level, n, out);
  });
}

int lemmabench_score_at(lemmabench_law* law, double sigma, std::size_t n, const double* x,
                        double* out) {
  return at_points(
      law, {x, n, out}, [&] { return free_level(sigma, false); }, lemmabench::score_rows);
}

int lemmabench_log_density_at(lemmabench_law* law, double sigma, std::size_t n, const double* x,
                              double* out) {
  return at_points(
      law, {x, n, out}, [&] { return free_level(sigma, false); }, lemmabench::log_density_rows);
}

int lemmabench_denoise(lemmabench_law* law, double sigma, std::size_t n, const double* x,
                       double* out) {
  return at_points(
      law, {x, n, out}, [&] { return free_level(sigma, false); }, lemmabench::denoise_rows);
}

int lemmabench_sample_at(lemmabench_law* law, double sigma, std::size_t n, std::uint64_t seed,
                         double* out) {
  return guarded([&] {
    require(law, "law");
    require(out, "out");
    lemmabench::sample_rows(*law->law, {seed, 0}, free_level(sigma, true), n, out);
  });
}

const char* lemmabench_last_error(void) { return last_error.c_str(); }

const char* lemmabench_version(void) { return lemmabench::version::number.data(); }
