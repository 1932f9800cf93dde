#include "reports/figures/series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cases/sampler.hpp"
#include "cases/samplers/file_sampler.hpp"
#include "harness/records/request_text.hpp"

namespace lemmabench {

namespace {

constexpr std::size_t kLeastFamily = 3;

/// The listing place of a sampler's text; samplers with options follow the plain one.
std::size_t listing_place(const std::string& sampler) {
  const std::string id = sampler.substr(0, sampler.find(':'));
  const auto all = all_samplers();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&id](const SamplerInfo* info) { return info->id == id; });
  return static_cast<std::size_t>(found - all.begin());
}

/// The variance of a flat zero-mean Gaussian; null for every other target.
const Rational* flat_variance(const Target& target) {
  const auto* gaussian = std::get_if<GaussianLaw>(&target.law);
  if (gaussian == nullptr || gaussian->coordinates.size() != 1 || !gaussian->centred())
    return nullptr;
  return &gaussian->coordinates.front().components.front().variance;
}

}  // namespace

int Series::expected_order() const {
  return expected ? static_cast<int>(std::lround(expected->order)) : 0;
}

SeriesIndex::SeriesIndex(const ReportData& data) {
  std::vector<std::string> target_order;
  std::map<std::string, std::size_t> schedules;
  // A store keeps canonical texts; people know the catalogue's names.
  const std::vector<Target> catalogue = catalogue_targets();
  for (const LawResult& cell : data.cells) {
    const LawRequest& request = cell.request;
    if (targets_.find(request.target) == targets_.end()) {
      TargetEntry entry;
      entry.text = request.target;
      entry.target = make_target(request.target, data.origin);
      const auto named = std::find_if(
          catalogue.begin(), catalogue.end(),
          [&entry](const Target& known) { return known.text() == entry.target.text(); });
      if (named != catalogue.end()) entry.target = *named;
      entry.named = !entry.target.name.empty() && entry.target.name != entry.target.text();
      entry.label = entry.named ? entry.target.name : request.target;
      if (const Rational* variance = flat_variance(entry.target);
          variance != nullptr && !entry.named) {
        entry.label = fmt::format("N(0, {} I), d = {}", variance->text(), entry.target.dim());
      }
      entry.title = entry.target.title;
      entry.place = static_cast<std::size_t>(named - catalogue.begin());
      targets_.emplace(request.target, std::move(entry));
      target_order.push_back(request.target);
    }
    if (models_.find(request.sampler) == models_.end()) {
      models_.emplace(request.sampler, recorded_sampler(request.sampler, data.origin));
      samplers_.push_back(request.sampler);
    }
    if (request.start == Start::gaussian && request.score == "exact") {
      ++schedules[text(request.schedule)];
    }
  }
  std::stable_sort(samplers_.begin(), samplers_.end(), [](const auto& a, const auto& b) {
    return listing_place(a) < listing_place(b);
  });
  std::size_t most = 0;
  for (const auto& [schedule, count] : schedules) {
    if (count > most) {
      most = count;
      schedule_ = schedule;
    }
  }
  std::stable_sort(target_order.begin(), target_order.end(), [this](const auto& a, const auto& b) {
    return targets_.at(a).place < targets_.at(b).place;
  });
  sort_cells(data);
  find_families(target_order);
}

void SeriesIndex::sort_cells(const ReportData& data) {
  std::map<std::string, std::size_t> places;
  for (const LawResult& cell : data.cells) {
    if (!cell.tv.finite()) continue;  // a bound is no point of a curve; the CSV has it
    const LawRequest& request = cell.request;
    // Cells that differ in digits or arithmetic alone are points of one curve.
    LawRequest of_curve = request;
    of_curve.digits = 0;
    of_curve.arithmetic = {};
    const auto [place, is_new] = places.emplace(series_text(of_curve), series_.size());
    if (is_new) {
      Series series;
      series.target = &targets_.at(request.target);
      series.sampler = request.sampler;
      series.info = &models_.at(request.sampler)->info();
      series.schedule = text(request.schedule);
      series.start = request.start;
      series.score = request.score;
      series.expected = lemmabench::expected_order(
          request, series.target->single_gaussian() ? FittedMetric::relative_variance_error
                                                    : FittedMetric::tv);
      series_.push_back(std::move(series));
    }
    series_[place->second].cells.push_back(&cell);
  }
  for (Series& series : series_) {
    std::stable_sort(
        series.cells.begin(), series.cells.end(),
        [](const LawResult* a, const LawResult* b) { return a->request.steps < b->request.steps; });
    // Of cells that differ in digits alone the one with the smaller error speaks.
    std::vector<const LawResult*> best;
    for (const LawResult* cell : series.cells) {
      if (best.empty() || best.back()->request.steps != cell->request.steps) {
        best.push_back(cell);
      } else if (cell->tv.error() < best.back()->tv.error()) {
        best.back() = cell;
      }
    }
    series.cells = std::move(best);
  }
}

void SeriesIndex::find_families(const std::vector<std::string>& order) {
  std::map<std::string, std::map<long, std::string>> by_variance;
  for (const std::string& text : order) {
    const TargetEntry& entry = targets_.at(text);
    if (const Rational* variance = flat_variance(entry.target)) {
      by_variance[variance->text()].emplace(entry.target.dim(), text);
    }
  }
  for (const auto& [variance, members] : by_variance) {
    if (members.size() >= kLeastFamily) {
      families_.push_back({fmt::format("N(0, {} I)", variance), members});
    }
  }
  std::map<std::string, std::set<std::string>> samplers_of;
  std::size_t most_samplers = 0;
  for (const Series& series : series_) {
    samplers_of[series.target->text].insert(series.sampler);
    most_samplers = std::max(most_samplers, samplers_of[series.target->text].size());
  }
  for (const std::string& text : order) {
    const TargetEntry& entry = targets_.at(text);
    // A family's member keeps its panel if it has a name of its own in the catalogue.
    const bool in_family =
        std::any_of(families_.begin(), families_.end(), [&text](const DimensionFamily& family) {
          return std::any_of(family.target_of_dim.begin(), family.target_of_dim.end(),
                             [&text](const auto& member) { return member.second == text; });
        });
    // Neither does a target that only serves to check one sampler's constant.
    const bool alone = most_samplers > 1 && samplers_of[text].size() < 2;
    if (entry.named || !(in_family || alone)) panel_targets_.push_back(&entry);
  }
}

const Series* SeriesIndex::plain(const std::string& target, const std::string& sampler,
                                 std::size_t least) const {
  const auto found = std::find_if(series_.begin(), series_.end(), [&](const Series& series) {
    return series.plain() && series.schedule == schedule_ && series.sampler == sampler &&
           series.target->text == target && series.cells.size() >= least;
  });
  return found == series_.end() ? nullptr : &*found;
}

}  // namespace lemmabench
