#include "reports/page/csv_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "harness/records/request_text.hpp"
#include "reports/figures/series.hpp"

namespace lemmabench {

namespace {

using nlohmann::ordered_json;

std::string csv_line(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& text : cells) {
    if (!out.empty()) out += ',';
    if (text.find_first_of(",\"\n") == std::string::npos) {
      out += text;
      continue;
    }
    out += '"';
    for (const char c : text) {
      out += c;
      if (c == '"') out += '"';
    }
    out += '"';
  }
  return out + "\n";
}

/// Value and error. What has no value is "inf", "<=x" or ">=x" with an empty error, or empty.
std::pair<std::string, std::string> csv_number(const Quantity& quantity) {
  constexpr long kDigits = 17;
  switch (quantity.extent()) {
    case Extent::finite: {
      DecimalEnclosure decimal = quantity.decimal(kDigits);
      return {std::move(decimal.value), std::move(decimal.error)};
    }
    case Extent::infinite:
      return {"inf", ""};
    case Extent::unknown:
      return {"", ""};
    case Extent::bounded_above:
      return {"<=" + quantity.bound().decimal(kDigits).value, ""};
    case Extent::bounded_below:
      return {">=" + quantity.bound().decimal(kDigits).value, ""};
  }
  return {"", ""};
}

std::string field(const ordered_json& row, const char* key, const char* inner = nullptr) {
  const ordered_json& value =
      inner == nullptr || row.at(key).is_null() ? row.at(key) : row.at(key).at(inner);
  return value.is_null() ? "" : value.get<std::string>();
}

/// Characters on the screen, not bytes.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string orders_csv(const ordered_json& orders) {
  std::string out =
      csv_line({"target", "sampler", "quantity", "order", "low", "high", "evidence", "order_in_T",
                "order_in_T_error", "expected", "window", "asymptotic", "verdict", "reason"});
  for (const ordered_json& row : orders) {
    out += csv_line({field(row, "target"), field(row, "sampler"), field(row, "quantity"),
                     field(row, "order", "value"), field(row, "order", "low"),
                     field(row, "order", "high"), field(row, "order", "evidence"),
                     field(row, "power", "value"), field(row, "power", "error"),
                     field(row, "expected"), field(row, "window"), field(row, "asymptotic"),
                     field(row, "verdict"), field(row, "reason")});
  }
  return out;
}

std::string cells_csv(const std::vector<LawResult>& cells) {
  std::string out =
      csv_line({"target",   "sampler",     "schedule",  "steps",           "start",
                "score",    "dim",         "engine",    "arithmetic",      "score_calls",
                "evidence", "tv",          "tv_error",  "kl_pq",           "kl_pq_error",
                "kl_qp",    "kl_qp_error", "hellinger", "hellinger_error", "command"});
  for (const LawResult& cell : cells) {
    const LawRequest& request = cell.request;
    std::vector<std::string> line = {request.target,
                                     request.sampler,
                                     text(request.schedule),
                                     fmt::format("{}", request.steps),
                                     std::string(name(request.start)),
                                     request.score,
                                     fmt::format("{}", cell.dim),
                                     cell.engine,
                                     cell.arithmetic,
                                     fmt::format("{}", cell.score_calls),
                                     std::string(name(cell.tv.evidence()))};
    for (const Quantity* quantity : {&cell.tv, &cell.kl_pq, &cell.kl_qp, &cell.hellinger}) {
      const auto [value, error] = csv_number(*quantity);
      line.push_back(value);
      line.push_back(error);
    }
    line.push_back(command_text(request));
    out += csv_line(line);
  }
  return out;
}

std::string headline_text(const ordered_json& document) {
  const ordered_json& headline = document.at("headline");
  if (headline.is_null()) return "No sampler was run at enough step counts to measure an order.\n";
  std::vector<std::vector<std::string>> rows = {
      {"target", "sampler", "order in log T/T", "expected", "evidence", "asymptotic", "verdict"}};
  for (const ordered_json& row : document.at("orders")) {
    if (!row.at("judged").get<bool>()) continue;
    rows.push_back({field(row, "target"), field(row, "sampler"),
                    row.at("order").is_null() ? "–" : field(row, "order", "text"),
                    field(row, "expected"), field(row, "order", "evidence"),
                    field(row, "asymptotic"), field(row, "verdict")});
  }
  std::string out = aligned(rows);
  for (const ordered_json& line : headline.at("tally")) {
    out += "\n" + line.at("text").get<std::string>() + "\n";
  }
  return out;
}

}  // namespace lemmabench
