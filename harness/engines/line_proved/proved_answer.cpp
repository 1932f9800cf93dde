#include "harness/engines/line_proved/proved_answer.hpp"

#include <fmt/format.h>

#include <utility>

#include "numerics/ball_functions.hpp"
#include "theory/process/forward.hpp"

namespace lemmabench {
namespace {

/// What is not known is nothing that is proved.
Quantity not_proved(const char* what) {
  return Quantity::unknown(
      Evidence::computed,
      fmt::format("on mixtures total variations and Hellinger distances are proved, and no {}",
                  what));
}

}  // namespace

LawResult proved_answer(std::string arithmetic, long score_calls) {
  LawResult out;
  out.engine = "line";
  out.arithmetic = std::move(arithmetic);
  out.dim = 1;
  out.score_calls = score_calls;
  out.kl_pq = not_proved("KL");
  out.kl_qp = not_proved("KL");
  out.hellinger = not_proved("Hellinger distance where the last steps are bounded");
  return out;
}

Quantity proved_early_stopping_bound(const CoordinateLaw& law, const Schedule<Ball>& schedule) {
  return Proved{
      sqrt(early_stopping_w2_squared_bound(schedule.level(1), Ball(law.second_moment()), 1))};
}

void note_missed_width(LawResult& result, double width) {
  if (result.tv.error() * 2 > width) {
    result.notes.push_back(
        fmt::format("the total variation is known to a length of {:.1e}, more than the {:.1e} that "
                    "was asked for",
                    2 * result.tv.error(), width));
  }
}

}  // namespace lemmabench
