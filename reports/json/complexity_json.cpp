#include "reports/json/complexity_json.hpp"

#include <nlohmann/json.hpp>

#include "harness/records/quantity_json.hpp"

namespace lemmabench {
namespace {

using nlohmann::ordered_json;

constexpr long kComplexityDigits = 12;

ordered_json family_json(const AtlasFamily& family) {
  ordered_json members = ordered_json::array();
  for (const AtlasMember& member : family.members) {
    members.push_back({{"at", member.at}, {"target", member.target}});
  }
  return {{"id", family.id},
          {"title", family.title},
          {"variable", family.variable},
          {"bounded", family.bounded()},
          {"cap", family.cap},
          {"samplers", family.samplers},
          {"members", std::move(members)}};
}

ordered_json least_json(const LeastSteps& least) {
  ordered_json out{{"eps", least.eps.text()}, {"capped", least.capped}};
  if (!least.capped) out["steps"] = least.steps;
  out["at_least"] = least.at_least;
  out["certain"] = least.certain;
  out["evidence"] = std::string(name(least.evidence));
  return out;
}

ordered_json curve_json(const Atlas& atlas, const AtlasCurve& curve) {
  const AtlasFamily& family = atlas.plan.families[curve.family];
  ordered_json out{{"family", family.id},
                   {"at", family.members[curve.member].at},
                   {"dim", curve.dim},
                   {"sampler", curve.sampler}};
  if (!curve.failure.empty()) out["failure"] = curve.failure;
  out["monotone"] = curve.complexity.monotone;
  if (!curve.complexity.monotone) out["rise"] = curve.complexity.violation;
  out["least"] = ordered_json::array();
  for (const LeastSteps& least : curve.complexity.least) out["least"].push_back(least_json(least));
  out["points"] = ordered_json::array();
  for (const StepsPoint& point : curve.complexity.points) {
    ordered_json entry{{"steps", point.steps}};
    put_quantity(entry, point.tv, kComplexityDigits);
    out["points"].push_back(std::move(entry));
  }
  return out;
}

ordered_json exponent_json(const Atlas& atlas, const AtlasExponent& exponent) {
  ordered_json out{{"family", atlas.plan.families[exponent.family].id},
                   {"sampler", exponent.sampler},
                   {"variable", exponent.variable},
                   {"at", exponent.at}};
  if (exponent.known()) {
    out["exponent"] = {{"value", exponent.value},
                       {"low", exponent.low},
                       {"high", exponent.high},
                       {"evidence", std::string(name(exponent.fit.evidence))}};
    out["slack"] = exponent.slack();
  }
  out["asymptotic"] = exponent.fit.asymptotic;
  out["bound"] = exponent.bound.text();
  out["theorem"] = exponent.theorem;
  out["bounded"] = exponent.bounded;
  out["verdict"] = std::string(name(exponent.verdict));
  out["reason"] = exponent.reason;
  return out;
}

ordered_json crossing_json(const Atlas& atlas, const AtlasCrossing& crossing) {
  const AtlasFamily& family = atlas.plan.families[crossing.family];
  ordered_json out{{"family", family.id},
                   {"at", family.members[crossing.member].at},
                   {"sampler", crossing.sampler}};
  if (crossing.eps) out["eps"] = *crossing.eps;
  out["always_fewer"] = crossing.always_fewer;
  out["largest"] = crossing.largest;
  out["bound"] = crossing.bound;
  return out;
}

ordered_json constant_json(const Atlas& atlas, const AtlasConstant& constant) {
  const AtlasCurve& curve = atlas.curves[constant.curve];
  const AtlasFamily& family = atlas.plan.families[curve.family];
  return {{"family", family.id},
          {"at", family.members[curve.member].at},
          {"dim", curve.dim},
          {"sampler", curve.sampler},
          {"claim", constant.claim},
          {"largest", quantity_json(constant.largest, kComplexityDigits)},
          {"at_steps", constant.at_steps},
          {"last", quantity_json(constant.last, kComplexityDigits)},
          {"growing", constant.growing}};
}

}  // namespace

ordered_json atlas_json(const Atlas& atlas) {
  ordered_json out{{"plan", atlas.plan.name}, {"schedule", text(atlas.plan.schedule)}};
  out["eps"] = ordered_json::array();
  for (const Rational& eps : atlas.plan.eps) out["eps"].push_back(eps.text());
  out["families"] = ordered_json::array();
  for (const AtlasFamily& family : atlas.plan.families) {
    out["families"].push_back(family_json(family));
  }
  out["curves"] = ordered_json::array();
  for (const AtlasCurve& curve : atlas.curves) out["curves"].push_back(curve_json(atlas, curve));
  out["exponents"] = ordered_json::array();
  for (const AtlasExponent& exponent : atlas_exponents(atlas)) {
    out["exponents"].push_back(exponent_json(atlas, exponent));
  }
  out["crossings"] = ordered_json::array();
  for (const AtlasCrossing& crossing : atlas_crossings(atlas)) {
    out["crossings"].push_back(crossing_json(atlas, crossing));
  }
  out["constants"] = ordered_json::array();
  for (const AtlasConstant& constant : atlas_constants(atlas)) {
    out["constants"].push_back(constant_json(atlas, constant));
  }
  return out;
}

}  // namespace lemmabench
