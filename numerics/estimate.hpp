#pragma once

namespace lemmabench {

/// A value and an estimate of its error, of one computation by itself: what it knows it may be off,
/// such as the tail that it cut and rounding. What refining the computation shows is not in it.
template <class Real>
struct Estimate {
  Real value{};
  Real error{};
};

}  // namespace lemmabench
