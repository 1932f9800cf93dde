#include "theory/claims/necessity_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "numerics/ball_functions.hpp"
#include "numerics/error.hpp"
#include "numerics/hermite.hpp"
#include "theory/claims/necessity.hpp"
#include "theory/mixture/one_step_law.hpp"

namespace lemmabench {
namespace {

Quantity proved(const Ball& x) { return Proved{x}; }

/// The record of this id: its parameters are the table's.
Claim record(std::string_view id) {
  for (Claim& claim : necessity_claims()) {
    if (claim.id == id) {
      return std::move(claim);
    }
  }
  throw InputError(fmt::format("no table belongs to the claim {}; there are N1, N2 and N3", id));
}

Ball parameter(const Claim& claim, std::string_view id) {
  const auto found = std::find_if(claim.parameters.begin(), claim.parameters.end(),
                                  [&](const Parameter& p) { return p.id == id; });
  return Ball(Rational::parse(found->value, found->id));
}

/// The first coordinate in double: what the step does to it from X_2.
class FirstCoordinate {
 public:
  explicit FirstCoordinate(const CoordinateLaw& law)
      : schedule_(necessity_schedule(), kNecessitySteps),
        at1_(clean(law).at_level(schedule_.level(1))),
        at2_(clean(law).at_level(schedule_.level(2))),
        b_(schedule_.b(2)),
        alpha_(schedule_.alpha(2)) {}

  /// TV of ddpm, or of li-cai with intermediate noise sigma, with the lattice in the first score.
  Quantity ddpm(double spacing) const;
  Quantity li_cai(double spacing, double sigma) const;

 private:
  static LineMixture<double> clean(const CoordinateLaw& law) {
    std::vector<LineMixture<double>::Component> components;
    for (const CoordinateLaw::Component& c : law.components) {
      components.push_back({c.weight.to_double(), c.mean.to_double(), c.variance.to_double()});
    }
    return LineMixture<double>(std::move(components));
  }
  double u(double x) const { return (x + b_ / 2 * at2_.score(x)) / std::sqrt(alpha_); }
  double second_score_change(double mid, double back) const;

