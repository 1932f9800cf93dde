#include "harness/monte_carlo/certificate/certificate_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
LawResult certificate_law(const LawRequest& request, const LawOptions& options) {
  if (request.score != "exact") {
    throw InputError(
        "--score " + quoted(request.score) +
        ": as an arithmetic the certificate takes the exact score; `lemmabench certificate` "
        "takes affine estimates");
  }
  CertificateRequest question;
  question.target = request.target;
  question.sampler = request.sampler;
  question.schedule = request.schedule;
  question.steps = request.steps;
  question.relative_error = request.arithmetic.relative_error().to_double();
  const PathCertificate found = certify_path(question, options.threads);
  const bool started = request.start == Start::exact;
  const Quantity kl = started ? found.path_kl : found.kl;
  const double most_kl = kl.value() + kl.error();
  const double tv = std::min(1.0, std::sqrt(kl.value() / 2));
  const double most_tv = std::min(1.0, std::sqrt(most_kl / 2));
  LawResult out;
  out.request = request;
  out.engine = "certificate";
  out.arithmetic = fmt::format("path certificate, relative error {:g}, level {:g}, seed {}",
                               question.relative_error, question.level, question.seed);
  out.dim = found.dim;
  out.score_calls = static_cast<long>(std::min(found.score_calls, 9e18));
  out.parts.tv_bound = Sampled{tv, most_tv - tv, question.level};
  out.parts.kl_bound = kl;
  out.parts.path_kl = found.path_kl;
  out.parts.initial_kl = started ? Quantity(Sampled{0, 0, question.level}) : found.initial_kl;
  out.tv = Quantity::at_most(*out.parts.tv_bound);
  out.kl_pq = Quantity::at_most(kl);
  // H^2 <= KL/2 is weaker than 1 - H^2 >= e^{-KL/2} (Jensen).
  const auto from_kl = [](double x) { return std::sqrt(-std::expm1(-x / 2)); };
  const double hellinger = from_kl(kl.value());
  out.hellinger =
      Quantity::at_most(Sampled{hellinger, from_kl(most_kl) - hellinger, question.level});
  out.kl_qp = Quantity::unknown(Evidence::sampled, "the path certificate bounds KL(p||q) only");
  out.notes = found.notes;
  out.notes.emplace_back("bounded from above by the path certificate; kl_qp is not known");
  return out;
}

}  // namespace lemmabench
