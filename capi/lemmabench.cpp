#include "capi/lemmabench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "lemmabench_version.hpp"
#include "numerics/error.hpp"
#include "theory/process/schedule.hpp"
#include "theory/process/vector_law.hpp"

using lemmabench::InputError;
using lemmabench::kLanes;
using lemmabench::Lanes;
using lemmabench::Level;
using lemmabench::VectorMarginal;

struct lemmabench_law {  // NOLINT(readability-identifier-naming): the name of a C type
  std::shared_ptr<const lemmabench::VectorLaw> law;
  lemmabench::Schedule<double> schedule;

  struct Cached {
    long t;
    std::unique_ptr<VectorMarginal> marginal;
  };
  std::list<Cached> cache;  // the latest first; a step of a sampler asks for few levels
  std::mutex mutex;
};

namespace {

constexpr std::size_t kCached = 4;
constexpr std::size_t kBlockGroups = 32;

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

const VectorMarginal& marginal(lemmabench_law& law, long t) {
  const auto found = std::find_if(law.cache.begin(), law.cache.end(),
                                  [t](const lemmabench_law::Cached& one) { return one.t == t; });
  if (found != law.cache.end()) {
    law.cache.splice(law.cache.begin(), law.cache, found);
  } else {
    const Level<double>& level = law.schedule.level(static_cast<int>(t));
    law.cache.push_front({t, law.law->marginal(level.noise / level.abar)});
    if (law.cache.size() > kCached) law.cache.pop_back();
  }
  return *law.cache.front().marginal;
}

/// Rows first.. of x over `signal`, as groups; lanes beyond the last row are 0.
std::vector<Lanes> as_lanes(const double* x, std::size_t rows, std::size_t dim, double signal) {
  std::vector<Lanes> out((rows + kLanes - 1) / kLanes * dim);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < dim; ++i) {
      const double value = x[r * dim + i];
      if (!std::isfinite(value)) throw InputError("a point has a number that is not finite");
      out[r / kLanes * dim + i].v[r % kLanes] = value / signal;
    }
  }
  return out;
}

/// The first `rows` rows of width `width`, times `scale`.
void from_lanes(const std::vector<Lanes>& from, std::size_t rows, std::size_t width, double scale,
                double* out) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < width; ++i) {
      out[r * width + i] = scale * from[r / kLanes * width + i][r % kLanes];
    }
  }
}

/// body(first row, rows) over blocks of whole groups.
template <class Body>
void in_blocks(std::size_t n, Body body) {
  constexpr std::size_t kRows = kBlockGroups * kLanes;
  for (std::size_t first = 0; first < n; first += kRows) {
    body(first, std::min(kRows, n - first));
  }
}

std::size_t groups_of(std::size_t rows) { return (rows + kLanes - 1) / kLanes; }

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
  return guarded([&] {
    require(law, "law");
    require(x, "x");
    require(out, "out");
    require_level(*law, t, 1);
    const std::lock_guard lock(law->mutex);
    const VectorMarginal& at = marginal(*law, t);
    const std::size_t dim = law->law->dim();
    // score_t(x) = score(y)/sqrt(abar), y = x/sqrt(abar)
    const double signal = std::sqrt(law->schedule.level(static_cast<int>(t)).abar);
    in_blocks(n, [&](std::size_t first, std::size_t rows) {
      const std::vector<Lanes> y = as_lanes(x + first * dim, rows, dim, signal);
      std::vector<Lanes> score(y.size());
      at.score(y.data(), groups_of(rows), score.data());
      from_lanes(score, rows, dim, 1 / signal, out + first * dim);
    });
  });
}

int lemmabench_log_density(lemmabench_law* law, long t, std::size_t n, const double* x,
                           double* out) {
  return guarded([&] {
    require(law, "law");
    require(x, "x");
    require(out, "out");
    require_level(*law, t, 1);
    const std::lock_guard lock(law->mutex);
    const VectorMarginal& at = marginal(*law, t);
    const std::size_t dim = law->law->dim();
    const double abar = law->schedule.level(static_cast<int>(t)).abar;
    // p_t(x) = p(y)/sqrt(abar)^d
    const double constant = static_cast<double>(dim) * std::log(abar) / 2;
    in_blocks(n, [&](std::size_t first, std::size_t rows) {
      const std::vector<Lanes> y = as_lanes(x + first * dim, rows, dim, std::sqrt(abar));
      std::vector<Lanes> logarithm(groups_of(rows));
      at.log_density(y.data(), groups_of(rows), logarithm.data());
      from_lanes(logarithm, rows, 1, 1, out + first);
      for (std::size_t r = 0; r < rows; ++r) out[first + r] -= constant;
    });
  });
}

int lemmabench_sample(lemmabench_law* law, long t, std::size_t n, std::uint64_t seed, double* out) {
  return guarded([&] {
    require(law, "law");
    require(out, "out");
    require_level(*law, t, 0);
    const std::size_t dim = law->law->dim();
    const Level<double> level =
        t == 0 ? Level<double>{1, 0} : law->schedule.level(static_cast<int>(t));
    in_blocks(n, [&](std::size_t first, std::size_t rows) {
      std::vector<Lanes> y(groups_of(rows) * dim);
      law->law->sample({seed, static_cast<std::uint64_t>(t)}, level.noise / level.abar, first,
                       groups_of(rows), y.data());
      from_lanes(y, rows, dim, std::sqrt(level.abar), out + first * dim);
    });
  });
}

const char* lemmabench_last_error(void) { return last_error.c_str(); }

const char* lemmabench_version(void) { return lemmabench::version::number.data(); }
