#include "theory/claims/law_questions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>
#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {

Hypothesis mixture_target() {
  return {"a finite mixture of Gaussians with independent coordinates", [](const Case& subject) {
            if (subject.target()->scale_mixture() != nullptr) {
              return std::string("a scale mixture: its coordinates are not independent");
            }
            return subject.target()->product() != nullptr
                       ? std::string()
                       : std::string("the target is not a finite mixture of Gaussians");
          }};
}

Hypothesis law_target() {
  return {"a finite mixture of Gaussians with independent coordinates, or a finite scale mixture",
          [](const Case& subject) {
            return subject.target()->student() == nullptr
                       ? std::string()
                       : std::string("the target is not a finite mixture of Gaussians");
          }};
}

Hypothesis estimated_score_target() {
  return {"a Gaussian in R^d or a Gaussian mixture on the line", [](const Case& subject) {
            return subject.target()->independent_mixtures()
                       ? std::string(
                             "independent mixtures, whose output law is computed with the "
                             "exact score only")
                       : mixture_target().fails(subject);
          }};
}

Hypothesis gaussian_target() {
  return {"one Gaussian", [](const Case& subject) {
            return subject.target()->gaussian() ? std::string()
                                                : std::string("the target is not one Gaussian");
          }};
}

LawRequest law_request(std::string target, std::string sampler, long steps) {
  LawRequest request;
  request.target = std::move(target);
  request.sampler = std::move(sampler);
  request.schedule = LiCaiSchedule{};
  request.steps = steps;
  return request;
}

const Quantity& known_part(const LawResult& law, std::optional<Quantity> LawParts::*which) {
  const std::optional<Quantity>& found = law.parts.*which;
  if (!found) {
    for (const NamedPart<Quantity>& each : kErrorParts<Quantity>) {
      if (each.member == which) {
        throw EngineRefusal(
            fmt::format("the {} engine does not give the {}", law.engine, each.name));
      }
    }
  }
  return *found;
}

std::optional<Quantity> LawParts::*part_named(std::string_view name) {
  for (const NamedPart<Quantity>& each : kErrorParts<Quantity>) {
    if (each.name == name) {
      return each.member;
    }
  }
  throw std::logic_error(fmt::format("no part of the error is named {}", name));
}

namespace {

/// "weights2=1/2;1/2,means2=-1;1,variances2=1/10;1/10,copies2=4", the first factor without a
/// number.
std::string factor_spec(const CoordinateLaw& law, std::size_t number, long copies) {
  std::vector<std::string> weights;
  std::vector<std::string> means;
  std::vector<std::string> variances;
  for (const CoordinateLaw::Component& c : law.components) {
    weights.push_back(c.weight.text());
    means.push_back(c.mean.text());
    variances.push_back(c.variance.text());
  }
  const std::string suffix = number == 1 ? "" : fmt::format("{}", number);
  return fmt::format("weights{0}={1},means{0}={2},variances{0}={3},copies{0}={4}", suffix,
                     fmt::join(weights, ";"), fmt::join(means, ";"), fmt::join(variances, ";"),
                     law.multiplicity * copies);
}

std::string copies_of_mixtures(const ProductLaw& law, long copies) {
  std::vector<std::string> factors;
  for (const CoordinateLaw& c : law.coordinates) {
    factors.push_back(factor_spec(c, factors.size() + 1, copies));
  }
  return fmt::format("product:{}", fmt::join(factors, ","));
}

std::string copies_of_gaussian(const ProductLaw& gaussian, long copies) {
  std::vector<std::string> spectrum;
  std::vector<std::string> means;
  bool centred = true;
  for (const CoordinateLaw& c : gaussian.coordinates) {
    const CoordinateLaw::Component& only = c.components.front();
    spectrum.push_back(fmt::format("{}x{}", only.variance.text(), c.multiplicity * copies));
    means.push_back(only.mean.text());
    centred = centred && only.mean.sign() == 0;
  }
  const std::string out = fmt::format("gaussian:spectrum={}", fmt::join(spectrum, "+"));
  return centred ? out : fmt::format("{},mean={}", out, fmt::join(means, ";"));
}

}  // namespace

std::string copies_of(const ProductLaw& law, long copies) {
  return law.gaussian() ? copies_of_gaussian(law, copies) : copies_of_mixtures(law, copies);
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) {
    out.push_back(word);
  }
  return out;
}

}  // namespace lemmabench
