#include "harness/studies/losses/losses.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "cases/target.hpp"
#include "harness/law/law.hpp"
#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "harness/studies/claims/exact_laboratory.hpp"
#include "harness/studies/losses/point_quantities.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "theory/claims/assumptions.hpp"
#include "theory/claims/law_questions.hpp"
#include "theory/claims/trend.hpp"
#include "theory/claims/worst_defect.hpp"

namespace lemmabench {
namespace {

constexpr long kLeastSteps = 96;
constexpr long kMostDimensions = 4096;
constexpr long kPointLevels = 24;
constexpr double kSamePower = 0.01;  // what a table prints

/// What a sampler's argument is: its order and where it ends.
struct Argument {
  std::string sampler;
  int order;           ///< p of D2
  std::string step;    ///< record of the step's defect
  std::string end;     ///< record of the main theorem
  Rational end_power;  ///< of d there
};

const Argument& argument_of(const std::string& sampler) {
  static const std::vector<Argument> kArguments{{"li-cai", 3, "D2", "D5", Rational(5, 2)},
                                                {"ddpm", 2, "D2-ddpm", "D6", Rational(1)}};
  for (const Argument& each : kArguments) {
    if (each.sampler == sampler) {
      return each;
    }
  }
  throw InputError(
      fmt::format("--sampler {}: the argument is known step by step for li-cai and "
                  "ddpm",
                  sampler));
}

long root_of(long d) { return std::lround(std::sqrt(static_cast<double>(d))); }

void require(const LossRequest& request) {
  if (request.steps < kLeastSteps) {
    throw InputError(fmt::format("--steps {}: the schedule of these runs needs at least {} levels",
                                 request.steps, kLeastSteps));
  }
  if (!(request.relative_error >= 1e-6 && request.relative_error <= 0.5)) {
    throw InputError(
        fmt::format("--relative-error {}: is not within 1e-6 and 0.5", request.relative_error));
  }
  const std::vector<long>& d = request.dims;
  const bool right = d.size() >= 3 && d.front() >= 4 && d.back() <= kMostDimensions &&
                     std::is_sorted(d.begin(), d.end()) &&
                     std::adjacent_find(d.begin(), d.end()) == d.end() &&
                     std::all_of(d.begin(), d.end(),
                                 [](long each) { return root_of(each) * root_of(each) == each; });
  if (!right) {
    throw InputError(
        fmt::format("--dims {}: give three or more ascending squares from 4 to {}, such as "
                    "4,16,64,256",
                    fmt::join(d, ","), kMostDimensions));
  }
}

std::vector<LossFamily> families_of(const LossRequest& request) {
  if (request.families.empty()) {
    return loss_families();
  }
  std::vector<LossFamily> out;
  for (const std::string& id : request.families) {
    const auto found = std::find_if(loss_families().begin(), loss_families().end(),
                                    [&](const LossFamily& each) { return each.id == id; });
    if (found == loss_families().end()) {
      std::string known;
      for (const LossFamily& each : loss_families()) {
        known += (known.empty() ? "" : ", ") + each.id;
      }
      throw InputError(fmt::format("--families {}: there is no such family; known: {}", id, known));
    }
    out.push_back(*found);
  }
  return out;
}

std::string target_text(const LossFamily& family, long d) {
  return fmt::format(fmt::runtime(family.target), fmt::arg("d", d), fmt::arg("root", root_of(d)));
}

/// A centred Gaussian block is a scale mixture of one scale.
PointLaw point_law(const Target& target) {
  if (const auto* radial = std::get_if<RadialLaw>(&target.law)) {
    return *radial->scale_mixture();
  }
  if (const auto* gaussian = std::get_if<GaussianLaw>(&target.law)) {
    const CoordinateLaw& block = gaussian->coordinates.front();
    return ScaleMixtureLaw{block.multiplicity, {{Rational(1), block.components.front().variance}}};
  }
  return std::get<ProductLaw>(target.law);
}

/// A number of one family in one dimension, or why there is none.
struct Measured {
  Quantity value;
  std::string why;
};

Measured attempt(const std::function<Quantity()>& make) {
  // Threads have no precision of their own.
  const PrecisionScope scope(128);
  try {
    return {make(), {}};
  } catch (const EngineRefusal& e) {
    return {{}, e.what()};
  } catch (const NumericalFailure& e) {
    return {{}, e.what()};
  }
}

/// All that is measured of one law.
class Member {
 public:
  Member(const LossRequest& request, const Argument& argument, const LossFamily& family, long d)
      : request_(request),
        argument_(argument),
        dim_(d),
        target_(target_text(family, d)),
        law_(point_law(make_target(target_, "losses"))),
        levels_{request.steps, sampled_levels(request.steps, kPointLevels)} {}

