#include "harness/particles/particles_json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "harness/cli/law_text.hpp"
#include "harness/quantity_json.hpp"
#include "lemmabench_version.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

constexpr long kDigits = 15;
constexpr std::size_t kNameWidth = 25;

/// Four digits, though the error may leave no meaning to the last.
std::string line(std::string_view name, const Quantity& quantity) {
  return fmt::format("  {:<{}} {:<34} {}\n", name, kNameWidth,
                     fmt::format("{:.4g} +- {:.3g}", quantity.value(), quantity.error()),
                     lemmabench::name(quantity.evidence()));
}

std::string joined(const std::vector<long>& steps) {
  return fmt::format("{}", fmt::join(steps, ","));
}

double share(std::size_t hits, std::size_t all) {
  return static_cast<double>(hits) / static_cast<double>(all);
}

/// To twelve digits: the last ones are rounding.
double rounded(double x) { return std::stod(fmt::format("{:.12g}", x)); }

Json result_json(const ParticleResult& result) {
  Json json;
  json["steps"] = result.steps;
  if (result.variation) {
    json["tv"] = quantity_json(result.variation->tv, kDigits);
    json["resolution"] = rounded(result.variation->resolution);
    json["is_tv_itself"] = result.variation->complete;
  }
  json["likelihood_gap"] = quantity_json(result.likelihood_gap, kDigits);
  json["tv_at_least"] = rounded(result.tv_above);
  json["event"] = {{"sample_hits", result.event.sample_hits},
                   {"samples", result.event.samples},
                   {"law_hits", result.event.law_hits},
                   {"draws", result.event.draws}};
  if (result.moments) {
    json["mean_gap"] = quantity_json(result.moments->mean, kDigits);
    json["square_gap"] = quantity_json(result.moments->square, kDigits);
  }
  for (const PointDensity& one : result.densities) {
    Json entry;
    entry["at"] = one.point;
    entry["p"] = rounded(one.p);
    if (one.refusal.empty()) {
      entry["q"] = quantity_json(one.q, kDigits);
    } else {
      entry["refusal"] = one.refusal;
    }
    json["densities"].push_back(std::move(entry));
  }
  return json;
}

Json order_json(const ParticleOrder& order) {
  Json json;
  json["from"] = order.from;
  json["to"] = order.to;
  if (order.refusal.empty()) {
    put_quantity(json, order.order, kDigits);
  } else {
    json["refusal"] = order.refusal;
  }
  return json;
}

std::string result_text(const ParticleResult& result) {
  std::string out =
      fmt::format("\nlaw of Y_1 (q) against law of X_1 (p), {} steps\n", result.steps);
  if (result.variation) {
    const bool complete = result.variation->complete;
    out += line(complete ? "total variation"
                         : fmt::format("TV at resolution {:.3g}", result.variation->resolution),
                result.variation->tv);
  }
  out += line("gap in log p, <= TV", result.likelihood_gap);
  const EventCounts& event = result.event;
  out += fmt::format("  {:<{}} {:<34} sampled\n", "total variation >=", kNameWidth,
                     fmt::format("{:.4g} ({:.2f} % against {:.2f} %)", result.tv_above,
                                 100 * share(event.sample_hits, event.samples),
                                 100 * share(event.law_hits, event.draws)));
  if (result.moments) {
    out += line("largest |E Y_i - E X_i|", result.moments->mean);
    out += line("largest |E Y_i^2-E X_i^2|", result.moments->square);
  }
  for (std::size_t k = 0; k < result.densities.size(); ++k) {
    const PointDensity& one = result.densities[k];
    std::string where = fmt::format("q at {:.4g}", fmt::join(one.point, "/"));
    where = where.size() <= kNameWidth ? where : fmt::format("q at point {}", k + 1);
    out += one.refusal.empty()
               ? line(where, one.q)
               : fmt::format("  {:<{}} refused: {}\n", where, kNameWidth, one.refusal);
    out += fmt::format("  {:<{}} {:.4g}\n", "  where p is", kNameWidth, one.p);
  }
  return out;
}

}  // namespace

std::string command_text(const ParticleRequest& request) {
  std::string out = fmt::format(
      "lemmabench particles --target {} --sampler {} --steps {} --schedule {} --score {} --start "
      "{} "
      "--samples {} --level {} --seed {}",
      shell_word(request.target), shell_word(request.sampler), joined(request.steps),
      shell_word(text(request.schedule)), shell_word(request.score), name(request.start),
      request.samples, request.level, request.seed);
  if (request.resolution > 0) {
    out += fmt::format(" --resolution {}", request.resolution);
  }
  std::vector<std::string> points;
  for (const std::vector<double>& point : request.at) {
    points.push_back(fmt::format("{}", fmt::join(point, "/")));
  }
  if (!points.empty()) {
    out += " --at " + shell_word(fmt::format("{}", fmt::join(points, ";")));
  }
  return out;
}

std::string particles_json(const ParticleReport& report) {
  const ParticleRequest& request = report.request;
  Json json;
  json["target"] = request.target;
  json["sampler"] = request.sampler;
  json["schedule"] = text(request.schedule);
  json["start"] = name(request.start);
  json["score"] = request.score;
  json["dim"] = report.dim;
  json["samples"] = request.samples;
  json["confidence"] = request.level;
  json["seed"] = request.seed;
  json["results"] = Json::array();
  for (const ParticleResult& result : report.results) {
    json["results"].push_back(result_json(result));
  }
  json["orders"] = Json::array();
  for (const ParticleOrder& order : report.orders) {
    json["orders"].push_back(order_json(order));
  }
  json["notes"] = report.notes;
  json["version"] = version::number;
  json["command"] = command_text(request) + " --format json";
  return json.dump(2) + "\n";
}

std::string particles_text(const ParticleReport& report) {
  const ParticleRequest& request = report.request;
  std::string out = fmt::format("{} on {}\n", request.sampler, request.target);
  out += fmt::format("  {}, start {}, score {}, d = {}; {} particles, seed {}, level {}\n",
                     text(request.schedule), name(request.start), request.score, report.dim,
                     request.samples, request.seed, request.level);
  for (const ParticleResult& result : report.results) {
    out += result_text(result);
  }
  if (!report.orders.empty()) {
    out += fmt::format("\norders of {}\n", report.results.front().variation ? "the total variation"
                                                                            : "the gap in log p");
  }
  for (const ParticleOrder& order : report.orders) {
    const std::string range = fmt::format("T = {}..{}", order.from, order.to);
    out += order.refusal.empty()
               ? line(range, order.order)
               : fmt::format("  {:<{}} refused: {}\n", range, kNameWidth, order.refusal);
  }
  for (const std::string& note : report.notes) {
    out += "\nnote: " + note + "\n";
  }
  return out;
}

}  // namespace lemmabench
