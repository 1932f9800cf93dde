#include "cases/parse_schedule.hpp"
#include "fuzz/one_input.hpp"

namespace {

/// Schedules whose refusal searches for a number of steps that works up to the 10 million allowed,
/// or that pick from up to a million levels of training: right, but seconds under a sanitizer.
bool slow(const lemmabench::ScheduleKind& kind) {
  using namespace lemmabench;
  if (const auto* li_cai = std::get_if<LiCaiSchedule>(&kind)) {
    return li_cai->c1 > Rational(1000);
  }
  if (const auto* two_phase = std::get_if<TwoPhaseSchedule>(&kind)) {
    return two_phase->c1 > Rational(1000);
  }
  long training = 0;
  if (const auto* scaled = std::get_if<ScaledLinearSchedule>(&kind)) {
    training = scaled->train.levels;
  } else if (const auto* linear = std::get_if<LinearSchedule>(&kind)) {
    training = linear->train.levels;
  } else if (const auto* cosine = std::get_if<CosineSchedule>(&kind)) {
    training = cosine->train.levels;
  }
  if (training > 10000) {
    return true;
  }
  const auto* logit = std::get_if<LogitSchedule>(&kind);
  return logit != nullptr && logit->to - logit->from > Rational(1000);
}

}  // namespace

/// Schedules: read, read back, and built for a few steps in double and in balls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench;
  using namespace lemmabench::fuzz;
  const std::string_view text = text_of(data, size);
  answers_or_refuses([&] {
    const ScheduleKind kind = make_schedule(text, "--schedule");
    require_reads_back(lemmabench::text(kind), [](const std::string& again) {
      return lemmabench::text(make_schedule(again, "--schedule"));
    });
    if (slow(kind)) {
      return;
    }
    for (const long steps : {2L, 100L}) {
      answers_or_refuses([&] {
        const Schedule<double> schedule(kind, steps);
        for (int t = 1; t <= schedule.steps(); ++t) {
          const Level<double>& level = schedule.level(t);
          require(level.abar >= 0 && level.noise >= 0 && level.abar <= 1 && level.noise <= 1,
                  "a level outside [0, 1], or NaN");
        }
      });
      answers_or_refuses([&] { const Schedule<Ball> schedule(kind, steps); });
    }
  });
  return 0;
}