  Schedule<double> schedule_;
  LineMixture<double> at1_;
  LineMixture<double> at2_;
  double b_;
  double alpha_;
};

// The phase f = u/l - floor(u/l) oscillates with period l, far below sd = sqrt(b/alpha): what is
// averaged over a Gaussian of width sd sees f as independent and uniform but for e^{-2 pi^2
// (sd/l)^2} (Poisson summation). l <= 10 b is at most 0.15 sd, so the average is exact in double.
QuadratureRule<double> uniform_phase() {
  QuadratureRule<double> rule = gauss_legendre<double>(5);
  for (std::size_t k = 0; k < rule.nodes.size(); ++k) {
    rule.nodes[k] = (1 + rule.nodes[k]) / 2;
    rule.weights[k] /= 2;
  }
  return rule;
}

Quantity FirstCoordinate::ddpm(double spacing) const {
  const QuadratureRule<double> phase = uniform_phase();
  return tampered_distance({.source = at2_,
                            .sd = std::sqrt(b_ / alpha_),
                            .weights = phase.weights,
                            .means = [&](double x, TamperedStep::Mean* out) {
                              const double mean = (x + b_ * at2_.score(x)) / std::sqrt(alpha_);
                              for (const double f : phase.nodes) {
                                *out++ = {mean, -2 * spacing * f};
                              }
                            }});
}

/// s_1(mid - back) - s_1(mid); by the derivative where the difference would cancel.
double FirstCoordinate::second_score_change(double mid, double back) const {
  if (back > 1e-6) {
    return at1_.score(mid - back) - at1_.score(mid);
  }
  return -back * at1_.score_derivative(mid - back / 2);
}

Quantity FirstCoordinate::li_cai(double spacing, double sigma) const {
  const QuadratureRule<double> phase = uniform_phase();
  const QuadratureRule<double> noise = gauss_hermite<double>(sigma > 0 ? 5 : 1);
  std::vector<double> weights;
  for (const double w : noise.weights) {
    for (const double v : phase.weights) {
      weights.push_back(w * v);
    }
  }
  return tampered_distance({.source = at2_,
                            .sd = std::sqrt(b_ / alpha_),
                            .weights = weights,
                            .means = [&](double x, TamperedStep::Mean* out) {
                              const double at = u(x);
                              for (const double z : noise.nodes) {
                                const double mid = at + sigma * z;
                                const double root = std::sqrt(alpha_);
                                const double mean = (x + b_ / root * at1_.score(mid)) / root;
                                for (const double f : phase.nodes) {
                                  const double change = second_score_change(mid, spacing * f);
                                  *out++ = {mean, b_ / alpha_ * change};
                                }
                              }
                            }});
}

NecessityTable lattice_table(const LastStep& step, const FirstCoordinate& line,
                             const Effort& effort) {
  NecessityTable out;
  out.title = "N1: the last score on a lattice of spacing l";
  out.caption =
      "TV between the outputs with exact and with tampered scores. The computed columns are the "
      "first coordinate's, from the law of X_2.";
  out.columns = {"eps_score",
                 "TV of ddim",
                 "TV of ddpm, at most",
                 "TV of ddpm",
                 "TV of li-cai, at most",
                 "TV of li-cai",
                 "TV of li-cai-momentum, at most"};
  for (int k = 0; k < ladder_length(effort); ++k) {
    const Tampering how{.spacing = lattice_spacing(step, k)};
    const double spacing = how.spacing->to_double();
    out.rows.push_back({proved(sqrt(step.lattice_error(how))),
                        proved(lattice_distance(step, "ddim", how).hull()),
                        proved(lattice_distance(step, "ddpm", how).high), line.ddpm(spacing),
                        proved(lattice_distance(step, "li-cai", how).high), line.li_cai(spacing, 0),
                        proved(lattice_distance(step, "li-cai-momentum", how).high)});
  }
  return out;
}

NecessityTable midpoint_table(const LastStep& step, const FirstCoordinate& line, const Claim& claim,
                              const Effort& effort) {
  NecessityTable out;
  out.title = "N2: li-cai with a second score that is wrong near the lattice of the first";
  out.caption =
      "M: how far the second score's error moves the output where it is met. The computed column "
      "is the first coordinate's, with the noise and the second score wrong on the lattice only.";
  out.columns = {"eps_score", "M", "TV without noise, at least", "TV with noise, at most",
                 "TV with noise"};
  const Ball kappa = parameter(claim, "robust kappa");
  for (int k = 0; k < ladder_length(effort); ++k) {
    const MidpointError error = midpoint_error(step, k, parameter(claim, "push"), true);
    out.rows.push_back(
        {proved(sqrt(error.eps_squared)), proved(error.push),
         proved(midpoint_distance(step, error, Ball(0)).low),
         proved(midpoint_distance(step, error, kappa).high),
         line.li_cai(error.how.spacing->to_double(), step.mid_noise(kappa).to_double())});
  }
  return out;
}

NecessityTable clip_table(const LastStep& step, const Claim& claim, const Effort& effort) {
  NecessityTable out;
  out.title = "N3: li-cai with an unbounded second score, with and without the clip";
  out.caption =
      "TV: no intermediate noise, the second score wrong near the lattice of N2. Mean square "
      "displacement: with intermediate noise, the second score wrong on a slab far out.";
  out.columns = {"eps_score",
                 "TV without clip, at least",
                 "TV with clip, at most",
                 "distance of the slab",
                 "E|Y - Y'|^2 without clip, at least",
                 "E|Y - Y'|^2 with clip, at most"};
  const Ball clip = parameter(claim, "clip");
  for (int k = 0; k < ladder_length(effort); ++k) {
    const MidpointError error = midpoint_error(step, k, parameter(claim, "push"), true);
    const Ball eps = sqrt(error.eps_squared).magnitude_upper();
    const SlabError slab = slab_error(step, eps, parameter(claim, "kappa"), 1 / eps);
    out.rows.push_back({proved(eps), proved(clip_distance(step, error, std::nullopt).low),
                        proved(clip_distance(step, error, clip).high), proved(slab.distance),
                        proved(slab.damage), proved(square(clip_cap(step, clip, {})))});
  }
  return out;
}

}  // namespace

NecessityTable necessity_table(std::string_view id, const Case& subject, const Effort& effort) {
  const Claim claim = record(id);
  const TargetCase* target = subject.target();
  if (target == nullptr || target->product() == nullptr) {
    throw InputError(
        fmt::format("{}: the tables are for finite mixtures of Gaussians", subject.name));
  }
  const LastStep step = make_last_step(*target);
  if (id == "N3") {
    return clip_table(step, claim, effort);
  }
  const FirstCoordinate line(target->product()->coordinates.front());
  return id == "N1" ? lattice_table(step, line, effort) : midpoint_table(step, line, claim, effort);
}

}  // namespace lemmabench
