#include "harness/certificate_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/cli/law_text.hpp"
#include "harness/quantity_json.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

constexpr long kDigits = 15;
constexpr std::size_t kShownSummands = 5;
constexpr std::size_t kNameWidth = 23;

std::string line(std::string_view name, const Quantity& quantity) {
  return fmt::format("  {:<{}} {:<40} {}\n", name, kNameWidth, quantity_text(quantity),
                     lemmabench::name(quantity.evidence()));
}

}  // namespace

std::string command_text(const CertificateRequest& request) {
  return fmt::format(
      "lemmabench certificate --target {} --sampler {} --steps {} --schedule {} --score {} "
      "--relative-error {} --level {} --seed {}",
      shell_word(request.target), shell_word(request.sampler), request.steps,
      shell_word(text(request.schedule)), shell_word(request.score), request.relative_error,
      request.level, request.seed);
}

std::string certificate_json(const PathCertificate& certificate) {
  const CertificateRequest& request = certificate.request;
  nlohmann::ordered_json json;
  json["target"] = request.target;
  json["sampler"] = request.sampler;
  json["schedule"] = text(request.schedule);
  json["steps"] = request.steps;
  json["score"] = request.score;
  json["dim"] = certificate.dim;
  json["tv_bound"] = quantity_json(certificate.tv, kDigits);
  json["kl_bound"] = quantity_json(certificate.kl, kDigits);
  json["path_kl"] = quantity_json(certificate.path_kl, kDigits);
  json["initial_kl"] = quantity_json(certificate.initial_kl, kDigits);
  if (certificate.variance_kl != 0) {
    json["variance_kl"] = certificate.variance_kl;
  }
  if (certificate.score_kl) {
    json["discretisation_kl"] = quantity_json(*certificate.discretisation_kl, kDigits);
    json["score_kl"] = quantity_json(*certificate.score_kl, kDigits);
  }
  json["confidence"] = request.level;
  json["relative_error"] = request.relative_error;
  json["flow_error"] = certificate.flow_error;
  json["samples"] = certificate.samples;
  json["score_calls"] = certificate.score_calls;
  json["seed"] = request.seed;
  json["summands"] = nlohmann::ordered_json::array();
  for (const CertificateStep& step : certificate.summands) {
    nlohmann::ordered_json entry;
    entry["t"] = step.t;
    put_quantity(entry, step.value, kDigits);
    entry["samples"] = step.samples;
    entry["substeps"] = step.substeps;
    entry["flow_error"] = step.flow_error;
    json["summands"].push_back(std::move(entry));
  }
  json["notes"] = certificate.notes;
  json["version"] = version::number;
  json["command"] = command_text(request) + " --format json";
  return json.dump(2) + "\n";
}

std::string certificate_text(const PathCertificate& certificate) {
  const CertificateRequest& request = certificate.request;
  std::string out = fmt::format("{} on {}\n", request.sampler, request.target);
  if (request.score != "exact") {
    out += fmt::format("  with scores {}\n", request.score);
  }
  out += fmt::format("  {} steps, {}, d = {}; {} samples, {:.3g} score calls, seed {}\n\n",
                     request.steps, text(request.schedule), certificate.dim, certificate.samples,
                     certificate.score_calls, request.seed);
  out += "bounds for the law of Y_1 (q) against the law of X_1 (p)\n";
  out += line("total variation <=", certificate.tv);
  out += line("KL(p||q) <=", certificate.kl);
  out += line("  along the path", certificate.path_kl);
  if (certificate.variance_kl != 0) {
    out += fmt::format("    of it from the noise's variance: {:.6g}\n", certificate.variance_kl);
  }
  out += line("  at the start", certificate.initial_kl);
  if (certificate.score_kl) {
    out += "\nparts along the path: with the score's, at most twice their sum\n";
    out += line("  exact scores", *certificate.discretisation_kl);
    out += line("  the score's error", *certificate.score_kl);
  }
  std::vector<CertificateStep> largest = certificate.summands;
  const std::size_t shown = std::min(kShownSummands, largest.size());
  std::partial_sort(largest.begin(), largest.begin() + static_cast<std::ptrdiff_t>(shown),
                    largest.end(), [](const CertificateStep& a, const CertificateStep& b) {
                      return a.value.value() > b.value.value();
                    });
  out += fmt::format("\nlargest of the {} summands along the path\n", largest.size());
  for (std::size_t i = 0; i < shown; ++i) {
    out += line(fmt::format("t = {}", largest[i].t), largest[i].value);
  }
  for (const std::string& note : certificate.notes) {
    out += "\nnote: " + note + "\n";
  }
  return out;
}

}  // namespace lemmabench
