#include "harness/studies/worst_case/families.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/target.hpp"
#include "cases/targets/gaussian.hpp"
#include "cases/targets/mixture.hpp"
#include "theory/targets/product_law.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {
namespace {

using Values = std::vector<Rational>;

FamilyParameter logarithmic(std::string name, double low, double high) {
  return {std::move(name), low, high, true};
}
FamilyParameter linear(std::string name, double low, double high) {
  return {std::move(name), low, high, false};
}

/// Where variances are looked for. Beyond, the laws only repeat themselves: below 1e-4 a Gaussian
/// is a point for all but the last steps, above 1e4 the second moment is out of bounds.
FamilyParameter variance(std::string name) { return logarithmic(std::move(name), 1e-6, 1e4); }

/// N(0, diag) with these eigenvalues; `fractions` of the coordinates have the first ones, at least
/// one each, and the last has the rest.
FamilyMember gaussian(const Values& variances, const Values& fractions, long dim) {
  GaussianLaw target;
  FamilyMember out;
  long left = dim;
  for (std::size_t i = 0; i < variances.size(); ++i) {
    const long others = static_cast<long>(variances.size() - i) - 1;
    const long wanted = i < fractions.size()
                            ? std::lround(fractions[i].to_double() * static_cast<double>(dim))
                            : left;
    const long multiplicity = std::clamp(wanted, 1L, std::max(1L, left - others));
    target.coordinates.push_back(gaussian_block(variances[i], Rational(0), multiplicity));
    out.second_moment +=
        variances[i].to_double() * static_cast<double>(multiplicity) / static_cast<double>(dim);
    left -= multiplicity;
  }
  out.target = gaussian_text(target);
  return out;
}

FamilyMember mixture(const std::vector<CoordinateLaw::Component>& components) {
  FamilyMember out;
  for (const CoordinateLaw::Component& c : components) {
    out.second_moment += (c.weight * (c.mean * c.mean + c.variance)).to_double();
  }
  out.target = mixture_text({components});
  return out;
}

/// At -m and m; the mean is not 0 unless the weights are equal.
FamilyMember two_modes(const Values& v) {
  return mixture({{v[0], Rational(0) - v[1], v[2]}, {Rational(1) - v[0], v[1], v[2]}});
}

/// Half of v[0] at -m and at m, the rest at 0.
FamilyMember three_modes(const Values& v) {
  const Rational side = v[0] / Rational(2);
  return mixture({{side, Rational(0) - v[1], v[2]},
                  {Rational(1) - v[0], Rational(0), v[3]},
                  {side, v[1], v[2]}});
}

/// A radial target by its kind and keys; make_target reads it.
FamilyMember radial(std::string_view kind, long dim, const std::string& keys,
                    double second_moment) {
  return {fmt::format("{}:dim={},{}", kind, dim, keys), second_moment};
}

FamilyMember student(const Values& v, long dim) {
  return radial("student-t", dim, "nu=" + v[0].text(), (v[0] / (v[0] - Rational(2))).to_double());
}

FamilyMember two_scales(const Values& v, long dim) {
  const Rational second = v[1] * (Rational(1) + v[2]);
  return radial("two-scale", dim,
                fmt::format("weight={},variances={}", v[0].text(), join_list({v[1], second})),
                (v[0] * v[1] + (Rational(1) - v[0]) * second).to_double());
}

FamilyMember contaminated(const Values& v, long dim) {
  return radial("contaminated", dim,
                fmt::format("fraction={},variance={}", v[0].text(), v[1].text()),
                (Rational(1) - v[0] + v[0] * v[1]).to_double());
}

std::vector<TargetFamily> gaussian_families() {
  return {
      {"gaussian-flat",
       "N(0, V I)",
       {variance("variance")},
       1,
       4096,
       true,
       [](const Values& v, long dim) { return gaussian(v, {}, dim); }},
      {"gaussian-two",
       "Gaussian with two eigenvalues",
       {variance("first"), variance("second"), linear("fraction of the first", 0, 1)},
       2,
       4096,
       true,
       [](const Values& v, long dim) {
         return gaussian({v[0], v[1]}, {v[2]}, dim);
       }},
      {"gaussian-three",
       "Gaussian with three eigenvalues",
       {variance("first"), variance("second"), variance("third"),
        linear("fraction of the first", 0, 1), linear("fraction of the second", 0, 1)},
       4,
       4096,
       true,
       [](const Values& v, long dim) {
         return gaussian({v[0], v[1], v[2]}, {v[3], v[4]}, dim);
       }},
  };
}

std::vector<TargetFamily> line_families() {
  return {
      {"line-two",
       "two modes at -M and M with common variance V",
       {logarithmic("weight of the first", 1e-3, 0.5), logarithmic("M", 0.03, 12),
        logarithmic("V", 1e-6, 4)},
       1,
       1,
       true,
       [](const Values& v, long) { return two_modes(v); }},
      {"line-three",
       "modes at -M and M (variance V) and at 0",
       {logarithmic("weight of both sides", 1e-3, 0.98), logarithmic("M", 0.03, 12),
        logarithmic("V", 1e-6, 4), logarithmic("variance at 0", 1e-6, 4)},
       1,
       1,
       true,
       [](const Values& v, long) { return three_modes(v); }},
  };
}

std::vector<TargetFamily> radial_families() {
  return {
      {"student-t", "Student-t", {logarithmic("nu", 2.05, 200)}, 2, 4096, false, student},
      {"laplace",
       "multivariate Laplace",
       {variance("variance")},
       2,
       4096,
       false,
       [](const Values& v, long dim) {
         return radial("laplace", dim, "variance=" + v[0].text(), v[0].to_double());
       }},
      {"two-scale",
       "W N(0, V I) + (1-W) N(0, V (1+delta) I)",
       {linear("W", 0.02, 0.98), variance("V"), logarithmic("delta", 0.05, 1e3)},
       2,
       4096,
       false,
       two_scales},
      {"contaminated",
       "(1-E) N(0, I) + E N(0, V I)",
       {logarithmic("E", 1e-4, 0.5), logarithmic("V", 1.5, 1e4)},
       2,
       4096,
       false,
       contaminated},
      {"shell",
       "uniform on the sphere of radius R sqrt(d)",
       {logarithmic("R", 0.03, 30)},
       2,
       4096,
       false,
       [](const Values& v, long dim) {
         return radial("shell", dim, "radius=" + v[0].text(), (v[0] * v[0]).to_double());
       }},
  };
}

/// An inline spec of a product, whose law costs a tenth of a second in every dimension.
FamilyMember product(const std::string& text, double second_moment) {
  return {make_target(text, "worst case").text(), second_moment};
}

std::vector<TargetFamily> product_families() {
  return {
      {"hypercube",
       "vertices of the hypercube {-M, M}^d with noise of variance V",
       {logarithmic("M", 0.03, 12), logarithmic("V", 1e-6, 4)},
       2,
       4096,
       false,
       [](const Values& v, long dim) {
         return product(fmt::format("hypercube:dim={},separation={},variance={}", dim, v[0].text(),
                                    v[1].text()),
                        (v[0] * v[0] + v[1]).to_double());
       }},
      {"two-point",
       "two modes +-mu, |mu| = M, with noise of variance V",
       {logarithmic("M", 0.03, 100), logarithmic("V", 1e-6, 4)},
       2,
       4096,
       false,
       [](const Values& v, long dim) {
         return product(fmt::format("two-point:dim={},separation={},variance={}", dim, v[0].text(),
                                    v[1].text()),
                        (v[0] * v[0]).to_double() / static_cast<double>(dim) + v[1].to_double());
       }},
  };
}

/// Four significant digits are finer than any feature of a law and leave specs that can be read.
std::string decimal(double value) { return fmt::format("{:.3e}", value); }

}  // namespace

Rational FamilyParameter::at(double unit) const {
  const double u = std::clamp(unit, 0.0, 1.0);
  const double value = logarithmic ? low * std::pow(high / low, u) : low + (high - low) * u;
  return Rational::parse(decimal(std::clamp(value, low, high)), name);
}

std::vector<Rational> TargetFamily::values(const std::vector<double>& unit) const {
  std::vector<Rational> out;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    out.push_back(parameters[i].at(unit[i]));
  }
  return out;
}

const std::vector<TargetFamily>& worst_case_families() {
  static const std::vector<TargetFamily> families = [] {
    std::vector<TargetFamily> all;
    for (const auto& part :
         {gaussian_families(), line_families(), product_families(), radial_families()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return families;
}

const TargetFamily& worst_case_family(const std::string& id) {
  std::vector<std::string> known;
  for (const TargetFamily& family : worst_case_families()) {
    if (family.id == id) {
      return family;
    }
    known.push_back(family.id);
  }
  throw_unknown_name("worst case", "family", id, known, "`lemmabench worst-case --help`");
}

}  // namespace lemmabench
