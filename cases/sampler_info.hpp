#pragma once

#include <string_view>
#include <vector>

namespace lemmabench {

/// What a sampler says of itself.
struct SamplerInfo {
  std::string_view id;            ///< "li-cai"
  std::string_view title;         ///< one line
  std::string_view formula = {};  ///< the update, in plain text
  std::string_view source = {};   ///< where the formula is from
  std::string_view tag = {};      ///< "quoted", "derived" or "reconstructed"
  std::string_view options = {};  ///< keys it takes, or empty
  int score_calls = 1;            ///< per step; 0 = depends on T or on the options
  bool deterministic = false;     ///< no noise in any step
  /// Orders to expect in log T/T with the li-cai schedule (theory.md section 3 [D]).
  int order_single_gaussian = 0;  ///< relative variance error on one Gaussian; 0 = not stated
  int order_mixture = 0;          ///< TV on a 1-D mixture; 0 = not stated
  /// Further factors log T of the error with the li-cai schedule, none with the logit schedule: a
  /// deterministic sampler does not forget what it does wrong in the c0 log T/L steps at noise
  /// level near 1, where every step adds L^{k+1}, so its error is L^k log T (docs/findings.md).
  int extra_logs = 0;
  /// True when y -> N(Psi(y), b/alpha) in one kernel, so that the path certificate applies.
  bool path_kernel = false;
  /// True when a step uses what earlier steps remembered (Walk::recall).
  bool memory = false;
  /// False when the step t -> t-1 alone does not lead from p_t to p_{t-1} (memory, or rounds of
  /// many steps): such a sampler has no local errors.
  bool single_steps = true;
  /// True when the step goes on to noise variance 1-abar_t - 2b on its scores and has no meaning
  /// where that is below 0: it needs h_t < 1/2 (theory.md section 3), a schedule_for it has that.
  bool overshoots = false;
};

/// All samplers, in the order they are listed to a user.
std::vector<const SamplerInfo*> all_samplers();

}  // namespace lemmabench
