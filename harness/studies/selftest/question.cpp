#include "harness/studies/selftest/question.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "cases/spec.hpp"
#include "harness/studies/selftest/random_cases.hpp"

namespace lemmabench {

const std::vector<QuestionKind>& question_kinds() {
  static const std::vector<QuestionKind> kAll = [] {
    std::vector<QuestionKind> all;
    for (auto kinds :
         {gaussian_kinds(), line_kinds(), engine_kinds(), sampler_kinds(), library_kinds()}) {
      std::move(kinds.begin(), kinds.end(), std::back_inserter(all));
    }
    return all;
  }();
  return kAll;
}

const QuestionKind& question_kind(std::string_view id, std::string_view origin) {
  std::vector<std::string> known;
  for (const QuestionKind& kind : question_kinds()) {
    if (kind.id == id) {
      return kind;
    }
    known.emplace_back(kind.id);
  }
  throw_unknown_name(origin, "kind of question", id, known,
                     "`lemmabench selftest --kinds` shows all");
}

Question two_asks(const Ask& first, const std::function<void(Ask&)>& change, SpectrumOrder order) {
  Question out;
  out.asks = {first, first};
  change(out.asks[1]);
  out.compare = [order](const std::vector<Reply>& replies) {
    return same_law(replies[0].result, replies[1].result, order);
  };
  return out;
}

Ask random_ask(Dice& dice, std::string target, long most_steps) {
  Ask ask;
  ask.request.target = std::move(target);
  ask.request.steps = random_steps(dice, most_steps);
  ask.request.schedule = random_schedule(dice, ask.request.steps);
  ask.request.sampler = random_sampler_on(dice, ask.request.schedule, ask.request.steps);
  ask.request.start = dice.chance(25) ? Start::exact : Start::gaussian;
  return ask;
}

}  // namespace lemmabench
