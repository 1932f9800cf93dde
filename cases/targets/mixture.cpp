#include "cases/targets/mixture.hpp"

#include <fmt/format.h>

#include "numerics/error.hpp"

namespace lemmabench {
namespace {

void check_components(const Spec& spec, std::string_view suffix, const CoordinateLaw& target) {
  const std::string weights = fmt::format("weights{}", suffix);
  Rational total;
  for (const CoordinateLaw::Component& part : target.components) {
    if (part.weight.sign() <= 0) {
      spec.fail_at(weights, fmt::format("{} is not above 0", part.weight.text()));
    }
    if (part.variance.sign() <= 0) {
      spec.fail_at(fmt::format("variances{}", suffix),
                   fmt::format("{} is not above 0", part.variance.text()));
    }
    total = total + part.weight;
  }
  const Rational excess = total - Rational(1);
  if (excess.sign() != 0) {
    const bool over = excess.sign() > 0;
    const Rational gap = over ? excess : Rational(0) - excess;
    spec.fail_at(weights, fmt::format("sum to {}, which is {} {} 1; they must sum to exactly 1",
                                      total.text(), gap.text(), over ? "above" : "below"));
  }
}

}  // namespace

std::string mixture_text(const CoordinateLaw& law) {
  std::vector<Rational> weights;
  std::vector<Rational> means;
  std::vector<Rational> variances;
  for (const CoordinateLaw::Component& part : law.components) {
    weights.push_back(part.weight);
    means.push_back(part.mean);
    variances.push_back(part.variance);
  }
  return fmt::format("mixture:weights={},means={},variances={}", join_list(weights),
                     join_list(means), join_list(variances));
}

CoordinateLaw make_mixture(Spec& spec, std::string_view suffix) {
  const std::vector<Rational> weights = spec.numbers(fmt::format("weights{}", suffix));
  const std::vector<Rational> means = spec.numbers(fmt::format("means{}", suffix));
  const std::vector<Rational> variances = spec.numbers(fmt::format("variances{}", suffix));
  if (means.size() != weights.size() || variances.size() != weights.size()) {
    spec.fail(fmt::format("{} weights, {} means and {} variances; give one of each a component",
                          weights.size(), means.size(), variances.size()));
  }
  if (weights.size() > kMaxComponents) {
    spec.fail(fmt::format("{} components; at most {} are taken", weights.size(), kMaxComponents));
  }
  CoordinateLaw target;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    target.components.push_back({weights[k], means[k], variances[k]});
  }
  check_components(spec, suffix, target);
  return target;
}

}  // namespace lemmabench
