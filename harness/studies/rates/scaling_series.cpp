#include "harness/studies/rates/scaling_series.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <variant>

#include "cases/samplers/file_sampler.hpp"
#include "cases/target.hpp"
#include "harness/records/law_json.hpp"
#include "harness/records/request_text.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"
#include "theory/process/natural_scale.hpp"

namespace lemmabench {
namespace {

/// A series with its laws, before it is fitted.
struct Group {
  ScalingSeries series;
  std::vector<LawResult> laws;
};

std::vector<Group> group_cells(const std::vector<StoreCell>& cells, std::string_view origin) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> index;
  for (const StoreCell& cell : cells) {
    const auto [found, is_new] = index.emplace(series_text(cell.request), groups.size());
    if (is_new) {
      groups.emplace_back();
      groups.back().series.request = cell.request;
    }
    Group& group = groups[found->second];
    if (cell.failed) {
      ++group.series.failed_cells;
    } else {
      group.laws.push_back(law_from_json(cell.result, origin));
    }
  }
  for (Group& group : groups) {
    std::sort(group.laws.begin(), group.laws.end(), [](const LawResult& a, const LawResult& b) {
      return a.request.steps < b.request.steps;
    });
  }
  return groups;
}

/// The index of the eigenvalue whose relative variance error is largest at the largest T.
std::size_t worst_eigenvalue(const LawResult& law) {
  const auto& errors = law.relative_variance_error;
  const auto worst = std::max_element(
      errors.begin(), errors.end(), [](const VarianceError& a, const VarianceError& b) {
        return std::abs(a.value.value()) < std::abs(b.value.value());
      });
  return static_cast<std::size_t>(worst - errors.begin());
}

std::vector<ScalingPoint> points_of(const std::vector<LawResult>& laws, FittedMetric metric) {
  std::vector<ScalingPoint> points;
  const std::size_t worst = laws.empty() ? 0 : worst_eigenvalue(laws.back());
  for (const LawResult& law : laws) {
    const auto add = [&](const Quantity& value) {
      points.push_back(scaling_point(law.request.steps, value));
    };
    switch (metric) {
      case FittedMetric::tv:
        add(law.tv);
        break;
      case FittedMetric::kl_pq:
        add(law.kl_pq);
        break;
      case FittedMetric::kl_qp:
        add(law.kl_qp);
        break;
      case FittedMetric::hellinger:
        add(law.hellinger);
        break;
      case FittedMetric::relative_variance_error:
        if (worst < law.relative_variance_error.size()) {
          add(law.relative_variance_error[worst].value);
        }
        break;
    }
  }
  return points;
}

void judge(ScalingSeries& series) {
  if (series.expected) {
    series.judgement = judge_order(series.fit, series.expected->order);
    if (series.judgement.verdict == OrderVerdict::consistent) {
      series.constant = constant_at(series.fit, series.expected->order);
    }
    return;
  }
  series.judgement.evidence = series.fit.evidence;
  if (!series.fit.refused() && series.fit.asymptotic) {
    series.judgement.verdict = OrderVerdict::consistent;
    series.judgement.reason = "no order is stated; " + series.fit.range_reason;
  } else {
    series.judgement.reason = series.fit.refused()
                                  ? series.fit.refusal
                                  : "not in the asymptotic range: " + series.fit.range_reason;
  }
}

}  // namespace

std::string_view name(FittedMetric metric) {
  switch (metric) {
    case FittedMetric::tv:
      return "tv";
    case FittedMetric::kl_pq:
      return "kl_pq";
    case FittedMetric::kl_qp:
      return "kl_qp";
    case FittedMetric::hellinger:
      return "hellinger";
    case FittedMetric::relative_variance_error:
      return "relative_variance_error";
  }
  return "";
}

const std::vector<FittedMetric>& all_metrics() {
  static const std::vector<FittedMetric> kAll{FittedMetric::tv, FittedMetric::kl_pq,
                                              FittedMetric::kl_qp, FittedMetric::hellinger,
                                              FittedMetric::relative_variance_error};
  return kAll;
}

FittedMetric parse_metric(std::string_view text, std::string_view origin) {
  std::vector<std::string_view> known;
  for (const FittedMetric metric : all_metrics()) {
    if (text == name(metric)) {
      return metric;
    }
    known.push_back(name(metric));
  }
  throw InputError(
      fmt::format("{}: unknown metric '{}'; use {}", origin, quoted(text), fmt::join(known, ", ")));
}

std::optional<ExpectedOrder> expected_order(const LawRequest& request, FittedMetric metric) {
  const bool li_cai = std::holds_alternative<LiCaiSchedule>(request.schedule);
  const bool logit =
      std::holds_alternative<LogitSchedule>(request.schedule) && request.start == Start::exact;
  if (request.score != "exact" || !(li_cai || logit)) {
    return std::nullopt;
  }
  const auto sampler = recorded_sampler(request.sampler, "sampler");
  const Target target = make_target(request.target, "target");
  const SamplerInfo& info = sampler->info();
  const int order = std::holds_alternative<GaussianLaw>(target.law) ? info.order_single_gaussian
                                                                    : info.order_mixture;
  if (order == 0) {
    return std::nullopt;
  }
  const int power = metric == FittedMetric::kl_pq || metric == FittedMetric::kl_qp ? 2 : 1;
  return ExpectedOrder{static_cast<double>(power * order), li_cai ? power * info.extra_logs : 0};
}

std::vector<ScalingSeries> scaling_series(const std::vector<StoreCell>& cells, FittedMetric metric,
                                          std::string_view origin) {
  std::vector<ScalingSeries> out;
  for (Group& group : group_cells(cells, origin)) {
    ScalingSeries& series = group.series;
    series.points = points_of(group.laws, metric);
    series.expected = expected_order(series.request, metric);
    FitOptions options;
    options.known_logs = series.expected ? series.expected->known_logs : 0;
    series.fit = fit_exponent(series.points, natural_model(series.request.schedule), options);
    if (series.points.empty() && !group.laws.empty()) {
      series.fit.refusal = fmt::format("a law of this target has no {}", name(metric));
    }
    judge(series);
    out.push_back(std::move(series));
  }
  return out;
}

bool all_hold(const std::vector<ScalingSeries>& series) {
  return !series.empty() && std::all_of(series.begin(), series.end(),
                                        [](const ScalingSeries& one) { return one.holds(); });
}

std::string verdict_name(const ScalingSeries& series) {
  const bool measured = !series.expected && series.holds();
  return measured ? "measured" : std::string(name(series.judgement.verdict));
}

}  // namespace lemmabench
