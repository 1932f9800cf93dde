#pragma once

namespace lemmabench {

/// A level alpha/7 is not a double; p = k/(n+1) may be it exactly.
inline constexpr double kLevelRounding = 1e-12;

/// Whether a test rejects at a level: asked in one place, so that its interval, its bound and the
/// verdict cannot differ.
inline bool p_rejects(double p, double level) { return p <= level * (1 + kLevelRounding); }

}  // namespace lemmabench
