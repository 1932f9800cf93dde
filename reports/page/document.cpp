#include "reports/page/document.hpp"

#include <fmt/format.h>

#include "harness/records/quantity_json.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

std::string evidence_letter(Evidence evidence) {
  switch (evidence) {
    case Evidence::proved:
      return "P";
    case Evidence::computed:
      return "C";
    case Evidence::sampled:
      return "S";
  }
  return "";
}

namespace {

nlohmann::ordered_json quantity_json(const std::string& value, const std::string& error,
                                     Evidence evidence, const std::string& text) {
  return {{"value", value},
          {"error", error},
          {"evidence", name(evidence)},
          {"text", text},
          {"typeset", typeset(text)},
          {"title", fmt::format("{} ± {}", value, error)},
          {"letter", evidence_letter(evidence)}};
}

}  // namespace

nlohmann::ordered_json to_json(const Quantity& quantity, long digits) {
  if (quantity.finite()) {
    const DecimalEnclosure decimal = quantity.decimal(digits);
    return quantity_json(decimal.value, decimal.error, quantity.evidence(), rounded(quantity));
  }
  nlohmann::ordered_json json;
  put_quantity(json, quantity, digits);
  const std::string text = rounded(quantity);
  json["text"] = text;
  json["typeset"] = typeset(text);
  json["title"] = quantity.reason().empty() ? text : quantity.reason();
  json["letter"] = evidence_letter(quantity.evidence());
  return json;
}

nlohmann::ordered_json to_json(double value, double error, Evidence evidence) {
  return quantity_json(fmt::format("{}", value), fmt::format("{:.3g}", error), evidence,
                       rounded(value, error));
}

nlohmann::ordered_json figure_json(const Figure& figure) {
  return {{"id", figure.id}, {"title", figure.title}, {"caption", figure.caption}};
}

void set_verdict(nlohmann::ordered_json& row, Verdict verdict, const std::string& reason) {
  row["verdict"] = name(verdict);
  row["reason"] = reason;
  switch (verdict) {
    case Verdict::holds:
      row["verdict_class"] = "holds";
      row["verdict_mark"] = "✓";
      return;
    case Verdict::violated:
      row["verdict_class"] = "violated";
      row["verdict_mark"] = "✗";
      return;
    case Verdict::inconclusive:
      row["verdict_class"] = "inconclusive";
      row["verdict_mark"] = "?";
      return;
    case Verdict::not_applicable:
      row["verdict_class"] = "not-applicable";
      row["verdict_mark"] = "–";
      return;
  }
}

}  // namespace lemmabench
