#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "harness/studies/audit/audit.hpp"

namespace lemmabench {

inline SchemeTerm of_start(double c) { return {SchemeSource::start, 0, c}; }
inline SchemeTerm of_row(std::size_t k, double c) {
  return {SchemeSource::row, static_cast<std::uint32_t>(k), c};
}
inline SchemeTerm of_output(std::size_t k, double c) {
  return {SchemeSource::output, static_cast<std::uint32_t>(k), c};
}

/// Level k of n steps, geometric from 20 to 0.05.
inline double audit_level(long n, long k) {
  return 20 * std::pow(0.05 / 20, static_cast<double>(k) / static_cast<double>(n));
}

/// Euler's method for dx/dsigma = (x - D)/sigma, n steps.
inline Scheme euler_scheme(long n) {
  Scheme out;
  out.source = "euler";
  out.steps = n;
  out.rows.push_back({of_start(1)});
  for (long k = 0; k < n; ++k) {
    out.levels.push_back(audit_level(n, k));
    const double ratio = audit_level(n, k + 1) / audit_level(n, k);
    const auto i = static_cast<std::size_t>(k);
    out.rows.push_back({of_row(i, ratio), of_output(i, 1 - ratio)});
  }
  out.levels.push_back(audit_level(n, n));
  return out;
}

/// Heun's: the slope is the mean of those at both ends of a step, two calls a step. With
/// `own_weight` other than 1/2 it is the mean with that weight at the start: order 1.
inline Scheme heun_scheme(long n, double own_weight = 0.5) {
  Scheme out;
  out.source = own_weight == 0.5 ? "heun" : "heun with a wrong weight";
  out.steps = n;
  out.rows.push_back({of_start(1)});
  for (long k = 0; k < n; ++k) {
    const double here = audit_level(n, k);
    const double next = audit_level(n, k + 1);
    const double ratio = next / here;
    const auto i = static_cast<std::size_t>(2 * k);
    out.levels.push_back(here);
    out.levels.push_back(next);
    out.rows.push_back({of_row(i, ratio), of_output(i, 1 - ratio)});
    const double first = own_weight * (next - here) / here;
    const double second = (1 - own_weight) * (next - here) / next;
    out.rows.push_back({of_row(i, 1 + first), of_output(i, -first), of_row(i + 1, second),
                        of_output(i + 1, -second)});
  }
  out.levels.push_back(audit_level(n, n));
  return out;
}

inline AuditScheme audit_scheme(Scheme scheme) {
  AuditScheme out;
  out.facts = scheme_facts(scheme);
  out.scheme = std::move(scheme);
  out.name = out.scheme.source + "_" + std::to_string(*out.scheme.steps) + ".json";
  return out;
}

/// Euler, Heun and the wrong Heun with 16 to 256 steps on the default Gaussian.
inline AuditRequest small_audit() {
  AuditRequest out;
  for (const long n : {16, 32, 64, 128, 256}) {
    out.schemes.push_back(audit_scheme(euler_scheme(n)));
    out.schemes.push_back(audit_scheme(heun_scheme(n)));
    out.schemes.push_back(audit_scheme(heun_scheme(n, 0.6)));
  }
  out.targets = {"gaussian:dim=1,variance=0.25,mean=0.7"};
  out.advertised = {{"heun*", 2}};
  return out;
}

}  // namespace lemmabench
