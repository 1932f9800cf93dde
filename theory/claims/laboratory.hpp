#pragma once

#include <string>

#include "theory/output_law.hpp"

namespace lemmabench {

/// What claims about samplers may ask for. Theory states the question; the harness, which knows
/// the samplers and the engines, answers (harness/ledger/laboratory.hpp).
class Laboratory {
 public:
  Laboratory() = default;
  Laboratory(const Laboratory&) = delete;
  Laboratory& operator=(const Laboratory&) = delete;
  virtual ~Laboratory() = default;

  /// The output law of a sampler, as `lemmabench law` computes it. Answers are remembered, so
  /// several claims may ask the same at no cost. Thread-safe. Throws as compute_law does.
  virtual const LawResult& law(const LawRequest& request, const LawOptions& options) = 0;
};

}  // namespace lemmabench
