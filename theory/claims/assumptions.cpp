#include "theory/claims/assumptions.hpp"

#include <fmt/format.h>

#include <vector>

#include "theory/process/schedule.hpp"

namespace lemmabench {
namespace {

std::string large_second_moment(const TargetCase& target, long least_steps) {
  Rational moment;
  if (const StudentLaw* student = target.student()) {
    if (!(Rational(2) < student->nu)) {
      return fmt::format("E||X_0||^2 is infinite (nu = {})", student->nu.text());
    }
    moment = Rational(student->dim) * student->nu / (student->nu - Rational(2));
  } else if (const ScaleMixtureLaw* law = target.scale_mixture()) {
    moment = law->second_moment();
  } else {
    moment = target.product()->second_moment();
  }
  // Which of the two is decided in rationals; the text may be rounded.
  return moment <= Rational(least_steps)
             ? ""
             : fmt::format("E||X_0||^2 = {} exceeds {}", short_text(moment), least_steps);
}

std::string not_pointwise(const Case& subject) {
  return subject.target()->scale_mixture() != nullptr ? "" : gaussian_or_line().fails(subject);
}

std::string not_gaussian_or_line(const Case& subject) {
  const TargetCase& target = *subject.target();
  if (target.gaussian() || target.line_mixture()) {
    return "";
  }
  if (target.scale_mixture() != nullptr) {
    return "a scale mixture, whose coordinates are not independent";
  }
  return target.student() != nullptr ? "the target is no finite mixture of Gaussians"
                                     : "a mixture in more than one dimension, whose worst typical "
                                       "vector this claim does not "
                                       "look for";
}

}  // namespace

Hypothesis gaussian_or_line() {
  return {"a Gaussian in R^d or a Gaussian mixture on the line", not_gaussian_or_line};
}

Hypothesis pointwise_law() {
  return {"a Gaussian or a finite scale mixture in R^d, or a Gaussian mixture on the line",
          not_pointwise};
}

Hypothesis pointwise_or_product() {
  return {"a finite mixture of Gaussians with independent coordinates, or a finite scale mixture",
          [](const Case& subject) {
            return subject.target()->student() == nullptr
                       ? std::string()
                       : std::string("the target is no finite mixture of Gaussians");
          }};
}

std::string short_text(const Rational& x) {
  const std::string exact = x.text();
  constexpr std::size_t kLong = 24;
  return exact.size() <= kLong ? exact : to_decimal(Ball(x), 6).value;
}

Hypothesis second_moment_bound(long least_steps) {
  return {fmt::format("E||X_0||^2 <= T^{{c_R}} with c_R = 1, from T = {} on", least_steps),
          [least_steps](const Case& subject) {
            return large_second_moment(*subject.target(), least_steps);
          }};
}

Hypothesis in_catalogue(const char* constant_of_others) {
  return {"a target of the catalogue, for which the constant is named",
          [constant_of_others](const Case& subject) {
            return subject.target()->in_catalogue
                       ? std::string()
                       : fmt::format("the constant is named for the catalogue's targets; {}",
                                     constant_of_others);
          }};
}

Hypothesis steps_resolve_spectrum(long least_steps) {
  const auto fails = [least_steps](const Case& subject) -> std::string {
    const ProductLaw* law = subject.target()->product();
    if (law == nullptr || !law->gaussian()) {
      return "";  // another hypothesis says so
    }
    const Rational steps(least_steps);
    const Rational cube = steps * steps * steps;
    const Rational least = Rational(1000) / (cube * cube);
    for (const CoordinateLaw& c : law->coordinates) {
      const Rational lambda = c.components.front().variance;
      if (lambda < least) {
        return fmt::format(
            "T is not large enough: the eigenvalue {} is below {}, and T = {} ends near that noise",
            short_text(lambda), short_text(least), least_steps);
      }
      if (lambda * lambda > Rational(4) * steps) {
        return fmt::format(
            "T is not large enough: what starting from N(0, I) leaves of the eigenvalue {} is "
            "still "
            "seen at T = {}",
            short_text(lambda), least_steps);
      }
    }
    return "";
  };
  return {fmt::format("T large enough for the eigenvalues, from T = {} on: 1000 T^{{-6}} <= lambda "
                      "<= 2 sqrt(T)",
                      least_steps),
          fails};
}

namespace {

/// Of every component of every coordinate; none where there are no components.
std::vector<Rational> variances(const TargetCase& target) {
  std::vector<Rational> out;
  if (const ProductLaw* law = target.product()) {
    for (const CoordinateLaw& coordinate : law->coordinates) {
      for (const CoordinateLaw::Component& c : coordinate.components) {
        out.push_back(c.variance);
      }
    }
  }
  if (const ScaleMixtureLaw* law = target.scale_mixture()) {
    for (const ScaleMixtureLaw::Atom& atom : law->atoms) {
      out.push_back(atom.variance);
    }
  }
  return out;
}

}  // namespace

std::string before_resolution(const TargetCase& target, long steps) {
  const Rational t(steps);
  const Rational cube = t * t * t;
  const Rational least = Rational(100) / (cube * cube * t);
  for (const Rational& variance : variances(target)) {
    if (variance < least) {
      return fmt::format("the noise at the end, about T^-7, hides the variance {} of the data",
                         short_text(variance));
    }
  }
  return "";
}

std::string saturated(const Quantity& tv) {
  const bool below = tv.interval().less_than(Ball(Rational(1, 4))) == Truth::certainly;
  return below ? "" : fmt::format("TV is {:.3g}", tv.value());
}

}  // namespace lemmabench
