#include "harness/studies/claims/claim_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <variant>

#include "cases/parse_schedule.hpp"
#include "cases/spec.hpp"
#include "cases/target.hpp"
#include "cases/targets/gaussian.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

/// What the claims call a target: independent coordinates, or a law of the radius.
std::variant<ProductLaw, RadialLaw> subject_law(const Target& target) {
  if (const auto* gaussian = std::get_if<GaussianLaw>(&target.law)) {
    return *gaussian;
  }
  if (const auto* mixture = std::get_if<CoordinateLaw>(&target.law)) {
    return ProductLaw{{*mixture}};
  }
  if (const auto* product = std::get_if<ProductLaw>(&target.law)) {
    return *product;
  }
  const auto* radial = std::get_if<RadialLaw>(&target.law);
  if (radial != nullptr && (radial->student() != nullptr || radial->scale_mixture() != nullptr)) {
    return *radial;
  }
  throw InputError(target.label() +
                   ": the claims know gaussian, mixture, product, student-t, two-scale, "
                   "contaminated and scale-mixture targets only");
}

bool in_catalogue(const Target& target) {
  const std::vector<Target>& named = catalogue_targets();
  return std::any_of(named.begin(), named.end(),
                     [&](const Target& other) { return other.text() == target.text(); });
}

Case case_of(const Target& target) {
  TargetCase subject;
  subject.target = target.label();
  subject.in_catalogue = in_catalogue(target);
  subject.law = subject_law(target);
  return {target.label(), target.title.empty() ? target.text() : target.title, subject};
}

Case student_case(std::string_view text, std::string_view origin) {
  Spec spec = Spec::parse(text, origin);
  StudentLaw law{spec.integer_or("dim", 1, kMaxDim, 1), spec.number("nu")};
  spec.finish();
  if (law.nu.sign() <= 0) {
    spec.fail_at("nu", "must be above 0");
  }
  const std::string name = fmt::format("student-t:dim={},nu={}", law.dim, law.nu.text());
  return {name, fmt::format("Student-t, d = {}, nu = {}", law.dim, law.nu.text()),
          TargetCase{"", RadialLaw{law}}};
}

std::vector<Case> build() {
  std::vector<Case> out;
  for (const Target& target : catalogue_targets()) {
    // The Student-t cases of the ledger and more scale mixtures are listed below; products, and
    // what the search for bad targets found (half the cost of all others together), are asked for
    // by --target.
    const bool found = target.name.starts_with("worst-");
    const auto* radial = std::get_if<RadialLaw>(&target.law);
    const bool scales = radial != nullptr && radial->scale_mixture() != nullptr;
    if (!found && (std::holds_alternative<GaussianLaw>(target.law) ||
                   std::holds_alternative<CoordinateLaw>(target.law) || scales)) {
      out.push_back(case_of(target));
    }
  }
  for (const char* text :
       {"student-t:dim=1,nu=2.1", "student-t:dim=1,nu=3", "student-t:dim=10,nu=3",
        "student-t:dim=3,nu=4", "student-t:dim=1,nu=19/10"}) {
    out.push_back(student_case(text, "catalogue"));
  }
  for (const char* text : {"two-scale:dim=1,weight=1/2,variances=0.05/1",
                           "two-scale:dim=16,weight=1/2,variances=0.1/4",
                           "contaminated:dim=64,fraction=0.05,variance=9",
                           "two-scale:dim=256,weight=1/4,variances=0.02/0.5",
                           "two-scale:dim=1024,weight=1/2,variances=0.01/0.1",
                           "hypercube:dim=4,separation=1,variance=0.1"}) {
    out.push_back(case_of(make_target(text, "catalogue")));
  }
  for (const char* text : {"li-cai:c0=2,c1=9", "li-cai:c0=1,c1=5", "li-cai:c0=2,c1=12",
                           "li-cai:c0=3,c1=13", "li-cai:c0=4,c1=20", "li-cai:c0=1/2,c1=5",
                           "li-cai:c0=2,c1=6", "two-phase:c0=2,c1=9", "logit:from=-9,to=9"}) {
    out.push_back(
        {text, std::string("schedule ") + text, ScheduleCase{make_schedule(text, "catalogue")}});
  }
  for (const Theorem& theorem : theorems()) {
    out.push_back({std::string(theorem.id), std::string(theorem.title), TheoremCase{&theorem}});
  }
  return out;
}

}  // namespace

const std::vector<Case>& claim_cases() {
  static const std::vector<Case> kCases = build();
  return kCases;
}

std::string left_to_full_suite(const Claim& claim, const Case& subject) {
  static const std::set<std::string_view> kDear{"D5", "D5-momentum", "D5-instances", "D6",
                                                "D6-instances"};
  static const std::string kLookedAt = "two-scale:dim=16,weight=0.5,variances=0.1/4";
  const TargetCase* target = subject.target();
  if (target == nullptr || target->scale_mixture() == nullptr || subject.name == kLookedAt ||
      kDear.count(claim.id) == 0) {
    return "";
  }
  return fmt::format("left to --suite full; the quick suite takes {} for it", kLookedAt);
}

Case make_target_case(std::string_view text, std::string_view origin) {
  constexpr std::string_view kStudent = "student-t";
  if (text.substr(0, kStudent.size()) == kStudent) {
    return student_case(text, origin);
  }
  return case_of(make_target(text, origin));
}

}  // namespace lemmabench
