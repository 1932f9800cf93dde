#include "cases/mutants/mutant_sampler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cases/mutants/mutant_step.hpp"
#include "cases/mutants/mutant_walk.hpp"
#include "numerics/error.hpp"
#include "numerics/mp.hpp"

namespace lemmabench {
namespace {

std::string replaced(std::string_view text, char from, char to) {
  std::string out(text);
  std::replace(out.begin(), out.end(), from, to);
  return out;
}

class MutantSampler final : public Sampler {
 public:
  MutantSampler(std::unique_ptr<Sampler> base, Bug bug)
      : base_(std::move(base)),
        bug_(std::move(bug)),
        text_(mutant_text(base_->text(), bug_.text())) {
    title_ = fmt::format("{} with a planted bug: {}", base_->info().id, bug_.info().title);
    info_ = base_->info();
    info_.id = text_;
    info_.title = title_;
    info_.tag = "mutant";
    info_.options = "";
    info_.path_kernel = false;  // its noise need not be b/alpha
  }

  const SamplerInfo& info() const override { return info_; }
  std::string text() const override { return text_; }
  std::vector<std::string> draws() const override {
    std::vector<std::string> out = base_->draws();
    for (std::string& draw : out) {
      draw = mutant_text(draw, bug_.text());
    }
    return out;
  }

#define LEMMABENCH_STEP(State, Real)                                       \
  void step(const Step<Real>& c, Walk<State, Real>& walk) const override { \
    take<State, Real>(c, walk);                                            \
  }
  LEMMABENCH_FOR_EACH_STATE(LEMMABENCH_STEP)
#undef LEMMABENCH_STEP

 private:
  template <class State, class Real>
  void take(const Step<Real>& c, Walk<State, Real>& walk) const {
    if (!bug_.acts(c.t, c.steps)) {
      base_->step(c, walk);
      return;
    }
    switch (bug_.kind) {
      case BugKind::skip:
        return;
      case BugKind::repeat:
        base_->step(c, walk);
        base_->step(c, walk);
        return;
      case BugKind::state_scale:
        if (bug_.by != Rational(1)) {
          walk.move(State(from_rational<Real>(bug_.by) * walk.state()));
        }
        base_->step(c, walk);
        return;
      default:
        break;
    }
    const Step<Real> wrong = mutated(c, bug_);
    MutantWalk<State, Real> between(walk, c, bug_);
    base_->step(wrong, between);
  }

  std::unique_ptr<Sampler> base_;
  Bug bug_;
  std::string text_;
  std::string title_;
  SamplerInfo info_;
};

}  // namespace

std::string mutant_text(std::string_view base, std::string_view bug) {
  return fmt::format("mutant:base={},{}", replaced(base, ',', ';'), bug);
}

bool is_mutant(std::string_view text) { return text.substr(0, text.find(':')) == "mutant"; }

std::unique_ptr<Sampler> make_mutant(Spec& spec) {
  const std::string base = replaced(spec.word("base"), ';', ',');
  if (is_mutant(base)) {
    spec.fail_at("base", "a mutant has one bug; name the sampler itself");
  }
  if (std::string_view(base).substr(0, base.find(':')).ends_with(".hpp")) {
    spec.fail_at("base", "a C++ header runs in a process of its own; a mutant of it cannot");
  }
  Bug bug = Bug::read(spec);
  return std::make_unique<MutantSampler>(make_sampler(base, spec.where("base")), std::move(bug));
}

}  // namespace lemmabench
