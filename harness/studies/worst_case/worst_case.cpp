#include "harness/studies/worst_case/worst_case.hpp"

#include <algorithm>
#include <cmath>

#include "harness/io/progress.hpp"
#include "harness/law/law.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/studies/worst_case/search.hpp"
#include "numerics/parallel.hpp"
#include "theory/process/natural_scale.hpp"

namespace lemmabench {
namespace {

/// Laws of a search whose error is not below this part of TV say nothing.
constexpr double kResolved = 0.01;
constexpr long kCheapFactor = 8;
/// The order in d is looked for only where TV is at least this part of the largest one found: a TV
/// that happens to vanish at one d has every order.
constexpr double kLeastPart = 0.1;

std::optional<WorstExponent> exponent_between(const Quantity& a, const Quantity& b, double from,
                                              double to) {
  const std::optional<Quantity> exponent = local_exponent(a, b, to / from);
  return exponent ? std::optional(WorstExponent{from, to, *exponent}) : std::nullopt;
}

class FamilySearch {
 public:
  FamilySearch(const WorstCaseRequest& request, const TargetFamily& family, StoredLaws& laws)
      : request_(request), family_(family), laws_(laws) {}

  WorstSearch constant(long dim) const;
  /// `least` is the smallest TV in `dim` that counts.
  WorstSearch exponent(long dim, long other, double least) const;

 private:
  LawRequest law_request(const std::string& target, long steps,
                         const LawArithmetic& arithmetic = {}) const;
  /// TV of a member while searching; what prevents it is noted in `search`.
  std::optional<double> total_variation(const std::vector<double>& unit, long dim,
                                        WorstSearch& search) const;
  WorstInstance measured(const std::vector<double>& unit, long dim) const;
  std::optional<Quantity> tv_at(const WorstInstance& instance, long dim) const;
  /// The order in d of an instance between its d and `other`.
  std::optional<WorstExponent> measured_exponent(const WorstInstance& instance, long other) const;
  void measure_rungs(WorstInstance& instance) const;
  void measure_start(WorstInstance& instance) const;
  long budget() const { return family_.cheap ? kCheapFactor * request_.budget : request_.budget; }

