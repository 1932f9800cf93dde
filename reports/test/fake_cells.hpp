#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "reports/figures/series.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// A made-up law with TV = size (log T/T)^order: tests of the page need no sampler to run.
inline LawResult made_up_law(const std::string& target, const std::string& sampler, long steps,
                             double order, double size = 1) {
  LawResult law;
  law.request.target = target;
  law.request.sampler = sampler;
  law.request.steps = steps;
  law.engine = "line";
  law.arithmetic = "made up";
  law.score_calls = steps;
  const double t = static_cast<double>(steps);
  const double value = size * std::pow(std::log(t) / t, order);
  law.tv = Quantity::computed(value, 1e-9 * value);
  law.kl_pq = law.kl_qp = law.hellinger = law.tv;
  return law;
}

/// Two mixtures, two samplers, five step counts, and one decomposition.
inline ReportData made_up_report() {
  ReportData data;
  data.origin = "test";
  data.command = "lemmabench report test.sqlite -o out";
  for (const char* target : {"mixture-three", "mixture-near"}) {
    for (long steps = 128; steps <= 2048; steps *= 2) {
      data.cells.push_back(made_up_law(target, "ddpm", steps, 1, 0.9));
      data.cells.push_back(made_up_law(target, "li-cai", steps, 2, 1.3));
    }
  }
  LawResult parts = made_up_law("mixture-three", "li-cai", 256, 2, 3);
  parts.request.score = "affine:size=0.01";
  const double half = parts.tv.value() / 2;
  parts.parts.initialisation = Quantity::computed(half / 10, 1e-12);
  parts.parts.discretisation = Quantity::computed(half, 1e-12);
  parts.parts.score = Quantity::computed(half, 1e-12);
  data.cells.push_back(parts);
  return data;
}

}  // namespace lemmabench
