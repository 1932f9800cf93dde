#include "theory/claims/law_questions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>
#include <utility>

#include "numerics/error.hpp"

namespace lemmabench {

Hypothesis mixture_target() {
  return {"a finite mixture of Gaussians with independent coordinates", [](const Case& subject) {
            return subject.target()->product() != nullptr
                       ? std::string()
                       : std::string("the target is not a finite mixture of Gaussians");
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

const Quantity& term(const LawResult& law, std::string_view name) {
  for (const Term& t : law.terms) {
    if (t.name == name) {
      return t.value;
    }
  }
  throw EngineRefusal(fmt::format("the {} engine does not give the {}", law.engine, name));
}

std::string copies_of(const ProductLaw& gaussian, long copies) {
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

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) {
    out.push_back(word);
  }
  return out;
}

}  // namespace lemmabench
