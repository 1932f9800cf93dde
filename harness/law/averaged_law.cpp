#include "harness/law/averaged_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <utility>

#include "harness/law/law.hpp"
#include "numerics/parallel.hpp"
#include "numerics/running_moments.hpp"

namespace lemmabench {
namespace {

constexpr double kConfidence = 0.99;

/// Mean of one number over the draws, with what the draws know of it themselves added. Not finite
/// as soon as one of them is not.
template <class Read>
Quantity mean(const std::vector<LawResult>& laws, Read read) {
  RunningMoments moments;
  double error = 0;
  for (const LawResult& law : laws) {
    const Quantity& x = read(law);
    if (!x.finite()) {
      return x.extent() == Extent::infinite
                 ? Quantity::infinite(Evidence::sampled, x.reason())
                 : Quantity::unknown(Evidence::sampled, "of one draw of the times it is not known");
    }
    moments.add(x.value());
    error = std::max(error, x.error());
  }
  const double count = static_cast<double>(laws.size());
  const boost::math::students_t student(count - 1);
  const double reach = boost::math::quantile(student, (1 + kConfidence) / 2);
  return Sampled{moments.mean, reach * std::sqrt(moments.mean_variance()) + error, kConfidence};
}

}  // namespace

LawResult averaged_law(const LawRequest& request, const std::vector<std::string>& draws,
                       const LawOptions& options) {
  LawOptions alone = options;
  alone.threads = 1;
  const std::vector<LawResult> laws =
      parallel_map(draws.size(), options.threads, [&](std::size_t k) {
        LawRequest one = request;
        one.sampler = draws[k];
        return compute_law(one, alone);
      });
  LawResult out = laws.front();
  const auto number = [&](Quantity LawResult::*x) {
    return mean(laws, [x](const LawResult& law) -> const Quantity& { return law.*x; });
  };
  out.tv = number(&LawResult::tv);
  out.kl_pq = number(&LawResult::kl_pq);
  out.kl_qp = number(&LawResult::kl_qp);
  out.hellinger = number(&LawResult::hellinger);
  for (const NamedPart<Quantity>& part : kErrorParts<Quantity>) {
    if (out.parts.*part.member) {
      out.parts.*part.member = mean(laws, [&](const LawResult& law) -> const Quantity& {
        return (law.parts.*part.member).value();
      });
    }
  }
  for (std::size_t i = 0; i < out.local_errors.size(); ++i) {
    out.local_errors[i].value = mean(
        laws, [i](const LawResult& law) -> const Quantity& { return law.local_errors[i].value; });
  }
  for (std::size_t i = 0; i < out.relative_variance_error.size(); ++i) {
    out.relative_variance_error[i].value = mean(laws, [i](const LawResult& law) -> const Quantity& {
      return law.relative_variance_error[i].value;
    });
  }
  out.notes.push_back(
      fmt::format("random times: means over {} draws of the laws given the times; the law with the "
                  "times averaged out has at most these TV and KL, by convexity",
                  draws.size()));
  return out;
}

}  // namespace lemmabench
