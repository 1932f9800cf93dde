#pragma once

#include <string>
#include <vector>

#include "harness/studies/mutation/hunt.hpp"

namespace lemmabench {

/// The same as tables: every mutant and its catch, the survivors, the thresholds.
std::string mutants_text(const MutantRun& run, bool times);

/// The thresholds on the laws of one engine: samplers down, the coefficients that one of them uses
/// across, "1e-12", "<=1e-14" (the smallest tried), ">1e-1" or "-" (not used).
struct ThresholdTable {
  std::string engine;
  std::string cell;                             ///< the law, of the first sampler
  std::vector<std::vector<std::string>> lines;  ///< the first is the header
};

std::vector<ThresholdTable> threshold_tables(const std::vector<DetectionThreshold>& thresholds);

}  // namespace lemmabench