  Measured worst(PointQuantity q) const {
    return attempt([&] { return at_worst_point(q, law_, levels_); });
  }
  Measured mean(PointQuantity q) const {
    return attempt([&] { return in_expectation(q, law_, levels_); });
  }
  /// sup |Phi - Psi| (1-abar)^{p-1/2}/b^p: D2's smallest constant times (d log T)^{p-1/2}.
  Measured worst_defect() const {
    return attempt([&]() -> Quantity {
      ExactLaboratory laboratory;
      const StepQuestion ask{{laboratory, argument_.sampler}, argument_.order, Ball(2), 1.0, -7};
      Ball value(0);
      const auto record = [&](const NeededConstant& needed) { value = needed.value; };
      const SupremumGoal goal{.tolerance = 1.0 / 16};
      if (const auto* scales = std::get_if<ScaleMixtureLaw>(&law_)) {
        scale_mixture_defects(ask, *scales, request_.steps, goal, record);
      } else {
        product_defects(ask, std::get<ProductLaw>(law_), 1, request_.steps, goal, record);
      }
      return Proved{value * pow(Ball(dim_) * log(Ball(request_.steps)),
                                Ball(Rational(2 * argument_.order - 1, 2)))};
    });
  }
  /// The path certificate, asked once.
  const PathCertificate& certificate() const {
    if (!certificate_) {
      CertificateRequest ask;
      ask.target = target_;
      ask.sampler = argument_.sampler;
      ask.schedule = LiCaiSchedule{};
      ask.steps = request_.steps;
      ask.relative_error = request_.relative_error;
      certificate_ = certify_path(ask, 1);
    }
    return *certificate_;
  }
  /// The same as worst_defect in mean square: max_t sqrt(2 b E|Phi - Psi|^2/(2b)).
  Measured mean_defect() const {
    return attempt([&]() -> Quantity {
      const Schedule<double> schedule(LiCaiSchedule{}, static_cast<int>(request_.steps));
      Quantity out = Quantity::computed(0, 0);
      for (const CertificateStep& step : certificate().summands) {
        const double b = schedule.b(step.t);
        const double noise = schedule.level(step.t).noise;
        const double scale =
            2 * b * std::pow(noise, 2 * argument_.order - 1) / std::pow(b, 2 * argument_.order);
        const Quantity square = step.value * Quantity::computed(scale, 0);
        if (square.value() > out.value()) {
          out = square;
        }
      }
      return root_of_quantity(out);
    });
  }
  Measured path_sum() const {
    return attempt([&] { return certificate().path_kl; });
  }
  Measured pinsker() const {
    return attempt(
        [&] { return root_of_quantity(certificate().path_kl * Quantity::computed(0.5, 0)); });
  }
  Measured total_variation() const {
    Measured out = attempt([&] {
      return compute_law(law_request(target_, argument_.sampler, request_.steps),
                         {.decomposition = false, .threads = 1})
          .tv;
    });
    if (out.why.empty() && !saturated(out.value).empty()) {
      out.why = fmt::format("d = {}: {}, where no power of d shows", dim_, saturated(out.value));
    }
    return out;
  }

