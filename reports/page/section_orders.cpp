#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numerics/order_fit.hpp"
#include "reports/figures/chart.hpp"
#include "reports/page/orders.hpp"
#include "reports/page/sections.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

ordered_json order_json(const ExponentFit& fit) {
  if (fit.refused()) return nullptr;
  ordered_json out = to_json(fit.order, fit.half_width(), fit.evidence);
  out["low"] = fmt::format("{:.6g}", fit.low);
  out["high"] = fmt::format("{:.6g}", fit.high);
  return out;
}

void judge(ordered_json& row, const ExponentFit& fit, int expected) {
  const std::string logs = fit.known_logs == 0   ? ""
                           : fit.known_logs == 1 ? " (× log T)"
                                                 : fmt::format(" (× log^{} T)", fit.known_logs);
  row["expected"] = expected > 0 ? fmt::format("{}{}", expected, logs) : "not stated";
  row["expectation"] =
      expected > 0 ? fmt::format("expected {}{}", expected, logs) : "no order stated";
  row["short_reason"] = fit.refused() ? "no fit" : "";
  if (fit.refused()) {
    set_verdict(row, Verdict::inconclusive, fit.refusal);
    return;
  }
  if (expected <= 0) {
    set_verdict(row, Verdict::not_applicable, fit.range_reason);
    return;
  }
  const OrderJudgement judgement = judge_order(fit, expected);
  switch (judgement.verdict) {
    case OrderVerdict::consistent:
      set_verdict(row, Verdict::holds, judgement.reason);
      break;
    case OrderVerdict::faster:
      set_verdict(row, Verdict::holds, judgement.reason);
      row["verdict_mark"] = "↑";
      break;
    case OrderVerdict::slower:
      set_verdict(row, Verdict::violated, judgement.reason);
      break;
    case OrderVerdict::inconclusive:
      set_verdict(row, Verdict::inconclusive, judgement.reason);
      break;
  }
  row["verdict"] = name(judgement.verdict);
}

ordered_json order_row(const Series& series, const Measured& measured) {
  ordered_json row;
  row["target"] = series.target->label;
  row["title"] = series.target->title;
  row["sampler"] = series.sampler;
  row["quantity"] = measured.quantity;
  row["short_quantity"] = measured.quantity == "TV" ? "TV" : "variance";
  const ExponentFit corrected = fit_order(series, measured, ScalingModel::log_corrected);
  const ExponentFit power = fit_order(series, measured, ScalingModel::power);
  row["order"] = order_json(corrected);
  row["power"] = order_json(power);
  row["window"] = corrected.window.empty()
                      ? "–"
                      : fmt::format("{:.0f} to {:.0f} ({})", corrected.window.front().steps,
                                    corrected.window.back().steps, corrected.window.size());
  row["asymptotic"] = corrected.refused() ? "–" : corrected.asymptotic ? "reached" : "not reached";
  judge(row, corrected, series.expected_order());
  const bool settled = row["verdict_class"] == "holds" || row["verdict"] == "not applicable";
  row["remark"] = settled ? ordered_json(nullptr) : row["reason"];
  return row;
}

ordered_json tally(const ordered_json& orders) {
  int consistent = 0, faster = 0, slower = 0, open = 0, unstated = 0;
  for (const ordered_json& row : orders) {
    const std::string verdict = row.at("verdict");
    consistent += verdict == "consistent" ? 1 : 0;
    faster += verdict == "faster" ? 1 : 0;
    slower += verdict == "slower" ? 1 : 0;
    open += verdict == "inconclusive" ? 1 : 0;
    unstated += verdict == "not applicable" ? 1 : 0;
  }
  const int judged = consistent + faster + slower + open;
  std::string text = fmt::format("Of {} measured orders, {} agree with the expectation", judged,
                                 consistent == judged ? "all" : fmt::format("{}", consistent));
  const auto add = [&text](int count, const char* what) {
    if (count > 0) text += fmt::format(", {} {}", count, what);
  };
  add(faster, faster == 1 ? "is faster" : "are faster");
  add(slower, slower == 1 ? "is slower" : "are slower");
  add(open, open == 1 ? "is undecided" : "are undecided");
  if (unstated > 0) text += fmt::format("; for {} more none is stated", unstated);
  ordered_json out = ordered_json::array();
  out.push_back({{"text", text + "."}});
  return out;
}

