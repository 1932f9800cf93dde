#include "reports/text/law_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "cases/schemes/scheme_name.hpp"
#include "harness/records/quantity_text.hpp"
#include "harness/records/request_text.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kNameWidth = 23;

/// What a part of the error is called in print; JSON has the short names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kTitles{{
    {"initialisation", "prior mismatch"},
    {"discretisation", "discretisation"},
    {"score", "score error"},
    {"tv_bound", "total variation <="},
    {"kl_bound", "KL(p||q) <="},
    {"initial_tv", "TV of X_T, N(0,I)"},
    {"initial_kl", "KL of X_T, N(0,I)"},
    {"path_kl", "KL along the path"},
    {"eps_score", "eps_score"},
    {"early_stopping_w2", "W2(X_0, X_1)"},
    {"early_stopping_w2_bound", "W2(X_0, X_1) <="},
    {"local_sum", "sum of local errors"},
    {"mass_defect", "mass defect"},
}};

// A part that is added to the law gets its title here, in the same order.
static_assert(std::equal(kTitles.begin(), kTitles.end(), kErrorParts<Quantity>.begin(),
                         kErrorParts<Quantity>.end(), [](const auto& title, const auto& part) {
                           return title.first == part.name;
                         }));

std::string_view title(std::string_view part) {
  return std::find_if(kTitles.begin(), kTitles.end(),
                      [&](const auto& one) { return one.first == part; })
      ->second;
}

/// In the coordinates of a scheme, X_0 + sigma Z at sigma_0 and sigma_K.
std::string_view scheme_title(std::string_view part) {
  if (part == "initial_tv") return "TV of both starts";
  if (part == "initial_kl") return "KL of both starts";
  if (part == "early_stopping_w2") return "W2(X_0, X_0+sigma Z)";
  if (part == "early_stopping_w2_bound") return "W2(X_0,X_0+sigma Z) <=";
  return title(part);
}

void add_line(std::string& out, std::string_view name, const Quantity& quantity) {
  out += fmt::format("  {:<{}} {:<40} {}\n", name, kNameWidth, quantity_text(quantity),
                     lemmabench::name(quantity.evidence()));
}

}  // namespace

std::string law_text(const LawResult& result) {
  const LawRequest& asked = result.request;
  std::string out = fmt::format("{} on {}\n", asked.sampler, asked.target);
  const bool scheme = names_scheme(asked.sampler);
  out += scheme ? fmt::format("  N = {} steps, {} model calls at levels of its own, start {}, d = {}\n",
                              asked.steps, result.score_calls, name(asked.start), result.dim)
                : fmt::format("  T = {} levels, {}, start {}, score {}; {} score calls, d = {}\n",
                              asked.steps, text(asked.schedule), name(asked.start), asked.score,
                              result.score_calls, result.dim);
  out += fmt::format("  {} law, {}\n\n", result.engine, result.arithmetic);
  if (!asked.arithmetic.is_certificate()) {  // which has nothing but bounds, and they are terms
    out += scheme ? "law of the output (q) against law of X_0 + sigma Z at the last level (p)\n"
                  : "law of Y_1 (q) against law of X_1 (p)\n";
    add_line(out, "total variation", result.tv);
    add_line(out, "KL(p||q)", result.kl_pq);
    add_line(out, "KL(q||p)", result.kl_qp);
    add_line(out, "Hellinger", result.hellinger);
  }
  if (!result.relative_variance_error.empty()) {
    out += fmt::format("\nrelative variance error of {} (v/w - 1), one line an eigenvalue\n",
                       scheme ? "the output" : "Y_1");
    for (const VarianceError& error : result.relative_variance_error) {
      add_line(out, fmt::format("x{}", error.multiplicity), error.value);
    }
  }
  std::string parts;
  for_each_part(result.parts, [&](std::string_view part, const Quantity& value) {
    add_line(parts, scheme ? scheme_title(part) : title(part), value);
  });
  if (!parts.empty()) {
    out += (asked.arithmetic.is_certificate() ? "bounds\n" : "\nparts of the error\n") + parts;
  }
  for (const std::string& note : result.notes) {
    out += "\nnote: " + note + "\n";
  }
  return out;
}

}  // namespace lemmabench