 private:
  static Quantity root_of_quantity(const Quantity& q) {
    return image_of(q, [](const Ball& x) {
      Ball out;
      arb_sqrtpos(out.raw(), x.raw(), PrecisionScope::bits());
      return out;
    });
  }

  const LossRequest& request_;
  const Argument& argument_;
  long dim_;
  std::string target_;
  PointLaw law_;
  PointLevels levels_;
  mutable std::optional<PathCertificate> certificate_;
};

/// A step, and how its two sides are measured.
struct Plan {
  LossStep step;
  std::function<Measured(const Member&)> worst = {};
  std::function<Measured(const Member&)> mean = {};
};

Plan point_plan(std::string id, std::string claim, std::string quantity, Rational claimed,
                PointQuantity q) {
  return {{.id = std::move(id),
           .claim = std::move(claim),
           .quantity = std::move(quantity),
           .claimed = std::move(claimed)},
          [q](const Member& member) { return member.worst(q); },
          [q](const Member& member) { return member.mean(q); }};
}

std::vector<Plan> plans_of(const Argument& argument) {
  const Rational power(2 * argument.order - 1, 2);
  std::vector<Plan> out{
      point_plan("T2", "T2", "||s||", Rational(1, 2), PointQuantity::score),
      point_plan("T3", "T3", "tr Cov(Z | x)", Rational(1), PointQuantity::trace),
      point_plan("T7, k = 0", "T7", "||s||/(1-tau)^(3/2) along the flow", Rational(1, 2),
                 PointQuantity::derivative_0),
      point_plan("T7, k = 1", "T7", "its derivative", Rational(3, 2), PointQuantity::derivative_1)};
  if (argument.order > 2) {
    out.push_back(point_plan("T7, k = 2", "T7", "its second derivative", Rational(5, 2),
                             PointQuantity::derivative_2));
  }
  out.push_back(point_plan("T8", "T8", "||D^3 log p||", Rational(3, 2), PointQuantity::curvature));
  out.push_back({{.id = argument.step,
                  .claim = argument.step,
                  .quantity = "||Phi_t - Psi_t|| at one x",
                  .claimed = power},
                 [](const Member& member) { return member.worst_defect(); }});
  out.push_back({{.id = argument.step + ", mean square",
                  .claim = argument.step,
                  .quantity = "sqrt(E||Phi_t - Psi_t||^2)",
                  .claimed = power},
                 {},
                 [](const Member& member) { return member.mean_defect(); }});
  out.push_back({{.id = "sum over t",
                  .claim = "D3-chain",
                  .quantity = "sum_t E||Phi_t - Psi_t||^2/(2 b_t)",
                  .claimed = Rational(2) * power,
                  .share = Rational(1, 2)},
                 {},
                 [](const Member& member) { return member.path_sum(); }});
  out.push_back({{.id = "Pinsker", .claim = "D4", .quantity = "sqrt(sum/2)", .claimed = power},
                 {},
                 [](const Member& member) { return member.pinsker(); }});
  out.push_back({{.id = argument.end,
                  .claim = argument.end,
                  .quantity = "TV(p_{X_1}, p_{Y_1})",
                  .claimed = argument.end_power},
                 {},
                 [](const Member& member) { return member.total_variation(); }});
  return out;
}

PowerOfDimension power_of(const std::string& family, const std::vector<long>& dims,
                          const std::vector<Measured>& measured) {
  PowerOfDimension out;
  out.family = family;
  std::string why;
  std::vector<double> n;
  out.evidence = Evidence::proved;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (!measured[i].why.empty()) {
      why = why.empty() ? measured[i].why : why;
      continue;
    }
    out.dims.push_back(dims[i]);
    out.values.push_back(measured[i].value);
    out.evidence = weaker(out.evidence, measured[i].value.evidence());
    n.push_back(static_cast<double>(dims[i]));
  }
  if (n.size() < 3) {
    out.not_evaluated = why.empty() ? "fewer than three dimensions" : why;
    return out;
  }
  const Trend trend = judge_trend("d", n, out.values, {});
  if (trend.reason == "the constant is 0 up to rounding") {
    out.not_evaluated = "it is 0 in every dimension";
    return out;
  }
  out.power = trend.exponent;
  out.low = trend.low;
  out.high = trend.high;
  if (!std::isfinite(out.low) || !std::isfinite(out.high)) {
    out.not_evaluated = "the values are not told from 0";
  }
  return out;
}

/// The powers left for TV, from the claimed one on.
void run_down(LossTable& table) {
  double left = table.claimed.to_double();
  for (LossStep& step : table.steps) {
    const PowerOfDimension* measured = largest(step.worst.empty() ? step.mean : step.worst);
    if (measured != nullptr) {
      const double loss = (step.claimed.to_double() - measured->power) * step.share.to_double();
      const bool last = &step == &table.steps.back();
      left = last ? measured->power : std::min(left, table.claimed.to_double() - loss);
    }
    step.running = left;
  }
}

}  // namespace

