#include "harness/cli/fit_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/cli/aligned.hpp"
#include "harness/cli/law_text.hpp"

namespace lemmabench {
namespace {

// ---- text ---------------------------------------------------------------------------------------

/// What tells the series of a store apart, as columns.
const std::vector<std::string>& key_names() {
  static const std::vector<std::string> kNames{"target", "sampler", "schedule",  "start",
                                               "score",  "digits",  "arithmetic"};
  return kNames;
}

Row key_values(const LawRequest& request) {
  return {
      request.target,         request.sampler,
      text(request.schedule), std::string(name(request.start)),
      request.score,          request.digits == 0 ? "default" : fmt::format("{}", request.digits),
      request.arithmetic};
}

std::string order_text(const ExponentFit& fit) {
  return fit.refused() ? "-" : fmt::format("{:.3f} +- {:.2g}", fit.order, fit.half_width());
}

std::string window_text(const ScalingSeries& series) {
  const ExponentFit& fit = series.fit;
  return fit.refused()
             ? "-"
             : fmt::format("{:g}..{:g} ({} of {})", fit.window.front().steps,
                           fit.window.back().steps, fit.window.size(), series.points.size());
}

std::string expected_text(const ScalingSeries& series) {
  return series.expected ? fmt::format("{:g}", series.expected->order) : "-";
}

/// "log T/T", and the log factors that were divided out.
std::string model_text(const ScalingSeries& series) {
  const int logs = series.fit.known_logs;
  const std::string factor = logs == 0   ? ""
                             : logs == 1 ? ", x log T"
                                         : fmt::format(", x log^{} T", logs);
  return std::string(name(series.fit.model)) + factor;
}

std::string verdict_text(const ScalingSeries& series) {
  const bool measured = !series.expected && series.holds();
  return measured ? "measured" : std::string(name(series.judgement.verdict));
}

Row value_cells(const ScalingSeries& series) {
  const ExponentFit& fit = series.fit;
  return {order_text(fit),
          model_text(series),
          window_text(series),
          fit.refused()    ? "no fit"
          : fit.asymptotic ? "asymptotic"
                           : "not reached",
          expected_text(series),
          verdict_text(series),
          series.constant
              ? fmt::format("{:.4g} +- {:.2g}", series.constant->value, series.constant->error)
              : "-"};
}

std::string describe(const Row& keys, const std::vector<bool>& varies) {
  std::string out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (varies[i]) {
      out += (out.empty() ? "" : ", ") + keys[i];
    }
  }
  return out;
}

std::string reason_text(const ScalingSeries& series) {
  std::string why;
  if (series.judgement.verdict != OrderVerdict::consistent) {
    why = series.judgement.reason;
  }
  if (series.failed_cells > 0) {
    why += fmt::format("{}{} of {} cells failed", why.empty() ? "" : "; ", series.failed_cells,
                       series.failed_cells + series.points.size());
  }
  return why;
}

/// One line a reason: the series it holds for, or how many they are if more than two.
std::string notes_text(const std::vector<ScalingSeries>& series, const std::vector<bool>& varies) {
  std::vector<std::pair<std::string, std::vector<std::string>>> notes;
  for (const ScalingSeries& one : series) {
    const std::string why = reason_text(one);
    if (why.empty()) {
      continue;
    }
    auto same = std::find_if(notes.begin(), notes.end(),
                             [&](const auto& note) { return note.first == why; });
    if (same == notes.end()) {
      same = notes.insert(notes.end(), {why, {}});
    }
    same->second.push_back(describe(key_values(one.request), varies));
  }
  std::string out;
  for (const auto& [why, whom] : notes) {
    if (whom.size() > 2) {
      out += fmt::format("{} series: {}\n", whom.size(), why);
    } else {
      for (const std::string& who : whom) {
        out += fmt::format("{}: {}\n", who, why);
      }
    }
  }
  return out.empty() ? out : "\n" + out;
}

// ---- json ---------------------------------------------------------------------------------------

using Json = nlohmann::ordered_json;

Json point_json(const ScalingPoint& point) {
  if (!point.refusal.empty()) {
    return {{"steps", point.steps},
            {"value", nullptr},
            {"error", nullptr},
            {"evidence", name(point.evidence)}};
  }
  return {{"steps", point.steps},
          {"value", point.value},
          {"error", point.error},
          {"evidence", name(point.evidence)}};
}

Json order_json(const ExponentFit& fit) {
  if (fit.refused()) {
    return nullptr;
  }
  return {{"value", fit.order}, {"low", fit.low},
          {"high", fit.high},   {"standard_error", fit.standard_error},
          {"limit", fit.limit}, {"evidence", name(fit.evidence)}};
}

Json fit_details(const ScalingSeries& series) {
  const ExponentFit& fit = series.fit;
  Json json;
  json["window"] = Json::array();
  for (const ScalingPoint& point : fit.window) {
    json["window"].push_back(point.steps);
  }
  json["rms_residual"] = fit.rms_residual;
  json["constant"] = {
      {"value", fit.constant}, {"low", fit.constant_low}, {"high", fit.constant_high}};
  json["local_orders"] = Json::array();
  for (const LocalOrder& local : fit.local_orders) {
    json["local_orders"].push_back(
        {{"from", local.from}, {"to", local.to}, {"order", local.order}, {"error", local.error}});
  }
  return json;
}

Json series_json(const ScalingSeries& series) {
  const LawRequest& request = series.request;
  const ExponentFit& fit = series.fit;
  Json json;
  json["target"] = request.target;
  json["sampler"] = request.sampler;
  json["schedule"] = text(request.schedule);
  json["start"] = name(request.start);
  json["score"] = request.score;
  json["digits"] = request.digits;
  json["arithmetic"] = request.arithmetic;
  json["model"] = name(fit.model);
  json["known_logs"] = fit.known_logs;
  json["order"] = order_json(fit);
  json["asymptotic"] = fit.asymptotic;
  json["range"] = fit.refused() ? fit.refusal : fit.range_reason;
  json["expected"] = series.expected ? Json(series.expected->order) : Json(nullptr);
  json["verdict"] = verdict_text(series);
  json["reason"] = series.judgement.reason;
  json["constant_at_expected"] =
      series.constant ? Json{{"value", series.constant->value}, {"error", series.constant->error}}
                      : Json(nullptr);
  json["fit"] = fit.refused() ? Json(nullptr) : fit_details(series);
  json["points"] = Json::array();
  for (const ScalingPoint& point : series.points) {
    json["points"].push_back(point_json(point));
  }
  json["refused_points"] = Json::array();
  for (const RefusedPoint& refused : fit.refused_points) {
    json["refused_points"].push_back({{"steps", refused.steps}, {"reason", refused.reason}});
  }
  json["failed_cells"] = series.failed_cells;
  return json;
}

// ---- command ------------------------------------------------------------------------------------

bool all_hold(const std::vector<ScalingSeries>& series) {
  return !series.empty() && std::all_of(series.begin(), series.end(),
                                        [](const ScalingSeries& one) { return one.holds(); });
}

struct FitFlags {
  std::string store;
  std::string metric = "tv";
  std::string format = "text";
};

void run(const FitFlags& flags, CommandOutcome& outcome) {
  const FittedMetric metric = parse_metric(flags.metric, "--metric");
  const std::vector<ScalingSeries> series =
      scaling_series(read_store(flags.store), metric, "store '" + flags.store + "'");
  const std::string text =
      flags.format == "json" ? fit_json(series, metric) : fit_text(series, metric);
  std::fwrite(text.data(), 1, text.size(), stdout);
  outcome.exit_code = all_hold(series) ? 0 : 1;
}

}  // namespace

