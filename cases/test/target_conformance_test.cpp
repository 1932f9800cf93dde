// What every target is held to: all of the catalogue, and an inline spec of every kind. The law is
// one law: its density integrates to 1, the score is the gradient of its logarithm at every level,
// the levels are one another's smoothings, exact samples have that density, and mean and variances
// are those that the spec declares. The checks return what they find (cases/test/law_checks.hpp),
// so that they can be tried on laws that are wrong.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cases/target.hpp"
#include "cases/test/law_checks.hpp"
#include "cases/vector_law.hpp"
#include "numerics/error.hpp"
#include "numerics/log_gamma.hpp"
#include "theory/radial/law_marginal.hpp"

namespace lemmabench {
namespace {

using namespace test;

/// By kind: a new one fails the suite until it has an entry.
const std::map<std::string_view, std::vector<std::string>>& inline_specs() {
  static const std::map<std::string_view, std::vector<std::string>> kSpecs{
      {"gaussian", {"gaussian:spectrum=0.3x2+2,mean=1/-0.5"}},
      {"mixture",
       {"mixture:weights=0.2/0.8,means=-1/2,variances=0.3/0.05",
        "mixture:weights=1/3;2/3,means=-1;1,variances=1/10;1"}},
      {"product", {"product:weights=0.3/0.7,means=-1/1,variances=0.1/0.4,copies=2,spectrum=0.5x2"}},
      {"hypercube", {"hypercube:dim=3,separation=1,variance=0.2"}},
      {"two-point", {"two-point:dim=3,separation=1.5,variance=0.25,along=0.5"}},
      {"cloud",
       {"cloud:means=-1/0;1/0.5;0/2,weights=0.5/0.3/0.2,variances=0.25",
        "cloud:means=-1/0/0;1/0.5/1,variances=0.25/1/0.5;0.1/0.2/0.3",
        "cloud:means=-1/0/0;1/0.5/1,variances=0.25,factors=1/0.5/0;0/-1/0.3"}},
      {"fashion", {"fashion:count=8,side=7,bandwidth=0.2"}},
      {"student-t", {"student-t:dim=3,nu=9", "student-t:dim=1,nu=4"}},
      {"laplace", {"laplace:dim=3,variance=2"}},
      {"two-scale", {"two-scale:dim=3,weight=1/3,variances=0.1/4"}},
      {"contaminated", {"contaminated:dim=2,fraction=0.05,variance=9"}},
      {"scale-mixture", {"scale-mixture:dim=4,weights=0.5/0.3/0.2,variances=0.1/1/9"}},
      {"shell", {"shell:dim=5,radius=2", "shell:dim=2,radius=0.5"}},
  };
  return kSpecs;
}

std::vector<Target> all_targets() {
  std::vector<Target> out = catalogue_targets();
  for (const TargetKind& kind : target_kinds()) {
    const auto specs = inline_specs().find(kind.id);
    REQUIRE_MESSAGE(specs != inline_specs().end(), "give this suite a spec of the kind ",
                    std::string(kind.id));
    for (const std::string& spec : specs->second) {
      out.push_back(make_target(spec, "test"));
    }
  }
  return out;
}

/// The law, or none if its data are not on this machine.
std::shared_ptr<const VectorLaw> law_of(const Target& target) {
  try {
    return vector_law(target);
  } catch (const InputError& error) {
    const std::string what = error.what();
    REQUIRE_MESSAGE(what.find("dataset-fashion-mnist") != std::string::npos, what);
    MESSAGE("left out: " << what);
    return nullptr;
  }
}

void require_none(const Findings& findings) {
  for (const std::string& finding : findings) {
    FAIL_CHECK(finding);
  }
}

/// Levels from where the law is nearly itself to where it is nearly a Gaussian.
std::vector<double> levels_of(const Size& size) {
  const double square = size.coordinate * size.coordinate;
  return {square / 100, square / 2, 20 * square};
}

// ---- what a spec declares -----------------------------------------------------------------------

/// Mean and variance of every coordinate by the formulas of the kinds, from the exact numbers of
/// the spec; none where a moment of higher order is needed to see them, or for a cloud.
struct Declared {
  Moments operator()(const GaussianLaw& law) const {
    Moments out;
    for (const CoordinateLaw& block : law.coordinates) {
      repeat(out, block.mean().to_double(), block.variance().to_double(), block.multiplicity);
    }
    return out;
  }
  Moments operator()(const CoordinateLaw& law) const {
    Rational mean(0);
    Rational square(0);
    for (const CoordinateLaw::Component& part : law.components) {
      mean = mean + part.weight * part.mean;
      square = square + part.weight * (part.variance + part.mean * part.mean);
    }
    return {{mean.to_double()}, {(square - mean * mean).to_double()}};
  }
  Moments operator()(const ProductLaw& law) const {
    Moments out;
    for (const CoordinateLaw& coordinate : law.coordinates) {
      const Moments one = (*this)(coordinate);
      repeat(out, one.mean[0], one.variance[0], coordinate.multiplicity);
    }
    return out;
  }
  Moments operator()(const RadialLaw& law) const {
    Moments out;
    repeat(out, 0, std::visit(Declared{}, law.law), law.dim());
    return out;
  }
  Moments operator()(const CloudTarget&) const { return {}; }

