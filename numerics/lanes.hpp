#pragma once

#include <cstddef>

/// Eight doubles that go through the same arithmetic: eight samples of a Monte Carlo estimate, one
/// a lane. Whatever vector unit the processor has, every lane does the same IEEE operations in the
/// same order, so the bytes do not depend on it (the build never contracts a product and a sum).
namespace lemmabench {

inline constexpr std::size_t kLanes = 8;

using LaneVector = double __attribute__((vector_size(64)));
using LaneBits = long long __attribute__((vector_size(64)));

/// Holds the lanes in containers and interfaces; .v is what computes. Aligned for the widest vector
/// unit (GCC aligns a bare LaneVector to 16 bytes where the build's default unit has no more).
struct alignas(64) Lanes {
  LaneVector v;

  double operator[](std::size_t lane) const { return v[lane]; }
};

/// Functions of lanes write to their last argument: returning a vector would make the calling
/// convention depend on the processor.
#define LEMMABENCH_LANE_FUNCTION [[gnu::always_inline]] inline

// x - x is 0 in every lane, and NaN where x is: what is not a number must stay none.
// NOLINTBEGIN(misc-redundant-expression)

/// Horner's rule for sum_j coefficients[j] x^j.
template <std::size_t n>
LEMMABENCH_LANE_FUNCTION void lane_polynomial(const double (&coefficients)[n], const LaneVector& x,
                                              LaneVector& out) {
  out = x - x + coefficients[n - 1];
  for (std::size_t j = n - 1; j-- > 0;) {
    out = out * x + coefficients[j];
  }
}

/// e^x for x <= 0, 0 below -708. Relative error at most 3e-16 (observed 1.6e-16).
LEMMABENCH_LANE_FUNCTION void lane_exp(const LaneVector& x, LaneVector& out) {
  // x = n log 2 + r, |r| <= log(2)/2; the Taylor series of e^r to r^13 is good to 5e-18.
  constexpr double kTaylor[] = {1.0,
                                1.0,
                                1.0 / 2,
                                1.0 / 6,
                                1.0 / 24,
                                1.0 / 120,
                                1.0 / 720,
                                1.0 / 5040,
                                1.0 / 40320,
                                1.0 / 362880,
                                1.0 / 3628800,
                                1.0 / 39916800,
                                1.0 / 479001600,
                                1.0 / 6227020800};
  constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
  constexpr double kLog2High = 0x1.62e42feep-1;
  constexpr double kLog2Low = 0x1.a39ef35793c76p-33;
  const LaneBits keep = x >= -708.0;
  const LaneVector safe = keep ? x : x - x;
  const LaneVector shifted = safe * 1.4426950408889634 + kRound;
  const LaneVector n = shifted - kRound;
  const LaneVector r = (safe - n * kLog2High) - n * kLog2Low;
  LaneVector series;
  lane_polynomial(kTaylor, r, series);
  const LaneVector power = (LaneVector)(((LaneBits)shifted + 1023) << 52);
  out = keep ? series * power : x - x;
}
// NOLINTEND(misc-redundant-expression)

/// log u for normal 0 < u <= 1. Relative error at most 5e-16 (observed 3.9e-16).
LEMMABENCH_LANE_FUNCTION void lane_log(const LaneVector& u, LaneVector& out) {
  // u = 2^e m with sqrt(1/2) <= m < sqrt(2); log m = 2 artanh s, s = (m-1)/(m+1), |s| <= 0.1716.
  constexpr double kArtanh[] = {2.0,      2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9, 2.0 / 11,
                                2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
  constexpr double kLog2High = 0x1.62e42feep-1;
  constexpr double kLog2Low = 0x1.a39ef35793c76p-33;
  constexpr long long kRootHalf = 0x3fe6a09e667f3bcdLL;
  const LaneBits offset = (LaneBits)u - kRootHalf;
  const LaneBits exponent = offset >> 52;
  const LaneVector m = (LaneVector)((offset & 0x000fffffffffffffLL) + kRootHalf);
  // A whole number as a double: its bits under those of 1.5 * 2^52.
  const LaneVector e = (LaneVector)(exponent + 0x4338000000000000LL) - 6755399441055744.0;
  const LaneVector f = m - 1.0;
  const LaneVector s = f / (m + 1.0);
  LaneVector series;
  lane_polynomial(kArtanh, s * s, series);
  out = e * kLog2High + (s * series + e * kLog2Low);
}

/// cos(2 pi u) and sin(2 pi u) for 0 <= u <= 1. Absolute error at most 3e-16.
LEMMABENCH_LANE_FUNCTION void lane_cos_sin_turns(const LaneVector& u, LaneVector& cosine,
                                                 LaneVector& sine) {
  // u = q/4 + r, |r| <= 1/8 exactly; Taylor series in x = 2 pi r, |x| <= pi/4, good to 1e-18.
  constexpr double kCosine[] = {1.0,
                                -1.0 / 2,
                                1.0 / 24,
                                -1.0 / 720,
                                1.0 / 40320,
                                -1.0 / 3628800,
                                1.0 / 479001600,
                                -1.0 / 87178291200,
                                1.0 / 20922789888000};
  constexpr double kSine[] = {1.0,
                              -1.0 / 6,
                              1.0 / 120,
                              -1.0 / 5040,
                              1.0 / 362880,
                              -1.0 / 39916800,
                              1.0 / 6227020800,
                              -1.0 / 1307674368000,
                              1.0 / 355687428096000};
  constexpr double kRound = 6755399441055744.0;
  const LaneVector shifted = u * 4.0 + kRound;
  const LaneBits quarter = (LaneBits)shifted;
  const LaneVector x = (u - (shifted - kRound) * 0.25) * 6.283185307179586;
  LaneVector c;
  LaneVector s;
  lane_polynomial(kCosine, x * x, c);
  lane_polynomial(kSine, x * x, s);
  s = s * x;
  const LaneBits swap = (quarter & 1) != 0;
  const LaneBits flip_cosine = ((quarter + 1) & 2) != 0;
  const LaneBits flip_sine = (quarter & 2) != 0;
  const LaneVector plain_cosine = swap ? s : c;
  const LaneVector plain_sine = swap ? c : s;
  cosine = flip_cosine ? -plain_cosine : plain_cosine;
  sine = flip_sine ? -plain_sine : plain_sine;
}

/// Defines `void name parameters { name_body arguments; }` compiled for each vector unit; a call
/// runs the best one this processor has. name_body is a LEMMABENCH_LANE_FUNCTION.
#if defined(__x86_64__)
#define LEMMABENCH_FOR_EACH_VECTOR_UNIT(name, parameters, arguments)                      \
  [[gnu::target("avx512f")]] static void name##_512 parameters { name##_body arguments; } \
  [[gnu::target("avx2")]] static void name##_256 parameters { name##_body arguments; }    \
  static void name##_128 parameters { name##_body arguments; }                            \
  void name parameters {                                                                  \
    static const auto best = __builtin_cpu_supports("avx512f") ? name##_512               \
                             : __builtin_cpu_supports("avx2")  ? name##_256               \
                                                               : name##_128;               \
    best arguments;                                                                       \
  }
#else
#define LEMMABENCH_FOR_EACH_VECTOR_UNIT(name, parameters, arguments) \
  void name parameters { name##_body arguments; }
#endif

}  // namespace lemmabench
