#include "cases/schemes/scheme.hpp"

#include <fmt/format.h>

#include <cmath>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMostExpanded = 50'000'000;

[[noreturn]] void fail(std::string_view origin, const std::string& message) {
  throw InputError(fmt::format("{}: {}", origin, message));
}

void require_levels(const Scheme& scheme, std::string_view origin) {
  const std::size_t calls = scheme.calls();
  for (std::size_t k = 0; k <= calls; ++k) {
    const double level = scheme.levels[k];
    if (std::isnan(level) || level < 0) {
      fail(origin, fmt::format("sigmas[{}] is {}; a noise level is a number above 0{}", k, level,
                               k == calls ? ", that of the output may be 0" : ""));
    }
    if (std::isinf(level) && k > 0) {
      fail(origin, fmt::format("sigmas[{}] is infinite; only the first level may be, where x_T is "
                               "the noise itself",
                               k));
    }
    if (level == 0 && k < calls) {
      fail(origin, fmt::format("sigmas[{}] is 0, but the model is called there; only the last "
                               "level, that of the output, may be 0",
                               k));
    }
    if (std::isfinite(level) && level > 0 && !std::isnormal(level * level)) {
      fail(origin, fmt::format("sigmas[{}] is {}, whose square is out of range; levels lie between "
                               "1e-150 and 1e150",
                               k, level));
    }
    if (k > 0 && !scheme.levels_rise && level_rises(scheme, k)) {
      fail(origin,
           fmt::format("sigmas[{}] is {} after sigmas[{}] = {}: the level rises; levels fall "
                       "from call to call, unless the file says \"levels_rise\": true (a "
                       "sampler that adds noise back)",
                       k, level, k - 1, scheme.levels[k - 1]));
    }
  }
}

void require_term(const Scheme& scheme, std::size_t k, const SchemeTerm& term,
                  std::string_view origin) {
  switch (term.source) {
    case SchemeSource::start:
      break;
    case SchemeSource::row:
      if (term.index >= k) {
        fail(origin,
             fmt::format(
                 "row {} uses y{}, which does not exist yet; it may use {}", k, term.index,
                 k == 0 ? std::string("x and draws only") : fmt::format("y0 to y{}", k - 1)));
      }
      break;
    case SchemeSource::output:
      if (term.index >= scheme.calls() || term.index >= k) {
        fail(origin,
             fmt::format("row {} uses D{}, which {}; it may use the outputs of calls "
                         "before it, {}",
                         k, term.index,
                         term.index >= scheme.calls() ? "there is not" : "does not exist yet",
                         k == 0 ? std::string("none") : fmt::format("D0 to D{}", k - 1)));
      }
      break;
    case SchemeSource::draw:
      if (term.index >= scheme.draws) {
        fail(origin, fmt::format("row {} uses z{}, but there are {} draws; numbers start at 0", k,
                                 term.index, scheme.draws));
      }
      break;
  }
  if (!std::isfinite(term.coefficient)) {
    fail(origin,
         fmt::format("row {} has a coefficient {}; all are finite numbers", k, term.coefficient));
  }
}

}  // namespace

bool Scheme::starts_from_noise() const { return !levels.empty() && std::isinf(levels.front()); }

double Scheme::start_variance() const {
  if (gaussian_start_variance) {
    return *gaussian_start_variance;
  }
  return starts_from_noise() ? 1 : levels.front() * levels.front();
}

bool level_rises(const Scheme& scheme, std::size_t k) {
  constexpr double kSameLevel = 1e-12;
  return scheme.levels[k] - scheme.levels[k - 1] > kSameLevel * scheme.levels[k];
}

std::size_t Scheme::terms() const {
  std::size_t sum = 0;
  for (const SchemeRow& row : rows) {
    sum += row.size();
  }
  return sum;
}

void require_sound(const Scheme& scheme, std::string_view origin) {
  if (scheme.levels.size() < 2) {
    fail(origin, fmt::format("{} levels; a scheme has one for each model call, at least one, and "
                             "one for the output",
                             scheme.levels.size()));
  }
  if (scheme.calls() > kMaxSchemeCalls || scheme.draws > kMaxSchemeDraws) {
    fail(origin, fmt::format("{} model calls and {} draws; at most {} and {} are taken",
                             scheme.calls(), scheme.draws, kMaxSchemeCalls, kMaxSchemeDraws));
  }
  if (scheme.rows.size() != scheme.levels.size()) {
    fail(origin, fmt::format("{} rows; {} model calls and the output are {}", scheme.rows.size(),
                             scheme.calls(), scheme.levels.size()));
  }
  require_levels(scheme, origin);
  for (std::size_t k = 0; k < scheme.rows.size(); ++k) {
    for (const SchemeTerm& term : scheme.rows[k]) {
      require_term(scheme, k, term, origin);
    }
  }
  const double start = scheme.start_variance();
  if (!std::isfinite(start) || !(start > 0)) {
    fail(origin, fmt::format("gaussian_start_variance is {}; it is a variance, above 0", start));
  }
}

SchemeColumns expanded(const Scheme& scheme) {
  SchemeColumns out{scheme.calls(), scheme.draws, {}};
  const std::size_t columns = out.columns();
  if (scheme.rows.size() * columns > kMostExpanded) {
    throw EngineRefusal(
        fmt::format("a scheme of {} model calls and {} draws is too long for the law on the line "
                    "(at most {} coefficients when written out); a Gaussian target takes it",
                    out.calls, out.draws, kMostExpanded));
  }
  out.values.assign(scheme.rows.size() * columns, 0);
  for (std::size_t k = 0; k < scheme.rows.size(); ++k) {
    double* row = out.values.data() + k * columns;
    for (const SchemeTerm& term : scheme.rows[k]) {
      switch (term.source) {
        case SchemeSource::start:
          row[0] += term.coefficient;
          break;
        case SchemeSource::output:
          row[1 + term.index] += term.coefficient;
          break;
        case SchemeSource::draw:
          row[1 + out.calls + term.index] += term.coefficient;
          break;
        case SchemeSource::row: {
          const double* earlier = out.row(term.index);
          for (std::size_t c = 0; c < columns; ++c) {
            row[c] += term.coefficient * earlier[c];
          }
          break;
        }
      }
    }
  }
  return out;
}

}  // namespace lemmabench
