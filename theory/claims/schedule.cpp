#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "theory/claims/claim.hpp"
#include "theory/claims/schedule_levels.hpp"

/// Claims S1..S4: the schedule of Li & Cai (theory.md sections 1 and 6).
namespace lemmabench {
namespace {

std::string not_li_cai(const Case& subject) {
  return std::holds_alternative<LiCaiSchedule>(subject.schedule()->schedule)
             ? ""
             : "the schedule is not that of Li & Cai";
}

std::string without_rates(const Case& subject) {
  return schedule_rates(subject.schedule()->schedule) ? "" : "the schedule has no c0 and c1";
}

std::string small_ratio(const Case& subject) {
  const auto rates = schedule_rates(subject.schedule()->schedule);
  if (!rates) {
    return "the schedule has no c0 and c1";
  }
  const Rational ratio = rates->c1 / rates->c0;
  return ratio > Rational(4) ? "" : fmt::format("c1/c0 = {} is not above 4", ratio.text());
}

/// What the claims on schedule_ladder() cover.
Coverage every_level_of(const std::vector<long>& steps) {
  return Coverage::instances(static_cast<long>(steps.size()), "values of T, every t");
}
constexpr const char* kCoversSteps =
    "instances: the least T, 256, 1024, 4096 (full suite: 16384); every t";

/// A ladder of T from the least T with h_t < 1/2 on.
std::vector<long> schedule_ladder(const Trial& trial) {
  std::vector<long> out{least_steps(trial.subject().schedule()->schedule)};
  for (const long steps : {256L, 1024L, 4096L, 16384L}) {
    if (steps > out.back() && (steps <= 4096 || trial.effort().full)) {
      out.push_back(steps);
    }
  }
  return out;
}

/// S1. Left from the recursion on abar alone (1-abar by subtraction), right from L and the closed
/// forms.
Coverage three_consequences(const Trial& trial, Comparisons& out) {
  const ScheduleKind& kind = trial.subject().schedule()->schedule;
  const Ball factor = trial.ball("factor");
  for (const long steps : schedule_ladder(trial)) {
    const std::vector<Ball> abar = li_cai_levels(*schedule_rates(kind), steps);
    const Ball l = step_size(*schedule_rates(kind), steps);
    for (long t = 2; t <= steps; ++t) {
      const Ball& a = abar[static_cast<std::size_t>(t)];
      const Ball& before = abar[static_cast<std::size_t>(t) - 1];
      const Ball noise = 1 - a;
      const Ball b = 1 - a / before;
      const Ball h = b / noise;
      const Ball closed = factor * l / (1 + l * noise);
      out.equal(b, closed * noise, closed * noise, 1e-9,
                {.part = "1-alpha_t", .steps = steps, .t = t});
      out.equal(h, closed, closed, 1e-9, {.part = "h_t", .steps = steps, .t = t});
      out.at_most(h, l, {.part = "h_t <= L", .steps = steps, .t = t});
      const Ball next = noise * (1 - factor * l * a);
      out.equal(1 - before, next, next, 1e-9, {.part = "1-abar_{t-1}", .steps = steps, .t = t});
    }
  }
  return every_level_of(schedule_ladder(trial));
}

/// S2. b_t against A c1 log T/T; the smallest A is the largest b_t T/(c1 log T).
Coverage step_bound(const Trial& trial, Comparisons& out) {
  const ScheduleKind& kind = trial.subject().schedule()->schedule;
  for (const long steps : schedule_ladder(trial)) {
    const Schedule<Ball> schedule(kind, steps);
    const Ball l = step_size(*schedule_rates(kind), steps);
    for (int t = 2; t <= schedule.steps(); ++t) {
      const Place place{.steps = steps, .t = t};
      out.at_most(schedule.b(t), trial.ball("constant") * l, place);
      out.smallest_constant(schedule.b(t), l, place);
    }
  }
  return every_level_of(schedule_ladder(trial));
}

/// The statement is about some T on, so that the largest T tried cannot refute it by itself: it
/// does when the gap widens there, log_2 of 1-abar_1 at T/2 and at T falling short of the exponent.
Judgement gap_at_the_end(const std::vector<long>& all,
                         const std::vector<std::pair<Ball, Ball>>& sides) {
  const std::size_t last = all.size() - 1;
  const Ball before = sides[last - 1].first / sides[last - 1].second;
  const Ball after = sides[last].first / sides[last].second;
  const bool widens = before.less_than(after) == Truth::certainly;
  return {widens ? Verdict::violated : Verdict::inconclusive,
          widens ? "left exceeds right, and by more the larger T is"
                 : "left exceeds right still at the largest T tried, by less the larger T is",
          Evidence::computed};
}

/// S3. 1-abar_1 <= T^{-e} with e = c1/4 is asked of every T up to a limit; the claim (which takes
/// c0, c1 "large enough") holds from the least T after which no T up to the limit fails.
Coverage first_level(const Trial& trial, Comparisons& out) {
  const ScheduleRates rates = *schedule_rates(trial.subject().schedule()->schedule);
  const Rational exponent = rates.c1 * trial.number("exponent");
  std::vector<long> all;
  for (long steps = 3; steps <= trial.pick(600L, 2000L); ++steps) {
    all.push_back(steps);
  }
  for (const long steps : {1024L, 2048L, 4096L}) {
    if (steps > all.back()) {
      all.push_back(steps);
    }
  }
  long holds_from = all.front();
  std::vector<std::pair<Ball, Ball>> sides;
  for (const long steps : all) {
    const Ball noise = li_cai_first_noise(rates, steps);
    const Ball bound = exp(-Ball(exponent) * log(Ball(steps)));
    if (noise.less_than(bound) != Truth::certainly) {
      holds_from = steps + 1;
    }
    sides.emplace_back(noise, bound);
  }
  long compared = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (all[k] >= holds_from) {
      out.at_most(sides[k].first, sides[k].second, {.steps = all[k], .t = 1});
      ++compared;
    }
  }
  if (compared == 0) {
    out.judged(gap_at_the_end(all, sides), Proved{sides.back().first}, Proved{sides.back().second},
               -log(sides.back().first / sides.back().second).to_double(),
               {.steps = all.back(), .t = 1});
    compared = 1;
  }
  if (holds_from <= all.back()) {
    out.note(fmt::format("holds from T = {} on (every T to {}, then 1024, 2048, 4096)", holds_from,
                         trial.pick(600L, 2000L)));
  }
  const Ball reached = -log(sides.back().first) / log(Ball(all.back()));
  out.note(fmt::format("1-alpha_1 = T^-{} at T = {}; the claim asks for T^-{}",
                       to_decimal(reached, 5).value, all.back(), exponent.text()));
  return Coverage::instances(compared, "values of T");
}

/// S4, all five inequalities for every t.
Coverage neighbours(const Trial& trial, Comparisons& out) {
  const ScheduleKind& kind = trial.subject().schedule()->schedule;
  const Ball constant = trial.ball("constant");
  const Ball snr_factor = trial.ball("snr factor");
  for (const long steps : schedule_ladder(trial)) {
    const Schedule<Ball> schedule(kind, steps);
    const Ball l = step_size(*schedule_rates(kind), steps);
    for (int t = 2; t <= schedule.steps(); ++t) {
      const Ball& noise = schedule.level(t).noise;
      const Ball& before = schedule.level(t - 1).noise;
      const Ball b = schedule.b(t);
      // h_t <= b_t/(1-abar_{t-1}) is 1-abar_{t-1} <= 1-abar_t, with difference b_t abar_{t-1}.
      const auto place = [&](std::string_view part) {
        return Place{.part = part, .steps = steps, .t = t};
      };
      out.at_most(schedule.h(t), b / before, place("h_t <= b_t/(1-abar_{t-1})"));
      out.at_most(b / before, constant * l, place("b_t/(1-abar_{t-1}) <= A c1 log T/T"));
      out.smallest_constant(b / before, l, place("b_t/(1-abar_{t-1})"));
      out.at_most(before, noise, place("1 <= (1-abar_t)/(1-abar_{t-1})"));
      out.at_most(noise / before, 1 + constant * l, place("(1-abar_t)/(1-abar_{t-1})"));
      const Ball snr = schedule.level(t).snr();
      const Ball snr_before = schedule.level(t - 1).snr();
      out.at_most(snr, snr_before, place("snr_{t} <= snr_{t-1}"));
      out.at_most(snr_before, snr_factor * snr, place("snr_{t-1} <= B snr_t"));
    }
  }
  return every_level_of(schedule_ladder(trial));
}

Claim claim_s1() {
  return {.id = "S1",
          .title = "Exact consequences of the recursion",
          .domain = ClaimDomain::schedules,
          .kind = ClaimKind::identity,
          .statement =
              "1-alpha_t = L(1-abar_t)/(1+L(1-abar_t)); h_t = L/(1+L(1-abar_t)) <= L; "
              "1-abar_{t-1} = (1-abar_t)(1 - L abar_t), for t = 2..T",
          .latex = R"(1-\alpha_t=\frac{L(1-\bar\alpha_t)}{1+L(1-\bar\alpha_t)},\quad )"
                   R"(h_t=\frac{L}{1+L(1-\bar\alpha_t)}\le L,\quad )"
                   R"(1-\bar\alpha_{t-1}=(1-\bar\alpha_t)(1-L\bar\alpha_t))",
          .symbols = "L = c1 log T/T, h_t = (1-alpha_t)/(1-abar_t)",
          .source = Source::derived,
          .reference = "theory.md section 1, from the schedule of Li & Cai (GMM eq. (12))",
          .left =
              "the recursion abar_{t-1} = abar_t + L abar_t(1-abar_t) in balls, alpha_t and "
              "1-abar_t from abar alone, for every t",
          .right = "the closed forms in L and abar_t, in balls",
          .falsifier = "a t at which the enclosures of the two sides are disjoint, or h_t > L",
          .hypotheses = {{"the schedule of Li & Cai", not_li_cai}},
          .parameters = {{"factor", "1", "of L in the closed forms"}},
          .controls = {{"L(1 + 1e-6) in place of L", "li-cai:c0=2,c1=9", {{"factor", "1.000001"}}}},
          .covers = kCoversSteps,
          .evaluate = three_consequences};
}

Claim claim_s2() {
  return {.id = "S2",
          .title = "Steps are small",
          .domain = ClaimDomain::schedules,
          .kind = ClaimKind::inequality,
          .statement = "b_t = 1-alpha_t <= c1 log T/T for t = 2..T",
          .latex = R"(1-\alpha_t\le\frac{c_1\log T}{T},\qquad t\ge 2)",
          .symbols = "b_t = 1-alpha_t",
          .source = Source::quoted,
          .reference = "GMM (2504.05300) Lemma 1, which cites LC App. B.1; theory.md section 6",
          .left = "b_t = h_t(1-abar_t) of the schedule in balls, for every t",
          .right = "A c1 log T/T with A = 1",
          .falsifier = "a t with b_t > c1 log T/T",
          .hypotheses = {{"the schedule of Li & Cai", not_li_cai}},
          .parameters = {{"constant", "1", "A"}},
          .controls = {{"A = 0.98: b_t reaches 0.9817 of c1 log T/T at T = 4096",
                        "li-cai:c0=2,c1=9",
                        {{"constant", "0.98"}}}},
          .covers = kCoversSteps,
          .evaluate = step_bound};
}

Claim claim_s3() {
  return {.id = "S3",
          .title = "The first level is close to the data",
          .domain = ClaimDomain::schedules,
          .kind = ClaimKind::inequality,
          .statement = "1-alpha_1 <= T^{-c1/4}, from some T on",
          .latex = R"(1-\alpha_1\le T^{-c_1/4})",
          .symbols = "alpha_1 = abar_1",
          .source = Source::quoted,
          .reference = "GMM (2504.05300) Lemma 1, which cites LC App. B.1; theory.md section 6",
          .left =
              "1-abar_1 = (1-T^{-c0}) prod_{t=2..T} (1 - L abar_t) in balls, for every T up to "
              "600 (full suite: 2000) and for 1024, 2048, 4096",
          .right = "T^{-e c1} with e = 1/4",
          .falsifier = "the largest T tried with 1-alpha_1 > T^{-c1/4}",
          .hypotheses = {{"the schedule of Li & Cai", not_li_cai}, {"c1/c0 > 4", small_ratio}},
          .parameters = {{"exponent", "1/4", "e; 1-alpha_1 is about T^{-(c1-c0)}"}},
          .controls = {{"e = 8/9 where (c1-c0)/c1 = 7/9 is reached",
                        "li-cai:c0=2,c1=9",
                        {{"exponent", "8/9"}}}},
          .covers =
              "instances: every T from the least that works to 600 (full suite: 2000), and 1024, "
              "2048, 4096",
          .evaluate = first_level};
}

Claim claim_s4() {
  return {.id = "S4",
          .title = "Neighbouring levels are comparable",
          .domain = ClaimDomain::schedules,
          .kind = ClaimKind::inequality,
          .statement =
              "h_t <= b_t/(1-abar_{t-1}) <= 4 c1 log T/T; "
              "1 <= (1-abar_t)/(1-abar_{t-1}) <= 1 + 4 c1 log T/T; "
              "snr_t <= snr_{t-1} <= 4 snr_t, for t = 2..T",
          .latex =
              R"(h_t\le\frac{1-\alpha_t}{1-\bar\alpha_{t-1}}\le\frac{4c_1\log T}{T},\quad )"
              R"(1\le\frac{1-\bar\alpha_t}{1-\bar\alpha_{t-1}}\le 1+\frac{4c_1\log T}{T},\quad )"
              R"(\mathrm{snr}_t\le\mathrm{snr}_{t-1}\le 4\,\mathrm{snr}_t)",
          .symbols = "snr_t = abar_t/(1-abar_t)",
          .source = Source::quoted,
          .reference = "HO (2506.24042) Lemma 1; ODE (2408.02320) eq. (26); theory.md section 6",
          .left = "levels of the schedule in balls, every t, from the least T with h_t < 1/2 on",
          .right = "A c1 log T/T with A = 4; B snr_t with B = 4",
          .falsifier = "a t at which one of the inequalities is certainly false",
          .hypotheses = {{"a schedule with c0 and c1", without_rates}},
          .parameters = {{"constant", "4", "A"}, {"snr factor", "4", "B"}},
          .controls = {{"A = 1: b_t/(1-abar_{t-1}) exceeds L near the data",
                        "li-cai:c0=2,c1=9",
                        {{"constant", "1"}}},
                       {"B = 1.01: the signal-to-noise ratio grows faster at T = 93",
                        "li-cai:c0=2,c1=9",
                        {{"snr factor", "1.01"}}}},
          .covers = kCoversSteps,
          .evaluate = neighbours};
}

}  // namespace

std::vector<Claim> schedule_claims() { return {claim_s1(), claim_s2(), claim_s3(), claim_s4()}; }

}  // namespace lemmabench
