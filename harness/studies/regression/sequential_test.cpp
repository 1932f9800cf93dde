#include "harness/studies/regression/sequential_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/monte_carlo/certificate/path_certificate.hpp"

namespace lemmabench {

double AlphaSpending::level(double share) const {
  return 1 - share * alpha / (2 * static_cast<double>(cells));
}

double AlphaSpending::look_level(int look) const { return level(std::ldexp(1.0, -look)); }

double look_accuracy(double margin, int look) {
  return std::min(0.5, std::ldexp(margin, 1 - look));
}

Change sequential_test(const std::string& quantity, const Quantity& before, double margin,
                       const AlphaSpending& spending, const GateOptions& options,
                       const Estimator& estimate) {
  Change out{quantity, ChangeKind::inconclusive, true, before, {}, ""};
  const double old = before.value();
  for (int look = 1; look <= kMostLooks; ++look) {
    out.after = estimate(look, look_accuracy(margin, look), spending.look_level(look));
    const double difference = out.after->value() - old;
    const double reach = before.error() + out.after->error();
    const double low = difference - reach;
    const double high = difference + reach;
    out.reason = fmt::format("{:+.3g} % +- {:.2g} % after {} of {} looks", 100 * difference / old,
                             100 * reach / old, look, kMostLooks);
    if (options.exact && (low > 0 || high < 0)) {
      out.kind = ChangeKind::differs;
      return out;
    }
    if (low > options.tolerance * old) {
      out.kind = ChangeKind::regression;
      return out;
    }
    if (high < margin * old && (!options.exact || low > -margin * old)) {
      out.kind = high < 0 ? ChangeKind::improved : ChangeKind::unchanged;
      out.failure = false;
      return out;
    }
  }
  out.reason += ": neither worse nor within the margin";
  return out;
}

Quantity certificate_kl(const GateCell& cell, const std::string& sampler, int look, double accuracy,
                        double level, int threads) {
  CertificateRequest request;
  request.target = cell.request.target;
  request.sampler = sampler;
  request.score = cell.request.score;
  request.schedule = cell.request.schedule;
  request.steps = cell.request.steps;
  request.relative_error = accuracy;
  request.level = level;
  request.seed = static_cast<std::uint64_t>(look) + 1;
  const PathCertificate found = certify_path(request, threads);
  return cell.request.start == Start::exact ? found.path_kl : found.kl;
}

}  // namespace lemmabench