/// The settled order of a sampler on the first target of a kind, or null.
const ordered_json* settled_order(const SeriesIndex& index, const ordered_json& orders,
                                  const std::string& sampler, bool single_gaussian) {
  for (const TargetEntry* target : index.panel_targets()) {
    if (target->single_gaussian() != single_gaussian) continue;
    for (const ordered_json& row : orders) {
      if (row.at("target") == target->label && row.at("sampler") == sampler &&
          row.at("asymptotic") == "reached") {
        return &row;
      }
    }
  }
  return nullptr;
}

/// Which samplers have another order on a mixture than on a Gaussian, in a sentence; or nothing.
std::string contrast(const SeriesIndex& index, const ordered_json& orders) {
  constexpr double kHalfAnOrder = 0.5;
  std::string out;
  for (const std::string& sampler : index.samplers()) {
    const ordered_json* gaussian = settled_order(index, orders, sampler, true);
    const ordered_json* mixture = settled_order(index, orders, sampler, false);
    if (gaussian == nullptr || mixture == nullptr) continue;
    const auto number = [](const ordered_json* row) {
      return std::stod(row->at("order").at("value").get<std::string>());
    };
    if (std::abs(number(gaussian) - number(mixture)) <= kHalfAnOrder) continue;
    out += fmt::format("{}{} has order {} on {} but {} on {}", out.empty() ? "" : "; ", sampler,
                       gaussian->at("order").at("text").get<std::string>(),
                       gaussian->at("target").get<std::string>(),
                       mixture->at("order").at("text").get<std::string>(),
                       mixture->at("target").get<std::string>());
  }
  return out.empty() ? "" : "One Gaussian alone would mislead: " + out + " (all computed).";
}

/// Two sentences and a picture: ddpm and the accelerated forms on the most telling target.
void add_story(const SeriesIndex& index, ordered_json& headline, Section& section) {
  const TargetEntry* chosen = nullptr;
  for (const TargetEntry* target : index.panel_targets()) {
    const bool usable = index.plain(target->text, "ddpm") != nullptr &&
                        index.plain(target->text, "li-cai") != nullptr;
    // A mixture, because a single Gaussian flatters li-cai.
    if (usable && (chosen == nullptr || (chosen->single_gaussian() && !target->single_gaussian()) ||
                   target->label == "mixture-three")) {
      chosen = target;
    }
  }
  if (chosen == nullptr) {
    headline["figure"] = nullptr;
    headline["story"] = "";
    headline["reading"] = "";
    return;
  }
  Figure figure = tv_figure(index, *chosen, {"ddpm", "li-cai", "li-cai-momentum"}, "overview");
  figure.caption = fmt::format("Total variation on {}: {}.", chosen->label, chosen->title);
  const LawResult& plain = *index.plain(chosen->text, "ddpm")->cells.back();
  const Series& series = *index.plain(chosen->text, "li-cai");
  const auto same = std::find_if(series.cells.begin(), series.cells.end(), [&](const auto* cell) {
    return cell->request.steps == plain.request.steps;
  });
  const LawResult& fast = same == series.cells.end() ? *series.cells.back() : **same;
  headline["story"] = fmt::format(
      "On {} ({}), {} steps of ddpm leave a total variation of {}; {} steps of li-cai leave {}, "
      "{} times less (all {}). li-cai asks for two scores a step.",
      chosen->label, chosen->title, plain.request.steps, typeset(rounded(plain.tv, 3)),
      fast.request.steps, typeset(rounded(fast.tv, 3)),
      rounded(plain.tv.value() / fast.tv.value(), 0, 2),
      name(weaker(plain.tv.evidence(), fast.tv.evidence())));
  headline["reading"] =
      "Doubling T halves the error of a first-order sampler (up to the logarithm in the schedule), "
      "and quarters that of a second-order one. The table says which order each sampler has on "
      "each target, measured on exact laws.";
  headline["figure"] = figure_json(figure);
  section.figures.push_back(std::move(figure));
}