  const WorstCaseRequest& request_;
  const TargetFamily& family_;
  StoredLaws& laws_;
};

LawRequest FamilySearch::law_request(const std::string& target, long steps,
                                     const LawArithmetic& arithmetic) const {
  LawRequest out;
  out.target = target;
  out.sampler = request_.sampler;
  out.schedule = request_.schedule;
  out.steps = steps;
  out.start = Start::exact;
  out.arithmetic = arithmetic;
  return out;
}

std::optional<double> FamilySearch::total_variation(const std::vector<double>& unit, long dim,
                                                    WorstSearch& search) const {
  const FamilyMember member = family_.member(family_.values(unit), dim);
  if (!(member.second_moment <= static_cast<double>(request_.steps))) {
    ++search.rejected;
    return std::nullopt;
  }
  const LawArithmetic arithmetic =
      member.target.starts_with("gaussian") ? LawArithmetic::in_double() : LawArithmetic::ball();
  const StoreCell cell = laws_.cell(law_request(member.target, request_.steps, arithmetic));
  const std::optional<LawResult> law = law_of(cell);
  if (!law) {
    ++search.refusals[cell.result];
    return std::nullopt;
  }
  const double tv = law->tv.value();
  if (!(law->tv.error() <= kResolved * tv)) {
    ++search.refusals["total variation below a hundred times its error estimate"];
    return std::nullopt;
  }
  return tv;
}

WorstSearch FamilySearch::constant(long dim) const {
  WorstSearch out;
  out.dim = dim;
  // At fixed d and T the constant and TV are largest together.
  const SearchOutcome found = maximise(
      [&](const std::vector<double>& unit) -> std::optional<double> {
        const std::optional<double> tv = total_variation(unit, dim, out);
        return tv ? std::optional(std::log(*tv)) : std::nullopt;
      },
      family_.parameters.size(), budget());
  out.evaluations = found.evaluations;
  if (!found.point.empty()) {
    out.worst = measured(found.point, dim);
  }
  return out;
}

WorstSearch FamilySearch::exponent(long dim, long other, double least) const {
  WorstSearch out;
  out.dim = dim;
  out.other_dim = other;
  const double log_ratio = std::log(static_cast<double>(other) / static_cast<double>(dim));
  const SearchOutcome found = maximise(
      [&](const std::vector<double>& unit) -> std::optional<double> {
        const std::optional<double> here = total_variation(unit, dim, out);
        if (!here || *here < least) {
          return std::nullopt;
        }
        const std::optional<double> there = total_variation(unit, other, out);
        return there ? std::optional(std::log(*there / *here) / log_ratio) : std::nullopt;
      },
      family_.parameters.size(), std::max(1L, budget() / 2));  // two laws each
  out.evaluations = found.evaluations;
  if (!found.point.empty()) {
    out.worst = measured(found.point, dim);
    out.exponent = measured_exponent(*out.worst, other);
  }
  return out;
}

WorstInstance FamilySearch::measured(const std::vector<double>& unit, long dim) const {
  WorstInstance out;
  out.values = family_.values(unit);
  out.dim = dim;
  const FamilyMember member = family_.member(out.values, dim);
  out.target = member.target;
  out.second_moment = member.second_moment;
  out.moment_exponent = std::log(member.second_moment * static_cast<double>(dim)) /
                        std::log(static_cast<double>(request_.steps));
  measure_rungs(out);
  if (2 * dim <= family_.most_dim) {
    out.tv_doubled = tv_at(out, 2 * dim);
    out.dim_exponent = measured_exponent(out, 2 * dim);
  }
  measure_start(out);
  return out;
}

void FamilySearch::measure_rungs(WorstInstance& instance) const {
  std::vector<ScalingPoint> points;
  for (long rung = 0; rung < (family_.cheap ? 5 : 3); ++rung) {
    const long steps = request_.steps << rung;
    const auto law = laws_.law(law_request(instance.target, steps));
    if (!law) {
      continue;
    }
    instance.rungs.push_back({steps, law->tv, implied_constant(law->tv, instance.dim, steps)});
    points.push_back(scaling_point(steps, law->tv));
  }
  for (std::size_t i = 1; i < instance.rungs.size(); ++i) {
    const WorstRung& a = instance.rungs[i - 1];
    const WorstRung& b = instance.rungs[i];
    // In 1/T, so that an error that falls like T^-2 has order 2.
    auto found = exponent_between(a.tv, b.tv, 1 / static_cast<double>(a.steps),
                                  1 / static_cast<double>(b.steps));
    if (found) {
      found->from = static_cast<double>(a.steps);
      found->to = static_cast<double>(b.steps);
      instance.step_exponents.push_back(*found);
    }
  }
  if (points.size() >= kLeastFitPoints) {
    instance.fit = fit_exponent(points, natural_model(request_.schedule));
  }
}

std::optional<Quantity> FamilySearch::tv_at(const WorstInstance& instance, long dim) const {
  const FamilyMember member = family_.member(instance.values, dim);
  const auto law = laws_.law(law_request(member.target, request_.steps));
  return law ? std::optional(law->tv) : std::nullopt;
}

std::optional<WorstExponent> FamilySearch::measured_exponent(const WorstInstance& instance,
                                                             long other) const {
  const std::optional<Quantity> tv = tv_at(instance, other);
  if (!tv || instance.rungs.empty()) {
    return std::nullopt;
  }
  return exponent_between(instance.rungs.front().tv, *tv, static_cast<double>(instance.dim),
                          static_cast<double>(other));
}

void FamilySearch::measure_start(WorstInstance& instance) const {
  LawRequest request = law_request(instance.target, request_.steps);
  request.start = Start::gaussian;
  const auto law = laws_.law(request);
  if (!law) {
    return;
  }
  instance.total = law->tv;
  instance.initialisation = law->parts.initialisation.value();
}

/// One unit of work of the first round, and where its result belongs.
struct Job {
  std::size_t family;
  std::size_t search;
};

void search_constants(const WorstCaseRequest& request, StoredLaws& laws, int jobs,
                      WorstCaseResult& out) {
  std::vector<Job> all;
  for (std::size_t f = 0; f < out.families.size(); ++f) {
    const TargetFamily& family = worst_case_family(out.families[f].id);
    for (const long dim : request.dims) {
      if (dim >= family.least_dim && dim <= family.most_dim) {
        all.push_back({f, out.families[f].constants.size()});
        out.families[f].constants.push_back({});
        out.families[f].constants.back().dim = dim;
      }
    }
  }
  ProgressBar progress("searches", all.size());
  parallel_for(all.size(), jobs, [&](std::size_t i) {
    WorstFamily& family = out.families[all[i].family];
    WorstSearch& search = family.constants[all[i].search];
    search = FamilySearch(request, worst_case_family(family.id), laws).constant(search.dim);
    progress.advance();
  });
}

/// The largest TV that a search found at its T.
const Quantity* largest(const WorstSearch& search) {
  return search.worst && !search.worst->rungs.empty() ? &search.worst->rungs.front().tv : nullptr;
}

void add_envelope(WorstFamily& family) {
  for (std::size_t i = 1; i < family.constants.size(); ++i) {
    const Quantity* a = largest(family.constants[i - 1]);
    const Quantity* b = largest(family.constants[i]);
    if (a != nullptr && b != nullptr) {
      const auto found = exponent_between(*a, *b, static_cast<double>(family.constants[i - 1].dim),
                                          static_cast<double>(family.constants[i].dim));
      if (found) {
        family.envelope.push_back(*found);
      }
    }
  }
}

void search_exponents(const WorstCaseRequest& request, StoredLaws& laws, int jobs,
                      WorstCaseResult& out) {
  ProgressBar progress("searches of the order in d", out.families.size());
  parallel_for(out.families.size(), jobs, [&](std::size_t i) {
    WorstFamily& family = out.families[i];
    const std::size_t n = family.constants.size();
    if (n >= 2 && largest(family.constants[n - 2]) != nullptr) {
      const WorstSearch& here = family.constants[n - 2];
      family.dim_exponent =
          FamilySearch(request, worst_case_family(family.id), laws)
              .exponent(here.dim, family.constants[n - 1].dim, kLeastPart * largest(here)->value());
    }
    progress.advance();
  });
}

}  // namespace

LawFunction exact_start_laws(const std::optional<ChildLimits>& guard) {
  return [guard](const LawRequest& request) {
    LawOptions options;
    options.threads = 1;  // searches run side by side
    options.decomposition = request.start == Start::gaussian;
    options.guard = guard;
    return compute_law(request, options);
  };
}

Quantity implied_constant(const Quantity& tv, long dim, long steps) {
  const auto d = static_cast<double>(dim);
  const auto t = static_cast<double>(steps);
  const double factor =
      t * t / (std::pow(d, 2.5) * std::pow(std::log(t), static_cast<double>(kWorstLogPower)));
  // Two powers and a logarithm: a few units in the last place, ten at most.
  return tv * Quantity::computed(factor, 1e-15 * factor);
}

std::optional<Quantity> local_exponent(const Quantity& a, const Quantity& b, double ratio) {
  if (!(a.value() > a.error() && b.value() > b.error())) {
    return std::nullopt;
  }
  const double order = std::log(b.value() / a.value()) / std::log(ratio);
  const double error = -(std::log1p(-a.error() / a.value()) + std::log1p(-b.error() / b.value()));
  return Quantity::computed(order, (error + 1e-15) / std::abs(std::log(ratio)));
}

WorstCaseResult find_worst_cases(const WorstCaseRequest& request, StoredLaws& laws, int jobs) {
  WorstCaseResult out;
  out.request = request;
  out.request.sampler = canonical_sampler(request.sampler, "--sampler");
  for (const std::string& id : request.families) {
    out.families.push_back({});
    out.families.back().id = worst_case_family(id).id;
  }
  const WorstCaseRequest canonical = out.request;
  search_constants(canonical, laws, jobs, out);
  for (WorstFamily& family : out.families) {
    add_envelope(family);
  }
  search_exponents(canonical, laws, jobs, out);
  return out;
}

}  // namespace lemmabench
