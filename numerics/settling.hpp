#pragma once

/// Has a number measured on a ladder n_1 < n_2 < ... settled? The one rule for it, which order_fit
/// (of local orders) and theory/claims/trend (of constants) apply.
///
/// The number v is taken to run as v = limit + A n^{-k}. Its slopes dv/d log n then shrink like
/// n^{-k} too, and two neighbouring ones give k, the *rate*. It settles if the rate is at least
/// what a drift that leads nowhere cannot show at the same n; the drift to tell apart is that of a
/// bare factor log n beside the power, and it is what makes the two thresholds differ:
///
///   * A local order holds the derivative of that factor, 1/log n, whose slopes shrink at the rate
///     2/log n; corrections by powers of h have k >= 1/2. Needed: 1.4 times the rate of the log at
///     the same T (its local orders are computed, since h may be log T/T), and 0.3 at least.
///   * The log of a constant holds the factor itself, log log n, which has no limit and whose
///   slopes
///     shrink at the rate 1/log n: half as fast. n may be d = 1, 2, 4, where log n is no measure.
///     Needed: log2(4/3) = 0.415, a quarter a doubling. Of log n that is seen below n = 8 only,
///     where log n/log 2n < 3/4.
namespace lemmabench {

/// The rate k with |latter| = |former| e^{-k distance}, of two slopes of the same sign whose places
/// are `distance` apart in log n. Above 0 if they shrink, below if they grow.
double settling_rate(double former, double latter, double distance);

/// What a local order needs, where a bare factor log n shows the rate `log_rate`.
double needed_rate_of_orders(double log_rate);

/// What the log of a constant needs.
double needed_rate_of_constants();

}  // namespace lemmabench
