#include "reports/text/particles_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>

#include "harness/records/request_text.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kEstimateNameWidth = 25;

/// Four digits, though the error may leave no meaning to the last.
std::string estimate_line(std::string_view name, const Quantity& quantity) {
  return fmt::format("  {:<{}} {:<34} {}\n", name, kEstimateNameWidth,
                     fmt::format("{:.4g} +- {:.3g}", quantity.value(), quantity.error()),
                     lemmabench::name(quantity.evidence()));
}

double share(std::size_t hits, std::size_t all) {
  return static_cast<double>(hits) / static_cast<double>(all);
}

std::string result_text(const ParticleReport& report, const ParticleResult& result) {
  std::string out =
      report.model_calls
          ? fmt::format("\nlaw of the output (q) against law of X_0 + sigma Z (p), {}\n",
                        report.ends_at)
          : fmt::format("\nlaw of Y_1 (q) against law of X_1 (p), T = {}\n", result.steps);
  if (result.variation) {
    const bool complete = result.variation->complete;
    out += estimate_line(complete
                             ? "total variation"
                             : fmt::format("TV at resolution {:.3g}", result.variation->resolution),
                         result.variation->tv);
  }
  out += estimate_line("gap in log p, <= TV", result.likelihood_gap);
  const EventCounts& event = result.event;
  out += fmt::format("  {:<{}} {:<34} sampled\n", "total variation >=", kEstimateNameWidth,
                     fmt::format("{:.4g} ({:.2f} % against {:.2f} %)", result.tv_above,
                                 100 * share(event.sample_hits, event.samples),
                                 100 * share(event.law_hits, event.draws)));
  if (result.moments) {
    out += estimate_line("largest |E Y_i - E X_i|", result.moments->mean);
    out += estimate_line("largest |E Y_i^2-E X_i^2|", result.moments->square);
  }
  for (std::size_t k = 0; k < result.densities.size(); ++k) {
    const PointDensity& one = result.densities[k];
    std::string where = fmt::format("q at {:.4g}", fmt::join(one.point, "/"));
    where = where.size() <= kEstimateNameWidth ? where : fmt::format("q at point {}", k + 1);
    out += one.refusal.empty()
               ? estimate_line(where, one.q)
               : fmt::format("  {:<{}} refused: {}\n", where, kEstimateNameWidth, one.refusal);
    out += fmt::format("  {:<{}} {:.4g}\n", "  where p is", kEstimateNameWidth, one.p);
  }
  return out;
}

}  // namespace

std::string particles_text(const ParticleReport& report) {
  const ParticleRequest& request = report.request;
  std::string out = fmt::format("{} on {}\n", request.sampler, request.target);
  const std::string levels = report.model_calls
                                 ? fmt::format("N = {} steps, {} model calls at levels of its own",
                                               request.steps.front(), *report.model_calls)
                                 : text(request.schedule);
  out += fmt::format("  {}, start {}, score {}, d = {}; {} particles, seed {}, level {}\n", levels,
                     name(request.start), request.score, report.dim, request.samples, request.seed,
                     request.level);
  for (const ParticleResult& result : report.results) {
    out += result_text(report, result);
  }
  if (!report.orders.empty()) {
    out += fmt::format("\norders of {}\n", report.results.front().variation ? "the total variation"
                                                                            : "the gap in log p");
  }
  for (const ParticleOrder& order : report.orders) {
    const std::string range = fmt::format("T = {}..{}", order.from, order.to);
    out += order.refusal.empty()
               ? estimate_line(range, order.order)
               : fmt::format("  {:<{}} refused: {}\n", range, kEstimateNameWidth, order.refusal);
  }
  for (const std::string& note : report.notes) {
    out += "\nnote: " + note + "\n";
  }
  return out;
}

}  // namespace lemmabench