  // E W of the scale mixtures; of a sphere its radius squared, E|X|^2/d.
  double operator()(const StudentLaw& x) const {
    const double nu = x.nu.to_double();
    return nu > 2 ? nu / (nu - 2) : HUGE_VAL;
  }
  double operator()(const LaplaceLaw& x) const { return x.variance.to_double(); }
  double operator()(const ScaleMixtureLaw& x) const {
    Rational mean;
    for (const ScaleMixtureLaw::Atom& atom : x.atoms) {
      mean = mean + atom.weight * atom.variance;
    }
    return mean.to_double();
  }
  double operator()(const ShellLaw& x) const { return (x.radius * x.radius).to_double(); }

 private:
  static void repeat(Moments& out, double mean, double variance, long copies) {
    out.mean.insert(out.mean.end(), static_cast<std::size_t>(copies), mean);
    out.variance.insert(out.variance.end(), static_cast<std::size_t>(copies), variance);
  }
};

bool has_light_tails(const Target& target) {
  const auto* radial = std::get_if<RadialLaw>(&target.law);
  const auto* student = radial != nullptr ? std::get_if<StudentLaw>(&radial->law) : nullptr;
  return student == nullptr || student->nu > Rational(8);
}

/// At tau = 1e7 E|X_0|^2 the score sees the moments up to terms of relative order 1e-7 times those
/// of order three and four (at most 30 of the squared scale here), and 1e-16 tau by rounding.
Findings declared_moments(const VectorLaw& law, const Moments& declared) {
  Findings out;
  double total = 0;
  for (std::size_t i = 0; i < declared.mean.size(); ++i) {
    total += declared.variance[i] + declared.mean[i] * declared.mean[i];
  }
  const Moments seen = tweedie_moments(law, 1e7 * total);
  constexpr double kRelative = 1e-5;
  for (std::size_t i = 0; i < declared.mean.size(); ++i) {
    if (!(std::abs(seen.mean[i] - declared.mean[i]) <= kRelative * std::sqrt(total))) {
      out.push_back(fmt::format("mean of x_{}: {:.9g}, declared is {:.9g}", i, seen.mean[i],
                                declared.mean[i]));
    }
    if (!(std::abs(law.mean()[i] - declared.mean[i]) <= 1e-14 * std::sqrt(total))) {
      out.push_back(fmt::format("mean() of x_{}: {:.9g}, declared is {:.9g}", i, law.mean()[i],
                                declared.mean[i]));
    }
    if (!(std::abs(seen.variance[i] - declared.variance[i]) <= kRelative * total)) {
      out.push_back(fmt::format("variance of x_{}: {:.9g}, declared is {:.9g}", i, seen.variance[i],
                                declared.variance[i]));
    }
  }
  return out;
}

// ---- quadrature ---------------------------------------------------------------------------------

/// int p by the trapezoid rule, which is exact to exp(-2 pi^2 (v/step^2)) for a Gaussian of
/// variance v and so for what is smoothed by it: step = sd/4 leaves e^-315. What is left is the
/// rounding of log p, some 1e-15 times its size where the mass is, and the tails beyond 9 sd.
Findings line_mass(const VectorLaw& law, double low, double high, double tau) {
  const double sd = std::sqrt(tau + law.core_variance());
  const auto count = static_cast<std::size_t>((high - low) / sd * 4) + 2;
  std::vector<Point> points(count, Point(1));
  for (std::size_t k = 0; k < count; ++k) {
    points[k][0] = low + static_cast<double>(k) * sd / 4;
  }
  double sum = 0;
  for (const double value : log_densities(*law.marginal(tau), points)) {
    sum += std::exp(value);
  }
  sum *= sd / 4;
  if (!(std::abs(sum - 1) <= 1e-13)) {
    return {fmt::format("tau {:.3g}: the density integrates to 1 {:+.3g}", tau, sum - 1)};
  }
  return {};
}

/// The density of v = log(|x|/sqrt(d)) likewise: analytic within pi/2 of the real axis and as
/// narrow as its width or 1/sqrt(2 d), of which the step is the 32nd part; the mass outside is
/// 1e-20.
Findings radial_mass(const RadialMarginal& p) {
  const RadialFeature where = p.feature(1e-20);
  const double step = std::min(where.width, 1 / std::sqrt(2 * static_cast<double>(p.dim()))) / 32;
  const auto count = static_cast<std::size_t>((where.high - where.low) / step) + 1;
  double sum = 0;
  for (std::size_t k = 0; k <= count; ++k) {
    sum += std::exp(p.log_density(where.low + static_cast<double>(k) * step));
  }
  sum *= step;
  // 1e-14 the grid in the scale (ScaleMixture), 4e-16 d rounding.
  const double allowed = 1e-13 + 1e-15 * static_cast<double>(p.dim());
  if (!(std::abs(sum - 1) <= allowed)) {
    return {fmt::format("the density of the radius integrates to 1 {:+.3g}", sum - 1)};
  }
  return {};
}

/// p_t as a vector sees it and as the radial law does.
Findings same_radial_density(const VectorLaw& law, const RadialMarginal& radial,
                             const Level<double>& level) {
  Findings out;
  const auto dim = static_cast<double>(law.dim());
  const double tau = level.noise / level.abar;
  const auto p = law.marginal(tau);
  const double log_sphere =
      std::log(2.0) + dim / 2 * std::log(std::acos(-1.0)) - log_gamma(dim / 2);
  for (const Point& y : samples(law, tau, 15, 8)) {
    const double radius = std::sqrt(square_distance(y, Point(law.dim())));
    const double v = std::log(std::sqrt(level.abar) * radius / std::sqrt(dim));
    const double expected = radial.log_density(v) - log_sphere - dim * std::log(radius);
    const double ours = log_densities(*p, {y})[0];
    // Rounding of numbers of size dim + |log p|; the level is rounded once more in the law.
    if (!(std::abs(ours - expected) <= 1e-13 * magnitude(expected, law.dim()))) {
      out.push_back(
          fmt::format("log p is {:.15g} as a vector, {:.15g} by the radius", ours, expected));
    }
  }
  return out;
}

// ---- laws that are wrong ------------------------------------------------------------------------

/// Another law with one thing changed.
class Changed final : public VectorLaw {
 public:
  struct Change {
    double score = 1;        ///< a factor of the score
    double log_density = 0;  ///< added to log p
    double level = 1;        ///< a factor of tau in the marginal
    double sample = 1;       ///< a factor of every sample
    double shift = 0;        ///< added to every sample
  };
  Changed(std::shared_ptr<const VectorLaw> law, Change change)
      : law_(std::move(law)), change_(change) {}
  std::size_t dim() const override { return law_->dim(); }
  std::vector<double> mean() const override { return law_->mean(); }
  double core_variance() const override { return law_->core_variance(); }
  std::unique_ptr<VectorMarginal> marginal(double tau) const override {
    return std::make_unique<Marginal>(tau, law_->marginal(tau * change_.level), change_, dim());
  }
  void sample(const SampleKeys& keys, double tau, std::uint64_t first, std::size_t groups,
              Lanes* out) const override {
    law_->sample(keys, tau, first, groups, out);
    for (std::size_t i = 0; i < groups * dim(); ++i) {
      out[i].v = change_.sample * out[i].v + change_.shift;
    }
  }

