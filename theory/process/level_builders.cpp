#include "theory/process/level_builders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "numerics/error.hpp"
#include "numerics/exact_number.hpp"
#include "numerics/exactly.hpp"
#include "numerics/mp.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

/// Levels at signal abar of which each number is a double.
template <class Real>
Levels<Real> from_abars(const std::vector<double>& abars) {
  Levels<Real> out(static_cast<long>(abars.size()));
  for (std::size_t i = 0; i < abars.size(); ++i) {
    const Real abar = exact_number<Real>(abars[i]);
    out.level[i] = {abar, 1 - abar};
    if (i == 0) {
      continue;
    }
    const Level<Real>& below = out.level[i - 1];
    const bool whole = is_exactly_zero(abar) || is_exactly_zero(below.noise);
    out.h[i] = whole ? Real(1) : Real((below.abar - abar) / (below.abar * out.level[i].noise));
  }
  return out;
}

template <class Real>
Levels<Real> from_sigmas(const std::vector<double>& sigmas) {
  Levels<Real> out(static_cast<long>(sigmas.size()));
  for (std::size_t i = 0; i < sigmas.size(); ++i) {
    const bool infinite = std::isinf(sigmas[i]);
    const Real sigma = exact_number<Real>(infinite ? 1 : sigmas[i]);
    const Real variance = sigma * sigma;
    out.level[i] = {1 / (1 + variance), variance / (1 + variance)};
    if (infinite) {
      out.level[i] = {Real(0), Real(1)};
    }
    if (i == 0) {
      continue;
    }
    if (infinite || sigmas[i - 1] == 0) {
      out.h[i] = Real(1);
    } else {
      const Real below = exact_number<Real>(sigmas[i - 1]);
      out.h[i] = (sigma - below) * (sigma + below) / variance;
    }
  }
  return out;
}

}  // namespace

template <class Real>
Levels<Real> from_falls(const std::vector<Fall<Real>>& falls) {
  Levels<Real> out(static_cast<long>(falls.size()));
  out.level[0] = {falls[0].kept, falls[0].lost};
  for (std::size_t i = 1; i < falls.size(); ++i) {
    const auto& [kept, lost] = falls[i];
    const Level<Real>& below = out.level[i - 1];
    out.level[i] = {kept * below.abar, lost + kept * below.noise};
    const bool whole = is_exactly_zero(kept) || is_exactly_zero(below.noise);
    out.h[i] = whole ? Real(1) : Real(lost / out.level[i].noise);
  }
  return out;
}

template <class Real>
std::vector<Fall<Real>> falls_of(const std::vector<Real>& beta) {
  std::vector<Fall<Real>> out;
  out.reserve(beta.size());
  for (const Real& b : beta) {
    out.push_back({1 - b, b});
  }
  return out;
}

template <class Real>
Levels<Real> picked_levels(const std::vector<Fall<Real>>& falls, const std::vector<long>& indices) {
  std::vector<Fall<Real>> picked;
  Fall<Real> since{Real(1), Real(0)};  // the last level picked
  for (std::size_t i = 0; i < falls.size() && picked.size() < indices.size(); ++i) {
    since.lost = falls[i].lost + falls[i].kept * since.lost;
    since.kept *= falls[i].kept;
    if (static_cast<long>(i) == indices[picked.size()]) {
      picked.push_back(since);
      since = {Real(1), Real(0)};
    }
  }
  return from_falls(picked);
}

template <class Real>
Levels<Real> build(const ScaledLinearSchedule& kind, long steps) {
  using std::sqrt;
  const std::vector<long> indices = picked_indices(kind.train, steps);
  const Real first = sqrt(from_rational<Real>(kind.first));
  const Real rise = sqrt(from_rational<Real>(kind.last)) - first;
  std::vector<Real> beta(static_cast<std::size_t>(kind.train.levels));
  for (std::size_t i = 0; i < beta.size(); ++i) {
    const Rational share(static_cast<long>(i), kind.train.levels - 1);
    const Real root = first + from_rational<Real>(share) * rise;
    beta[i] = root * root;
  }
  return picked_levels(falls_of(beta), indices);
}