ordered_json matrix(const SeriesIndex& index, const ordered_json& orders) {
  ordered_json out;
  out["columns"] = ordered_json::array();
  std::vector<const TargetEntry*> columns;
  for (const TargetEntry* target : index.panel_targets()) {
    const bool any = std::any_of(orders.begin(), orders.end(), [&](const ordered_json& row) {
      return row.at("target") == target->label;
    });
    if (!any) continue;
    columns.push_back(target);
    out["columns"].push_back({{"target", target->label}, {"title", target->title}});
  }
  out["rows"] = ordered_json::array();
  for (const std::string& sampler : index.samplers()) {
    ordered_json row{{"sampler", sampler}, {"cells", ordered_json::array()}};
    bool any = false;
    for (const TargetEntry* target : columns) {
      const auto found = std::find_if(orders.begin(), orders.end(), [&](const ordered_json& order) {
        return order.at("target") == target->label && order.at("sampler") == sampler;
      });
      ordered_json cell;
      if (found != orders.end()) {
        any = true;
        for (const char* key : {"order", "expected", "expectation", "verdict", "verdict_class",
                                "verdict_mark", "reason", "short_reason", "quantity"}) {
          cell[key] = found->at(key);
        }
      } else {
        cell = {{"order", nullptr}, {"expectation", ""}, {"short_reason", "not computed"}};
        set_verdict(cell, Verdict::not_applicable, "not in this report");
      }
      row["cells"].push_back(std::move(cell));
    }
    if (any) out["rows"].push_back(std::move(row));
  }
  return out;
}

}  // namespace

Section orders_section(const SeriesIndex& index) {
  Section section;
  ordered_json judged = ordered_json::array();
  ordered_json orders = ordered_json::array();
  for (const TargetEntry* target : index.panel_targets()) {
    bool first = true;
    for (const std::string& sampler : index.samplers()) {
      const Series* series = index.plain(target->text, sampler, kLeastFitPoints);
      if (series == nullptr) continue;
      ordered_json row = order_row(
          *series, target->single_gaussian() ? variance_error_of(*series) : tv_of(*series));
      row["first"] = first;
      row["judged"] = true;
      first = false;
      judged.push_back(row);
      orders.push_back(std::move(row));
      if (target->single_gaussian()) {
        orders.push_back(order_row(*series, tv_of(*series)));
        orders.back()["first"] = false;
        orders.back()["judged"] = false;
      }
    }
  }
  if (judged.empty()) {
    section.numbers = {{"headline", nullptr}, {"orders", ordered_json::array()}};
    return section;
  }
  ordered_json headline = matrix(index, judged);
  headline["confidence"] = "95 %";
  headline["tally"] = tally(judged);
  const std::string differing = contrast(index, judged);
  headline["contrast"] = differing.empty() ? ordered_json(nullptr) : ordered_json(differing);
  add_story(index, headline, section);
  section.numbers = {{"headline", std::move(headline)}, {"orders", std::move(orders)}};
  return section;
}

Section scaling_section(const SeriesIndex& index) {
  Section section;
  section.numbers = ordered_json::array();
  for (const TargetEntry* target : index.panel_targets()) {
    Figure figure = tv_figure(index, *target, index.samplers(), "tv-" + slug(target->label));
    if (figure.id.empty()) continue;
    section.numbers.push_back(figure_json(figure));
    section.figures.push_back(std::move(figure));
  }
  return section;
}

}  // namespace lemmabench
