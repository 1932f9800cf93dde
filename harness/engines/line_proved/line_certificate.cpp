#include "harness/engines/line_proved/line_certificate.hpp"

#include <fmt/format.h>
#include <mpfr.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/records/request_text.hpp"
#include "lemmabench_version.hpp"
#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::ordered_json;

/// More than any ball here has, so that nothing but a radius is rounded.
constexpr mpfr_prec_t kEndBits = 256;

std::string hex(double x) {
  if (!std::isfinite(x)) {
    throw NumericalFailure("--certificate: a bound of this proof is not finite");
  }
  return fmt::format("{:a}", x);
}

Json hexes(const std::vector<double>& values, std::size_t count) {
  Json out = Json::array();
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(hex(values[i]));
  }
  return out;
}

std::string hex(mpfr_srcptr x) {
  char* text = nullptr;
  mpfr_asprintf(&text, "%Ra", x);
  std::string out = text;
  mpfr_free_str(text);
  return out;
}

/// [low, high], exact or rounded outward.
Json ends(const Ball& x) {
  mpfr_t low;
  mpfr_t high;
  mpfr_init2(low, kEndBits);
  mpfr_init2(high, kEndBits);
  arb_get_interval_mpfr(low, high, x.raw());
  Json out = {hex(low), hex(high)};
  mpfr_clear(low);
  mpfr_clear(high);
  return out;
}

Json law_json(const RoundedLaw& law) {
  Json groups = Json::array();
  for (std::size_t g = 0; g < law.law.groups().size(); ++g) {
    const GaussGroup& group = law.law.groups()[g];
    groups.push_back({{"sd", hex(group.sd)},
                      {"means", hexes(group.means, law.law.size_of(g))},
                      {"weights", hexes(group.weights, law.law.size_of(g))}});
  }
  return {{"groups", std::move(groups)}, {"defect", hex(law.defect)}};
}

Json range_json(const MidpointRule::Range& range) {
  Json tiles = Json::array();
  for (const ContourTile& tile : range.tiles) {
    tiles.push_back(
        {hex(tile.low), hex(tile.high), hex(tile.slope), hex(tile.rise), hex(tile.mass)});
  }
  return {{"first", range.first}, {"last", range.last}, {"tiles", std::move(tiles)}};
}

}  // namespace

void LineCertificate::question(const LawRequest& request, const CoordinateLaw& law,
                               const Schedule<Ball>& schedule, int followed_to) {
  Json components = Json::array();
  for (const CoordinateLaw::Component& c : law.components) {
    components.push_back(
        {{"weight", c.weight.text()}, {"mean", c.mean.text()}, {"variance", c.variance.text()}});
  }
  Json levels = Json::array();
  for (int t = 1; t <= schedule.steps(); ++t) {
    levels.push_back({{"level", t},
                      {"abar", ends(schedule.level(t).abar)},
                      {"noise", ends(schedule.level(t).noise)}});
  }
  const Json line = {{"format", "lemmabench line certificate"},
                     {"version", kVersion},
                     {"program", version::number},
                     {"command", command_text(request)},
                     {"target", std::move(components)},
                     {"sampler", request.sampler},
                     {"schedule", lemmabench::text(request.schedule)},
                     {"steps", request.steps},
                     {"start", name(request.start)},
                     {"followed_to", followed_to},
                     {"levels", std::move(levels)}};
  text_ += line.dump() + "\n";
}

void LineCertificate::start(const RoundedLaw& law) {
  text_ += Json{{"law_of_the_start", law_json(law)}}.dump() + "\n";
}

void LineCertificate::step(int t, const ProvedStep& step) {
  const GaussGroup& group = step.law.groups().front();
  Json ranges = Json::array();
  for (const MidpointRule::Range& range : step.rule.ranges) {
    ranges.push_back(range_json(range));
  }
  const Json line = {{"step", t},
                     {"height", hex(step.rule.height)},
                     {"spacing", hex(step.rule.spacing)},
                     {"ranges", std::move(ranges)},
                     {"rule_error", hex(step.rule.error)},
                     {"defect", hex(step.defect)},
                     {"sd", hex(group.sd)},
                     {"nodes", step.nodes},
                     {"means", hexes(group.means, step.law.size())},
                     {"weights", hexes(group.weights, step.law.size())}};
  text_ += line.dump() + "\n";
}

void LineCertificate::end(const RoundedLaw& truth, const ProvedDistance& found, double defect,
                          const DataEnd& end, const Ball& total_variation) {
  Json stretches = Json::array();
  for (const SignStretch& s : found.stretches) {
    stretches.push_back({hex(s.low), hex(s.high), s.sign, hex(s.sign == 0 ? s.most : 0)});
  }
  Json bounded = nullptr;
  if (end.level > 1) {
    bounded = {{"local_errors", hex(end.local)}, {"variance", hex(end.variance)}};
  }
  // The ball itself may be longer than what doubles around its ends hold: those are what is
  // claimed.
  const Json line = {{"end", true},
                     {"truth", law_json(truth)},
                     {"stretches", std::move(stretches)},
                     {"unknown", hex(found.unknown)},
                     {"sum_of_defects", hex(defect)},
                     {"bounded_steps", std::move(bounded)},
                     {"total_variation",
                      {hex(lower_double(total_variation)), hex(upper_double(total_variation))}}};
  text_ += line.dump() + "\n";
}

}  // namespace lemmabench
