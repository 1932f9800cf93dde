#include "harness/studies/worst_case/summary.hpp"

#include <map>

namespace lemmabench {
namespace {

void keep_larger(std::optional<NamedExponent>& best, const std::string& family,
                 const std::string& target, const WorstExponent& exponent) {
  if (!best || exponent.exponent.value() > best->exponent.exponent.value()) {
    best = {family, target, exponent};
  }
}

void add_instance(const WorstFamily& family, const WorstInstance& instance,
                  std::map<long, NamedConstant>& constants, WorstCaseSummary& out) {
  if (!instance.rungs.empty()) {
    const WorstRung& rung = instance.rungs.front();
    const auto known = constants.find(instance.dim);
    if (known == constants.end() || rung.constant.value() > known->second.constant.value()) {
      constants[instance.dim] = {family.id, instance.target, instance.dim, rung.tv, rung.constant};
    }
  }
  if (instance.dim_exponent) {
    keep_larger(out.local, family.id, instance.target, *instance.dim_exponent);
  }
}

}  // namespace

WorstCaseSummary summarise(const WorstCaseResult& result) {
  WorstCaseSummary out;
  std::map<long, NamedConstant> constants;
  for (const WorstFamily& family : result.families) {
    for (const WorstSearch& search : family.constants) {
      if (search.worst) {
        add_instance(family, *search.worst, constants, out);
      }
    }
    for (const WorstExponent& exponent : family.envelope) {
      keep_larger(out.envelope, family.id, "", exponent);
    }
    if (family.dim_exponent && family.dim_exponent->exponent) {
      keep_larger(out.searched, family.id, family.dim_exponent->worst->target,
                  *family.dim_exponent->exponent);
    }
  }
  for (auto& [dim, constant] : constants) {
    out.constants.push_back(std::move(constant));
  }
  return out;
}

}  // namespace lemmabench
