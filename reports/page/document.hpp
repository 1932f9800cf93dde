#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "numerics/evidence.hpp"
#include "reports/figures/figure.hpp"

namespace lemmabench {

/// A part of the report: its numbers as JSON (the same JSON is report.json and what the page's
/// template reads, so the two cannot differ) and the figures it shows.
struct Section {
  nlohmann::ordered_json numbers;
  std::vector<Figure> figures;
};

/// {"value","error","evidence"} with `digits` significant digits, as in the JSON of `law`, and what
/// the page shows: "text" (rounded), "typeset" (with superscripts) and "letter" (P, C or S).
nlohmann::ordered_json to_json(const Quantity& quantity, long digits = 17);
/// The same for a number that is made here (a fitted order, say): rounded to `error`.
nlohmann::ordered_json to_json(double value, double error, Evidence evidence);

/// P, C or S.
std::string evidence_letter(Evidence evidence);

/// {"id","title","caption"}; the page puts the SVG in its place.
nlohmann::ordered_json figure_json(const Figure& figure);

/// Sets "verdict", "verdict_class" (for the style sheet) and "verdict_mark" in `row`.
void set_verdict(nlohmann::ordered_json& row, Verdict verdict, const std::string& reason);

}  // namespace lemmabench
