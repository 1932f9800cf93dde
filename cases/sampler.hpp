#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cases/sampler_info.hpp"
#include "cases/spec.hpp"
#include "cases/walk.hpp"
#include "numerics/affine_form.hpp"
#include "numerics/batch.hpp"
#include "numerics/displacement.hpp"
#include "numerics/jet.hpp"
#include "numerics/mp.hpp"
#include "numerics/scalar.hpp"

namespace lemmabench {

/// The states a compiled sampler runs on: apply(State, Real). On jets both the point and the
/// coefficients of the step are Taylor series (harness/studies/claims/sampler_jets.hpp): in x, or
/// in b with coefficients that are series in x. A Displacement is a batch of vectors
/// (harness/monte_carlo/certificate/path_step.hpp).
#define LEMMABENCH_FOR_EACH_STATE(apply)                                                        \
  apply(AffineForm<double>, double) apply(AffineForm<Mp40>, Mp40) apply(AffineForm<Mp80>, Mp80) \
      apply(AffineForm<Ball>, Ball) apply(Batch<double>, double) apply(Batch<Mp40>, Mp40)       \
          apply(Batch<Mp80>, Mp80) apply(Jet<Ball>, Jet<Ball>)                                  \
              apply(Jet<Jet<Ball>>, Jet<Jet<Ball>>) apply(Displacement, double)

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
  /// times; their average is the caller's (harness/law/averaged_law.hpp). Empty if no time is
  /// random.
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

}  // namespace lemmabench
