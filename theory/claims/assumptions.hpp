#pragma once

#include "theory/claims/claim.hpp"

/// The assumptions that the theory makes of its data and its T, as hypotheses that claims share
/// (theory.md sections 1 and 2).
namespace lemmabench {

/// A number for a message: exact when short, else six digits.
std::string short_text(const Rational& x);

/// "a Gaussian in R^d or a Gaussian mixture on the line".
Hypothesis gaussian_or_line();

/// "a Gaussian or a finite scale mixture in R^d, or a Gaussian mixture on the line": where what
/// happens at a point is known in balls.
Hypothesis pointwise_law();

/// The same or independent coordinates, each a finite mixture of Gaussians: for what is a sum, a
/// norm or a maximum over the coordinates.
Hypothesis pointwise_or_product();

/// A2, "E||X_0||^2 <= T^{c_R}", with c_R = 1 and the least T that the claim looks at.
Hypothesis second_moment_bound(long least_steps);

/// "a target of the catalogue": for statements that name a constant which suffices there.
Hypothesis in_catalogue(const char* constant_of_others);

/// "T large enough for the limit": with T = `least_steps` on li-cai:c0=2,c1=9 every eigenvalue of
/// the Gaussian is at least 1000 T^{-6}, far above the noise 1-abar_1 = T^{-7} that is left, and at
/// most 2 sqrt(T), so that what starting from N(0, I) leaves in the variance, lambda^2 T^{-4}
/// relative, is below a thousandth of an error of order (log T/T)^3. Elsewhere a limit as T ->
/// infinity cannot be read off T >= least_steps.
Hypothesis steps_resolve_spectrum(long least_steps);

/// Why a constant at this T says nothing yet about how the constants grow on li-cai:c0=2,c1=9: a
/// variance of the data is below 100 T^{-7}, the scale of the noise 1-abar_1 where the schedule
/// ends, so that larger T will see what this one cannot. Empty when T is large enough.
std::string before_resolution(const TargetCase& target, long steps);

/// Why an error in total variation is outside of the range where its order shows: it is above 1/4.
/// Empty when it is not.
std::string saturated(const Quantity& tv);

}  // namespace lemmabench
