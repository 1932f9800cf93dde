#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cases/sampler_info.hpp"
#include "cases/target.hpp"
#include "harness/studies/rates/scaling_series.hpp"
#include "harness/studies/report_suite/report_data.hpp"

namespace lemmabench {

class Sampler;

/// A target or sampler of the report with what there is to say of it.
struct TargetEntry {
  std::string text;    ///< as in the requests
  std::string label;   ///< the catalogue's name, or the text
  std::string title;   ///< one line for people
  bool named = false;  ///< in the catalogue, or a file with a name
  Target target;
  std::size_t place = 0;  ///< in the catalogue; beyond its end if it is not in it
  bool single_gaussian() const { return std::holds_alternative<GaussianLaw>(target.law); }
};

/// The same target, sampler, schedule, start and score at rising step counts.
struct Series {
  const TargetEntry* target = nullptr;
  std::string sampler;
  const SamplerInfo* info = nullptr;
  std::string schedule;
  Start start = Start::gaussian;
  std::string score;
  std::vector<const LawResult*> cells;  ///< steps ascending

  /// The order that is stated for the relative variance error (Gaussian) or TV (mixture).
  std::optional<ExpectedOrder> expected;

  /// The same rounded for labels; 0 = not stated.
  int expected_order() const;
  bool plain() const { return start == Start::gaussian && score == "exact"; }
};

/// Flat zero-mean Gaussians that differ in dimension only.
struct DimensionFamily {
  std::string label;  ///< "N(0, 0.3 I)"
  std::map<long, std::string> target_of_dim;
};

/// The cells sorted into series, with the targets and samplers in order of first appearance
/// (samplers: in the order of all_samplers()). Pointers stay valid as long as the object and the
/// data live; not copyable for that reason.
class SeriesIndex {
 public:
  explicit SeriesIndex(const ReportData& data);
  SeriesIndex(const SeriesIndex&) = delete;
  SeriesIndex& operator=(const SeriesIndex&) = delete;

  const std::vector<Series>& all() const { return series_; }
  /// Targets that get a panel: all but the unnamed members of a dimension family and unnamed
  /// targets that one sampler alone was run on.
  const std::vector<const TargetEntry*>& panel_targets() const { return panel_targets_; }
  const std::vector<DimensionFamily>& families() const { return families_; }
  /// Samplers in listing order.
  const std::vector<std::string>& samplers() const { return samplers_; }
  /// The schedule of most plain cells; the report's figures show this one.
  const std::string& schedule() const { return schedule_; }
  /// Plain series (start N(0, I), exact score) under schedule(), of this target and sampler with
  /// at least `least` step counts; null if there is none.
  const Series* plain(const std::string& target, const std::string& sampler,
                      std::size_t least = 2) const;

 private:
  std::map<std::string, TargetEntry> targets_;
  std::map<std::string, std::shared_ptr<const Sampler>> models_;  ///< whose info() is shown
  std::vector<Series> series_;
  std::vector<const TargetEntry*> panel_targets_;
  std::vector<DimensionFamily> families_;
  std::vector<std::string> samplers_;
  std::string schedule_;

  void sort_cells(const ReportData& data);
  void find_families(const std::vector<std::string>& order);
};

}  // namespace lemmabench
