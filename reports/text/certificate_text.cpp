#include "reports/text/certificate_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/records/quantity_text.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kShownSummands = 5;
constexpr std::size_t kBoundNameWidth = 23;

std::string bound_line(std::string_view name, const Quantity& quantity) {
  return fmt::format("  {:<{}} {:<40} {}\n", name, kBoundNameWidth, quantity_text(quantity),
                     lemmabench::name(quantity.evidence()));
}

}  // namespace

std::string certificate_text(const PathCertificate& certificate) {
  const CertificateRequest& request = certificate.request;
  std::string out = fmt::format("{} on {}\n", request.sampler, request.target);
  if (request.score != "exact") {
    out += fmt::format("  with scores {}\n", request.score);
  }
  out += fmt::format("  T = {} levels, {}, d = {}; {} samples, {:.3g} score calls, seed {}\n\n",
                     request.steps, text(request.schedule), certificate.dim, certificate.samples,
                     certificate.score_calls, request.seed);
  out += "bounds for the law of Y_1 (q) against the law of X_1 (p)\n";
  out += bound_line("total variation <=", certificate.tv);
  out += bound_line("KL(p||q) <=", certificate.kl);
  out += bound_line("  along the path", certificate.path_kl);
  if (certificate.variance_kl != 0) {
    out += fmt::format("    of it from the noise's variance: {:.6g}\n", certificate.variance_kl);
  }
  out += bound_line("  at the start", certificate.initial_kl);
  if (certificate.score_kl) {
    out += "\nparts along the path: with the score's, at most twice their sum\n";
    out += bound_line("  exact scores", *certificate.discretisation_kl);
    out += bound_line("  the score's error", *certificate.score_kl);
  }
  std::vector<CertificateStep> largest = certificate.summands;
  const std::size_t shown = std::min(kShownSummands, largest.size());
  std::partial_sort(largest.begin(), largest.begin() + static_cast<std::ptrdiff_t>(shown),
                    largest.end(), [](const CertificateStep& a, const CertificateStep& b) {
                      return a.value.value() > b.value.value();
                    });
  out += fmt::format("\nlargest of the {} summands along the path\n", largest.size());
  for (std::size_t i = 0; i < shown; ++i) {
    out += bound_line(fmt::format("t = {}", largest[i].t), largest[i].value);
  }
  for (const std::string& note : certificate.notes) {
    out += "\nnote: " + note + "\n";
  }
  return out;
}

}  // namespace lemmabench
