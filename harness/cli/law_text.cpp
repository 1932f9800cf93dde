#include "harness/cli/law_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/certificate_law.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kNameWidth = 23;

void add_line(std::string& out, std::string_view name, const Quantity& quantity) {
  out += fmt::format("  {:<{}} {:<40} {}\n", name, kNameWidth, quantity_text(quantity),
                     lemmabench::name(quantity.evidence()));
}

}  // namespace

std::string shell_word(const std::string& text) {
  const bool plain = text.find_first_of(" ;()*?'\"$&|<>") == std::string::npos;
  return plain ? text : "'" + text + "'";
}

std::string_view name(Start start) { return start == Start::gaussian ? "gaussian" : "exact"; }

std::string quantity_text(const Quantity& quantity, long most_digits) {
  switch (quantity.extent()) {
    case Extent::finite:
      break;
    case Extent::infinite:
    case Extent::unknown:
      return fmt::format("{} ({})", name(quantity.extent()), quantity.reason());
    case Extent::bounded_above:
      return "at most " + quantity_text(quantity.bound(), most_digits);
    case Extent::bounded_below:
      return "at least " + quantity_text(quantity.bound(), most_digits);
  }
  const double value = std::fabs(quantity.value());
  const double error = quantity.error();
  long digits = most_digits;
  if (error > 0 && value > 0) {
    const double meaningful = std::floor(std::log10(value / error)) + 1;
    digits = static_cast<long>(std::clamp(meaningful, 1.0, static_cast<double>(most_digits)));
  }
  const DecimalEnclosure text = quantity.decimal(digits);
  return fmt::format("{} +- {}", text.value, text.error);
}

std::string command_text(const LawRequest& request) {
  std::string out = fmt::format("lemmabench law --target {} --sampler {} --steps {} --schedule {}",
                                shell_word(request.target), shell_word(request.sampler),
                                request.steps, shell_word(text(request.schedule)));
  if (request.start == Start::exact) {
    out += " --start exact";
  }
  if (request.score != "exact") {
    out += " --score " + shell_word(request.score);
  }
  if (request.arithmetic != "ball") {
    out += " --arithmetic " + request.arithmetic;
  }
  if (request.digits > 0) {
    out += fmt::format(" --digits {}", request.digits);
  }
  return out;
}

std::string law_text(const LawResult& result) {
  const LawRequest& asked = result.request;
  std::string out = fmt::format("{} on {}\n", asked.sampler, asked.target);
  out += fmt::format("  {} steps, {}, start {}, score {}; {} score calls, d = {}\n", asked.steps,
                     text(asked.schedule), name(asked.start), asked.score, result.score_calls,
                     result.dim);
  out += fmt::format("  {} law, {}\n\n", result.engine, result.arithmetic);
  if (!is_certificate(asked.arithmetic)) {  // which has nothing but bounds, and they are terms
    out += "law of Y_1 (q) against law of X_1 (p)\n";
    add_line(out, "total variation", result.tv);
    add_line(out, "KL(p||q)", result.kl_pq);
    add_line(out, "KL(q||p)", result.kl_qp);
    add_line(out, "Hellinger", result.hellinger);
  }
  if (!result.relative_variance_error.empty()) {
    out += "\nrelative variance error of Y_1 (v/w - 1), one line an eigenvalue\n";
    for (const VarianceError& error : result.relative_variance_error) {
      add_line(out, fmt::format("x{}", error.multiplicity), error.value);
    }
  }
  std::string parts;
  for_each_part(result.parts, [&](std::string_view part, const Quantity& value) {
    add_line(parts, part, value);
  });
  if (!parts.empty()) {
    out += (is_certificate(asked.arithmetic) ? "bounds\n" : "\nparts of the error\n") + parts;
  }
  for (const std::string& note : result.notes) {
    out += "\nnote: " + note + "\n";
  }
  return out;
}

}  // namespace lemmabench