 private:
  class Marginal final : public VectorMarginal {
   public:
    Marginal(double tau, std::unique_ptr<VectorMarginal> p, Change change, std::size_t dim)
        : VectorMarginal(tau), p_(std::move(p)), change_(change), dim_(dim) {}
    void score(const Lanes* points, std::size_t groups, Lanes* out) const override {
      p_->score(points, groups, out);
      for (std::size_t i = 0; i < groups * dim_; ++i) {
        out[i].v *= change_.score;
      }
    }
    void log_density(const Lanes* points, std::size_t groups, Lanes* out) const override {
      p_->log_density(points, groups, out);
      for (std::size_t g = 0; g < groups; ++g) {
        out[g].v += change_.log_density;
      }
    }

   private:
    std::unique_ptr<VectorMarginal> p_;
    Change change_;
    std::size_t dim_;
  };

  std::shared_ptr<const VectorLaw> law_;
  Change change_;
};

Findings all_checks(const VectorLaw& law) {
  Findings out;
  const Size size = size_of(law);
  for (const double tau : levels_of(size)) {
    for (const auto& check : {score_is_gradient, heat_equation, samples_fit_density}) {
      if (check == heat_equation && law.dim() > 16) {
        continue;
      }
      const Findings found = check(law, size, tau);
      out.insert(out.end(), found.begin(), found.end());
    }
  }
  return out;
}

}  // namespace

TEST_CASE("every target: unique names, titles, and texts that read back") {
  std::set<std::string> names;
  for (const Target& target : catalogue_targets()) {
    CAPTURE(target.name);
    CHECK(names.insert(target.name).second);
    CHECK_FALSE(target.title.empty());
    CHECK(make_target(target.name, "t").text() == target.text());
  }
  CHECK(names.size() >= 9);
  for (const Target& target : all_targets()) {
    CAPTURE(target.label());
    const Target again = make_target(target.text(), "t");
    CHECK(again.text() == target.text());
    CHECK(again.dim() == target.dim());
    CHECK(again.law.index() == target.law.index());
  }
}

TEST_CASE("every target: score, density, levels and samples are of one law") {
  for (const Target& target : all_targets()) {
    CAPTURE(target.label());
    if (const auto law = law_of(target)) {
      REQUIRE(static_cast<long>(law->dim()) == target.dim());
      require_none(all_checks(*law));
    }
  }
}

TEST_CASE("every target on the line or of a radius: the density integrates to 1") {
  for (const Target& target : all_targets()) {
    CAPTURE(target.label());
    if (const auto* mixture = std::get_if<CoordinateLaw>(&target.law)) {
      const auto law = law_of(target);
      for (const double tau : levels_of(size_of(*law))) {
        double low = 0;
        double high = 0;
        for (const CoordinateLaw::Component& part : mixture->components) {
          const double reach = 9 * std::sqrt(part.variance.to_double() + tau);
          low = std::min(low, part.mean.to_double() - reach);
          high = std::max(high, part.mean.to_double() + reach);
        }
        require_none(line_mass(*law, low, high, tau));
      }
    }
    if (const auto* radial = std::get_if<RadialLaw>(&target.law)) {
      const auto law = law_of(target);
      for (const double abar : {0.02, 0.6, 0.999}) {
        const Level<double> level{abar, 1 - abar};
        const auto marginal = radial_marginal(*radial, level, 1);
        require_none(radial_mass(*marginal));
        require_none(same_radial_density(*law, *marginal, level));
        // E|X_t|^2/d = abar E W + 1-abar, but for the grid in the scale (1e-14) and rounding.
        const double second = abar * std::visit(Declared{}, radial->law) + level.noise;
        CHECK(std::abs(marginal->second_moment() - second) <= 1e-12 * second);
      }
    }
  }
}

TEST_CASE("every target: mean and variances are those declared") {
  int seen = 0;
  for (const Target& target : all_targets()) {
    CAPTURE(target.label());
    const Moments declared = std::visit(Declared{}, target.law);
    if (!declared.mean.empty() && has_light_tails(target)) {
      ++seen;
      require_none(declared_moments(*law_of(target), declared));
    }
  }
  CHECK(seen > 25);
}

TEST_CASE("a law that is wrong in one thing is found out") {
  const Target target =
      make_target("mixture:weights=0.2/0.8,means=-1/2,variances=0.3/0.05", "test");
  const auto law = vector_law(target);
  const auto finds = [](const Findings& findings, const char* what) {
    return std::any_of(findings.begin(), findings.end(),
                       [&](const std::string& one) { return one.find(what) != std::string::npos; });
  };
  CHECK(all_checks(Changed(law, {})).empty());
  CHECK(finds(all_checks(Changed(law, {.score = 1 + 1e-7})), "is not the slope"));
  CHECK(finds(all_checks(Changed(law, {.log_density = 0.1})), "where samples say"));
  CHECK(finds(all_checks(Changed(law, {.level = 1.001})), "d/dtau log p"));
  CHECK(finds(all_checks(Changed(law, {.sample = 1.1})), "where samples say"));
  CHECK(finds(all_checks(Changed(law, {.shift = 0.1})), "where samples say"));
  CHECK(line_mass(Changed(law, {}), -8, 9, 0.5).empty());
  CHECK_FALSE(line_mass(Changed(law, {.log_density = 1e-12}), -8, 9, 0.5).empty());
  Moments declared = Declared{}(std::get<CoordinateLaw>(target.law));
  CHECK(declared_moments(*law, declared).empty());
  CHECK(declared_moments(Changed(law, {.score = 1.01}), declared).size() == 2);
  declared.variance[0] *= 1.001;
  CHECK(declared_moments(*law, declared).size() == 1);
  declared.mean[0] += 0.001;
  CHECK(declared_moments(*law, declared).size() == 3);  // by the score and by mean()
}

}  // namespace lemmabench
