#include "harness/certificate_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "harness/path_certificate.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {
namespace {

constexpr std::string_view kPrefix = "certificate:";

/// Between 0 and the largest value the bound may have.
Quantity below(double bound, double level) { return Sampled{bound / 2, bound / 2, level}; }

}  // namespace

bool is_certificate(std::string_view arithmetic) { return arithmetic.starts_with(kPrefix); }

namespace {

/// The R of "certificate:R"; InputError starting with `origin` if it is none.
double certificate_accuracy(std::string_view arithmetic, std::string_view origin) {
  const std::string where = std::string(origin) + ": certificate";
  const double accuracy = Rational::parse(arithmetic.substr(kPrefix.size()), where).to_double();
  if (!(accuracy > 0 && accuracy <= 0.5)) {
    throw InputError(
        fmt::format("{}: the relative error {} must be above 0 and at most 0.5", where, accuracy));
  }
  return accuracy;
}

}  // namespace

std::string checked_arithmetic(const std::string& text, const std::string& origin) {
  if (is_certificate(text)) {
    certificate_accuracy(text, origin);
    return text;
  }
  const std::array<std::string_view, 3> known{"ball", "mp", "double"};
  if (std::find(known.begin(), known.end(), text) == known.end()) {
    throw InputError(fmt::format("{}: arithmetic '{}' is none of {}, certificate:R", origin,
                                 quoted(text), fmt::join(known, ", ")));
  }
  return text;
}

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
  question.relative_error = certificate_accuracy(request.arithmetic, "--arithmetic");
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
  out.tv = below(most_tv, question.level);
  out.kl_pq = below(most_kl, question.level);
  out.hellinger = below(std::sqrt(-std::expm1(-most_kl / 2)), question.level);
  // Unknown; the largest double would read back from its three digits as infinity.
  out.kl_qp = Sampled{0, 1e300, question.level};
  out.terms.push_back({"tv_bound", Sampled{tv, most_tv - tv, question.level}});
  out.terms.push_back({"kl_bound", kl});
  out.terms.push_back({"path_kl", found.path_kl});
  out.terms.push_back(
      {"initial_kl", started ? Quantity(Sampled{0, 0, question.level}) : found.initial_kl});
  out.notes = found.notes;
  out.notes.push_back(
      "bounded from above by the path certificate: as numbers tv, kl_pq and hellinger are the "
      "intervals from 0 to their bounds, and kl_qp is not known");
  return out;
}

}  // namespace lemmabench
