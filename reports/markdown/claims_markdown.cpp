#include "reports/markdown/claims_markdown.hpp"

#include <fmt/format.h>

#include "theory/claims/claim.hpp"

namespace lemmabench {
namespace {

/// Text that Markdown would read as markup, made literal where it matters (_ and * in formulas).
std::string literal(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '_' || c == '*' || c == '<' || c == '|') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

std::string item(const std::string& label, const std::string& text) {
  return text.empty() ? "" : fmt::format("- **{}:** {}\n", label, literal(text));
}

std::string record(const Claim& claim) {
  std::string out = fmt::format("### {}: {}\n\n", claim.id, claim.title);
  out += fmt::format("```math\n{}\n```\n\n", claim.latex);
  out += literal(claim.statement) + "\n\n";
  out += item("Symbols", claim.symbols);
  out += item("Kind", std::string(name(claim.kind)));
  out += item("Status", std::string(name(claim.source)));
  out += item("Source", claim.reference);
  for (const Hypothesis& hypothesis : claim.hypotheses) {
    out += item("Hypothesis", hypothesis.text);
  }
  for (const Parameter& p : claim.parameters) {
    out += item("Parameter", fmt::format("{} = {}: {}", p.id, p.value, p.meaning));
  }
  out += item("Left", claim.left);
  out += item("Right", claim.right);
  out += item("Covers", claim.covers);
  out += item("Falsified by", claim.falsifier);
  for (const Control& control : claim.controls) {
    out += item("Negative control", fmt::format("{} (on {})", control.title, control.case_name));
  }
  if (claim.finding != 0) {
    out +=
        fmt::format("- **Refuted:** see number {} of [findings.md](findings.md)\n", claim.finding);
  }
  out += item("Corrects", claim.corrects);
  out += fmt::format("- **Defined in:** [{0}](../{0})\n", defined_in(claim));
  return out + fmt::format("- **Run:** `lemmabench verify --claims '{}'`\n\n", claim.id);
}

}  // namespace

std::string claims_markdown() {
  std::string out =
      "# The claims\n\n"
      "Generated from the records in `theory/claims/` by `./run docs`; do not edit.\n"
      "*quoted* means stated in a published text that was read, *derived* derived and checked "
      "here, *reconstructed* pinned by what is known of a form that could not be read.\n"
      "*Covers* is what one evaluation looks at of all that the statement is about; where that is "
      "not "
      "everything, a verdict says *proved on N instances*.\n\n";
  char family = 0;
  for (const Claim& claim : all_claims()) {
    if (claim.family() != family) {
      family = claim.family();
      out += fmt::format("## {}: {}\n\n", family, family_title(family));
    }
    out += record(claim);
  }
  return out;
}

}  // namespace lemmabench
