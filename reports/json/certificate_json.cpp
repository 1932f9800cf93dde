#include "reports/json/certificate_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/records/quantity_json.hpp"
#include "harness/records/request_text.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

constexpr long kCertificateDigits = 15;

}  // namespace

std::string command_text(const CertificateRequest& request) {
  return fmt::format(
      "lemmabench certificate --target {} --sampler {} --steps {} --schedule {} --score {} "
      "--relative-error {} --confidence {} --seed {}",
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
  json["tv_bound"] = quantity_json(certificate.tv, kCertificateDigits);
  json["kl_bound"] = quantity_json(certificate.kl, kCertificateDigits);
  json["path_kl"] = quantity_json(certificate.path_kl, kCertificateDigits);
  json["initial_kl"] = quantity_json(certificate.initial_kl, kCertificateDigits);
  if (certificate.variance_kl != 0) {
    json["variance_kl"] = certificate.variance_kl;
  }
  if (certificate.score_kl) {
    json["discretisation_kl"] = quantity_json(*certificate.discretisation_kl, kCertificateDigits);
    json["score_kl"] = quantity_json(*certificate.score_kl, kCertificateDigits);
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
    put_quantity(entry, step.value, kCertificateDigits);
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

}  // namespace lemmabench
