#include "harness/studies/heavy_tails/heavy_tails.hpp"

#include <fmt/format.h>

#include <cmath>

#include "harness/io/progress.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/records/request_text.hpp"
#include "numerics/adaptive_precision.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"
#include "theory/bounds/bounds.hpp"
#include "theory/initialisation/initial_total_variation.hpp"
#include "theory/initialisation/standard_normal_distance.hpp"
#include "theory/radial/typical_mass.hpp"
#include "theory/targets/radial_law.hpp"

namespace lemmabench {
namespace {

/// Of the balls: KL goes down to 1e-15 and is wanted to several digits.
constexpr long kBits = 192;

class RowStudy {
 public:
  RowStudy(const HeavyTailRequest& request, HeavyTailRow& row)
      : request_(request), row_(row), scope_(kBits) {}

  void run() {
    describe();
    std::vector<ScalingPoint> points;
    for (const long steps : request_.steps) {
      const Schedule<Ball> schedule(request_.schedule, static_cast<int>(steps));
      add_start(schedule);
      points.push_back(scaling_point(steps, row_.starts.back().tv));
      for (const long t : {1L, (steps + 1) / 2, steps}) {
        add_mass(schedule, t);
      }
    }
    row_.start_order = fit_exponent(points, ScalingModel::power);
  }

 private:
  void describe();
  void add_start(const Schedule<Ball>& schedule);
  void add_mass(const Schedule<Ball>& schedule, long t);

  const HeavyTailRequest& request_;
  HeavyTailRow& row_;
  PrecisionScope scope_;
};

void RowStudy::describe() {
  const double c0 = request_.schedule.c0.to_double();
  row_.derived_order = c0 * std::min(1.0, 0.5 * row_.nu.to_double());
  row_.applicable = Rational(2) < row_.nu;
  if (row_.applicable) {
    row_.second_moment = Proved{Ball(row_.nu / (row_.nu - Rational(2)))};
  } else {
    row_.reason = fmt::format("A2 fails: E||X_0||^2 is infinite for nu = {}", row_.nu.text());
  }
}

Judgement not_applicable(const HeavyTailRow& row) {
  return {Verdict::not_applicable, row.reason, Evidence::proved};
}

/// Digits after the point that show a KL of the size of abar^2.
long digits_for(const Level<Ball>& last) {
  return static_cast<long>(-2 * std::log10(last.abar.to_double())) + 10;
}

void RowStudy::add_start(const Schedule<Ball>& schedule) {
  const Level<Ball>& last = schedule.level(schedule.steps());
  HeavyTailStart start;
  start.steps = schedule.steps();
  start.tv = initial_total_variation(row_.dim, student_scale(row_.nu.to_double()),
                                     {last.abar.to_double(), last.noise.to_double()});
  start.judgement = not_applicable(row_);
  if (row_.applicable) {
    const Ball dim(row_.dim);
    const StudentMarginal marginal(row_.dim, row_.nu, last);
    const Ball bound = initial_kl_bound(last, dim * row_.second_moment->enclosure(), dim);
    start.kl = Proved{kl_to_standard_normal(marginal, digits_for(last))};
    start.kl_bound = Proved{bound};
    start.tv_bound = Proved{sqrt(bound / 2)};
    start.judgement = at_most(*start.kl, *start.kl_bound);
  }
  row_.starts.push_back(std::move(start));
}

void RowStudy::add_mass(const Schedule<Ball>& schedule, long t) {
  const StudentMarginal marginal(row_.dim, row_.nu, schedule.level(static_cast<int>(t)));
  const Ball typical = Ball(request_.theta) * Ball(row_.dim) * log(Ball(schedule.steps()));
  HeavyTailMass mass;
  mass.steps = schedule.steps();
  mass.t = t;
  mass.judgement = not_applicable(row_);
  try {
    mass.outside = Proved{mass_outside_typical(marginal, typical)};
  } catch (const NumericalFailure& failure) {
    if (row_.applicable) {
      mass.judgement = {Verdict::inconclusive, failure.what(), Evidence::proved};
    }
  }
  if (row_.applicable) {
    mass.bound = Proved{
        typical_mass_bound(marginal.second_moment(), row_.dim, request_.theta, schedule.steps())};
    if (mass.outside) {
      mass.judgement = at_most(*mass.outside, *mass.bound);
    }
  }
  row_.masses.push_back(std::move(mass));
}

HeavyTailLaw measured(const HeavyTailRequest& request, const HeavyTailRow& row, long steps,
                      StoredLaws& laws) {
  LawRequest question;
  question.target = fmt::format("student-t:dim={},nu={}", row.dim, row.nu.text());
  question.sampler = request.sampler;
  question.schedule = request.schedule;
  question.steps = steps;
  HeavyTailLaw out;
  out.steps = steps;
  out.command = command_text(question);
  const StoreCell cell = laws.cell(question);
  const std::optional<LawResult> law = law_of(cell);
  if (!law) {
    out.failure = cell.result;
    return out;
  }
  out.total = law->tv;
  out.initialisation = law->parts.initialisation.value();
  out.discretisation = law->parts.discretisation.value();
  return out;
}

std::vector<Rational> degrees(std::initializer_list<const char*> texts) {
  std::vector<Rational> out;
  for (const char* text : texts) {
    out.push_back(Rational::parse(text, "nu"));
  }
  return out;
}

}  // namespace

HeavyTailRequest full_heavy_tails() {
  HeavyTailRequest out;
  out.nus = degrees({"10", "4", "3", "2.5", "2.2", "2.1", "2.05", "2", "1.9"});
  out.dims = {10, 64};
  out.steps = {128, 256, 512, 1024, 2048};
  out.law_steps = {128, 256};
  return out;
}

HeavyTailRequest quick_heavy_tails() {
  HeavyTailRequest out;
  out.nus = degrees({"3", "2.1", "2", "1.9"});
  out.dims = {10};
  out.steps = {128, 256, 512, 1024};
  out.law_steps = {};
  return out;
}

HeavyTailResult study_heavy_tails(const HeavyTailRequest& request, StoredLaws& laws, int jobs) {
  HeavyTailResult out;
  out.request = request;
  out.request.sampler = canonical_sampler(request.sampler, "--sampler");
  for (const long dim : request.dims) {
    for (const Rational& nu : request.nus) {
      HeavyTailRow row;
      row.nu = nu;
      row.dim = dim;
      row.laws.resize(request.law_steps.size());
      out.rows.push_back(std::move(row));
    }
  }
  const std::size_t each = request.law_steps.size();
  ProgressBar progress("laws", out.rows.size() * (each + 1));
  parallel_for(out.rows.size(), jobs, [&](std::size_t i) {
    RowStudy(out.request, out.rows[i]).run();
    progress.advance();
  });
  parallel_for(out.rows.size() * each, jobs, [&](std::size_t i) {
    HeavyTailRow& row = out.rows[i / each];
    row.laws[i % each] = measured(out.request, row, request.law_steps[i % each], laws);
    progress.advance();
  });
  return out;
}

}  // namespace lemmabench