const std::vector<LossFamily>& loss_families() {
  static const std::vector<LossFamily> kFamilies{
      {"gaussian", "N(0, I/4)", "gaussian:dim={d},variance=0.25"},
      {"two-scale", "one half N(0, I/10), one half N(0, 4 I)",
       "two-scale:dim={d},weight=0.5,variances=0.1/4"},
      {"contaminated", "N(0, I), one in twenty N(0, 9 I)",
       "contaminated:dim={d},fraction=0.05,variance=9"},
      {"hypercube", "vertices of {-1, 1}^d, noise of variance 1/10",
       "hypercube:dim={d},separation=1,variance=0.1"},
      {"two-modes", "two modes at -sqrt(d) and sqrt(d) on an axis, variance 1/10",
       "two-point:dim={d},separation={root},variance=0.1"}};
  return kFamilies;
}

const PowerOfDimension* largest(const std::vector<PowerOfDimension>& powers) {
  double most = -HUGE_VAL;
  for (const PowerOfDimension& each : powers) {
    most = each.known() ? std::max(most, each.power) : most;
  }
  const PowerOfDimension* out = nullptr;
  for (const PowerOfDimension& each : powers) {
    const bool among = each.known() && each.power > most - kSamePower;
    if (among && (out == nullptr || each.high - each.low < out->high - out->low)) {
      out = &each;
    }
  }
  return out;
}

LossTable study_losses(const LossRequest& request) {
  require(request);
  const Argument& argument = argument_of(request.sampler);
  LossTable table{request, families_of(request), Rational(2 * argument.order - 1, 2), {}};
  const std::vector<Plan> plans = plans_of(argument);
  const std::size_t members = table.families.size() * request.dims.size();
  struct Sides {
    std::vector<Measured> worst;
    std::vector<Measured> mean;
  };
  const std::vector<Sides> all = parallel_map(members, request.threads, [&](std::size_t i) {
    const Member member(request, argument, table.families[i / request.dims.size()],
                        request.dims[i % request.dims.size()]);
    Sides out;
    for (const Plan& plan : plans) {
      out.worst.push_back(plan.worst ? plan.worst(member) : Measured{});
      out.mean.push_back(plan.mean ? plan.mean(member) : Measured{});
    }
    return out;
  });
  for (std::size_t s = 0; s < plans.size(); ++s) {
    LossStep step = plans[s].step;
    for (std::size_t f = 0; f < table.families.size(); ++f) {
      std::vector<Measured> worst;
      std::vector<Measured> mean;
      for (std::size_t d = 0; d < request.dims.size(); ++d) {
        const Sides& sides = all[f * request.dims.size() + d];
        worst.push_back(sides.worst[s]);
        mean.push_back(sides.mean[s]);
      }
      if (plans[s].worst) {
        step.worst.push_back(power_of(table.families[f].id, request.dims, worst));
      }
      if (plans[s].mean) {
        step.mean.push_back(power_of(table.families[f].id, request.dims, mean));
      }
    }
    table.steps.push_back(std::move(step));
  }
  run_down(table);
  return table;
}

}  // namespace lemmabench