template <class Real>
Levels<Real> build_trained(const LinearSchedule& kind, long steps) {
  const std::vector<long> indices = picked_indices(kind.train, steps);
  std::vector<Real> beta(static_cast<std::size_t>(kind.train.levels));
  for (std::size_t i = 0; i < beta.size(); ++i) {
    const Rational share(static_cast<long>(i), kind.train.levels - 1);
    beta[i] = from_rational<Real>(kind.first + (kind.last - kind.first) * share);
  }
  return picked_levels(falls_of(beta), indices);
}

template <class Real>
Levels<Real> build(const ExponentialSchedule& kind, long steps) {
  using std::exp;
  using std::expm1;
  using std::log;
  Levels<Real> out(steps);
  // logit = log snr = -2 log sigma.
  const Real low = 2 * log(from_rational<Real>(kind.sigma_min));
  const Real length = 2 * log(from_rational<Real>(kind.sigma_max / kind.sigma_min));
  const Real h = -expm1(-(length / Real(static_cast<int>(steps - 1))));
  for (std::size_t i = 0; i < out.level.size(); ++i) {
    const Rational share(static_cast<long>(i), steps - 1);
    const Real variance_log = low + from_rational<Real>(share) * length;
    out.level[i] = {1 / (1 + exp(variance_log)), 1 / (1 + exp(-variance_log))};
    if (i > 0) {
      out.h[i] = h;
    }
  }
  return out;
}

/// In exact rationals, each number rounded once: snr = ((1-u)/(shift u))^2, and with x =
/// (u-u')/(u (1-u')) for the u' of the level below, snr/snr' = (1-x)^2, h = x (2-x).
template <class Real>
Levels<Real> build(const FlowSchedule& kind, long steps) {
  Levels<Real> out(steps);
  const Rational one(1);
  const Rational spacing = (kind.from - kind.to) / Rational(steps - 1);
  for (std::size_t i = 0; i < out.level.size(); ++i) {
    const Rational u = kind.to + spacing * Rational(static_cast<long>(i));
    const Rational signal = (one - u) * (one - u);
    const Rational noise = kind.shift * kind.shift * u * u;
    out.level[i] = {from_rational<Real>(signal / (signal + noise)),
                    from_rational<Real>(noise / (signal + noise))};
    if (i > 0) {
      const Rational x = spacing / (u * (one - u + spacing));
      out.h[i] = from_rational<Real>(x * (Rational(2) - x));
    }
  }
  return out;
}

template <class Real>
Levels<Real> build(const ListedSchedule& kind, long steps) {
  if (kind.values == nullptr) {
    throw InputError(kind.trouble);
  }
  const std::vector<double>& values = *kind.values;
  if (static_cast<long>(values.size()) != steps) {
    throw InputError(fmt::format("--steps {}: --schedule {} has {} levels; leave --steps out",
                                 steps, quoted(text(ScheduleKind(kind))), values.size()));
  }
  switch (kind.scale) {
    case LevelScale::sigma:
      return from_sigmas<Real>(values);
    case LevelScale::abar:
      return from_abars<Real>(values);
    case LevelScale::beta:
      break;
  }
  std::vector<Real> beta;
  beta.reserve(values.size());
  for (const double value : values) {
    beta.push_back(exact_number<Real>(value));
  }
  return from_falls(falls_of(beta));
}

#define LEMMABENCH_INSTANTIATE(Real)                                         \
  template Levels<Real> from_falls<Real>(const std::vector<Fall<Real>>&);    \
  template std::vector<Fall<Real>> falls_of<Real>(const std::vector<Real>&); \
  template Levels<Real> picked_levels<Real>(const std::vector<Fall<Real>>&,  \
                                            const std::vector<long>&);       \
  template Levels<Real> build<Real>(const ScaledLinearSchedule&, long);      \
  template Levels<Real> build<Real>(const ExponentialSchedule&, long);       \
  template Levels<Real> build<Real>(const FlowSchedule&, long);              \
  template Levels<Real> build<Real>(const ListedSchedule&, long);            \
  template Levels<Real> build_trained<Real>(const LinearSchedule&, long);
LEMMABENCH_FOR_EACH_SCALAR(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