std::string fit_text(const std::vector<ScalingSeries>& series, FittedMetric metric) {
  if (series.empty()) {
    return "the store has no cells: nothing to fit\n";
  }
  // What all series share stands above the table; target and sampler always get their column.
  const Row first = key_values(series.front().request);
  std::vector<bool> varies(first.size(), false);
  varies[0] = varies[1] = true;
  for (const ScalingSeries& one : series) {
    const Row keys = key_values(one.request);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      varies[i] = varies[i] || keys[i] != first[i];
    }
  }
  std::string common;
  Row head;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (varies[i]) {
      head.push_back(key_names()[i]);
    } else {
      common += fmt::format("{} {}, ", key_names()[i], first[i]);
    }
  }
  for (const char* column : {"order", "in", "T", "range", "theory", "verdict", "constant"}) {
    head.emplace_back(column);
  }
  std::vector<Row> rows{head};
  for (const ScalingSeries& one : series) {
    const Row keys = key_values(one.request);
    Row row;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (varies[i]) {
        row.push_back(keys[i]);
      }
    }
    const Row values = value_cells(one);
    row.insert(row.end(), values.begin(), values.end());
    rows.push_back(std::move(row));
  }
  if (!common.empty()) {
    common = "all with " + common.substr(0, common.size() - 2) + "\n";
  }
  return fmt::format("order of {} with its 95 % interval\n{}\n", name(metric), common) +
         aligned(rows) + notes_text(series, varies);
}

std::string fit_json(const std::vector<ScalingSeries>& series, FittedMetric metric) {
  Json json;
  json["metric"] = name(metric);
  json["confidence"] = FitOptions{}.confidence;
  json["signal_to_floor"] = FitOptions{}.signal_to_floor;
  json["all_hold"] = all_hold(series);
  json["series"] = Json::array();
  for (const ScalingSeries& one : series) {
    json["series"].push_back(series_json(one));
  }
  return json.dump(2) + "\n";
}

void add_fit_command(CLI::App& app, CommandOutcome& outcome) {
  auto flags = std::make_shared<FitFlags>();
  CLI::App* fit = app.add_subcommand(
      "fit", "Orders of the laws in a store, with uncertainty and a verdict on each");
  fit->add_option("FILE", flags->store, "a store made by lemmabench sweep")->required();
  std::vector<std::string> metrics;
  for (const FittedMetric metric : all_metrics()) {
    metrics.emplace_back(name(metric));
  }
  fit->add_option("--metric", flags->metric, "what the order is fitted to")
      ->check(CLI::IsMember(metrics))
      ->capture_default_str();
  fit->add_option("--format", flags->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  fit->footer(
      "Cells that differ in steps only are one series. The order is counted in the schedule's own\n"
      "step, log T/T for li-cai and 1/T for logit; the interval includes the lack of fit; points\n"
      "under 10 times their own error are not used, the window is chosen by the residuals, and "
      "the\n"
      "range counts as asymptotic once the local orders settle faster than a factor log T would.\n"
      "Verdict: consistent, faster, slower or inconclusive against the order the theory states;\n"
      "measured where it states none. Exit code 1 if one is slower or inconclusive.");
  fit->callback([flags, &outcome] { run(*flags, outcome); });
}

}  // namespace lemmabench
