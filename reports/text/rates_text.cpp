#include "reports/text/rates_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/records/request_text.hpp"
#include "reports/text/text_table.hpp"

namespace lemmabench {
namespace {

/// What tells the series of a store apart, as columns.
const std::vector<std::string>& key_names() {
  static const std::vector<std::string> kNames{"target", "sampler", "schedule",  "start",
                                               "score",  "digits",  "arithmetic"};
  return kNames;
}

Row key_values(const LawRequest& request) {
  return {request.target,
          request.sampler,
          text(request.schedule),
          std::string(name(request.start)),
          request.score,
          request.digits == 0 ? "default" : fmt::format("{}", request.digits),
          request.arithmetic.text()};
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

Row value_cells(const ScalingSeries& series) {
  const ExponentFit& fit = series.fit;
  return {order_text(fit),
          model_text(series),
          window_text(series),
          fit.refused()    ? "no fit"
          : fit.asymptotic ? "asymptotic"
                           : "not reached",
          expected_text(series),
          verdict_name(series),
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

}  // namespace lemmabench
