#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cases/spec.hpp"
#include "cases/walk.hpp"
#include "numerics/affine_form.hpp"
#include "numerics/batch.hpp"
#include "numerics/displacement.hpp"
#include "numerics/jet.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// The states a compiled sampler runs on: apply(State, Real). On jets both the point and the
/// coefficients of the step are Taylor series (harness/ledger/sampler_jets.hpp): in x, or in b with
/// coefficients that are series in x. A Displacement is a batch of vectors (harness/path_step.hpp).
#define LEMMABENCH_FOR_EACH_STATE(apply)                                                        \
  apply(AffineForm<double>, double) apply(AffineForm<Mp40>, Mp40) apply(AffineForm<Mp80>, Mp80) \
      apply(AffineForm<Ball>, Ball) apply(Batch<double>, double) apply(Batch<Mp40>, Mp40)       \
          apply(Batch<Mp80>, Mp80) apply(Jet<Ball>, Jet<Ball>)                                  \
              apply(Jet<Jet<Ball>>, Jet<Jet<Ball>>) apply(Displacement, double)

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

/// A sampler of any kind: one step, runnable on every state of the closed list.
class Sampler {
 public:
  Sampler() = default;
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;
  virtual ~Sampler() = default;

  virtual const SamplerInfo& info() const = 0;
  /// Canonical text with options, e.g. "li-cai:kappa=1/2".
  virtual std::string text() const = 0;
  /// A sampler with random times: the texts of the samplers that it is given one draw of all its
  /// times each. A step itself never draws a time, so that every engine computes the law given the
  /// times; their average is the caller's (harness/averaged_law.hpp). Empty if no time is random.
  virtual std::vector<std::string> draws() const { return {}; }

#define LEMMABENCH_STEP(State, Real) \
  virtual void step(const Step<Real>& c, Walk<State, Real>& walk) const = 0;
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_STEP)
#undef LEMMABENCH_STEP
};

/// Wraps a class with `static const SamplerInfo& info()`, `explicit S(Spec&)`, `std::string text()`
/// and one `template <class State, class Real> void step(const Step<Real>&, Walk<State, Real>&)`
/// into a Sampler.
template <class S>
class SamplerModel final : public Sampler {
 public:
  explicit SamplerModel(Spec& spec) : sampler_(spec) {}
  const SamplerInfo& info() const override { return S::info(); }
  std::string text() const override { return sampler_.text(); }
  std::vector<std::string> draws() const override {
    if constexpr (requires { sampler_.draws(); }) {
      return sampler_.draws();
    } else {
      return {};
    }
  }

#define LEMMABENCH_STEP(State, Real)                                       \
  void step(const Step<Real>& c, Walk<State, Real>& walk) const override { \
    sampler_.template step<State, Real>(c, walk);                          \
  }
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_STEP)
#undef LEMMABENCH_STEP

 private:
  S sampler_;
};

/// Makes the sampler `text` names. Throws InputError for an unknown name (with the nearest), an
/// unknown key or a value out of range; `origin` (e.g. "--sampler") starts the message.
std::unique_ptr<Sampler> make_sampler(std::string_view text, std::string_view origin);

/// All samplers, in the order they are listed to a user.
std::vector<const SamplerInfo*> all_samplers();

}  // namespace lemmabench
