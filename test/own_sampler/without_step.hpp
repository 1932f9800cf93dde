#pragma once

#include "cases/sampler.hpp"

/// Does not compile: the class has no step.
class WithoutStep {
 public:
  explicit WithoutStep(lemmabench::Spec&) {}
  static const lemmabench::SamplerInfo& info() {
    static constexpr lemmabench::SamplerInfo kInfo{.id = "without-step", .title = "has no step"};
    return kInfo;
  }
  std::string text() const { return "without-step"; }
};
