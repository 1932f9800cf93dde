#include "harness/studies/selftest/selftest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <regex>
#include <utility>

#include "harness/records/law_json.hpp"
#include "harness/studies/selftest/inequalities.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

using Clock = std::chrono::steady_clock;

class Run {
 public:
  Run(const SelftestOptions& options, const Answerer& answer,
      const std::function<void(const Finding&)>& observe)
      : answer_(answer), observe_(observe) {
    result_.seed = options.seed;
  }

  void ask(const QuestionKind& kind, long index) {
    kind_ = std::string(kind.id);
    index_ = index;
    findings_before_ = result_.findings.size();
    ++result_.questions;
    Dice dice(result_.seed, static_cast<std::uint64_t>(index));
    const Question question = kind.make(dice);
    ++tally().asked;
    const bool answered = question.alone ? check_alone(question) : check_laws(question);
    if (result_.findings.size() > findings_before_) {
      ++tally().disagreed;
    } else if (answered) {
      ++tally().agreed;
    } else {
      ++tally().refused;
    }
  }

  SelftestResult take() { return std::move(result_); }

 private:
  KindTally& tally() { return result_.kinds[kind_]; }

  void found(std::string what, std::vector<std::string> commands,
             std::vector<std::string> numbers = {}, double margin = 0) {
    Finding finding{kind_, index_, std::move(what), std::move(commands), std::move(numbers),
                    margin};
    if (observe_) {
      observe_(finding);
    }
    result_.findings.push_back(std::move(finding));
  }

  void refuse(const std::string& message) {
    ++result_.refusals[kind_ + ": " + refusal_reason(message)];
  }

  /// Counts what was compared; what disagrees is one finding with the worst of it first.
  void judge(const std::vector<Compared>& all, KindTally& tally, const std::string& relation,
             std::vector<std::string> commands) {
    const Compared* worst = nullptr;
    long disagreeing = 0;
    for (const Compared& one : all) {
      tally.worst_margin = std::max(tally.worst_margin, one.margin);
      ++tally.numbers;
      if (!one.agrees) {
        ++disagreeing;
        worst = worst == nullptr || one.margin > worst->margin ? &one : worst;
      }
    }
    if (worst == nullptr) {
      return;
    }
    std::string what = relation + worst->what;
    if (disagreeing > 1) {
      what += fmt::format(" (and {} more)", disagreeing - 1);
    }
    found(std::move(what), std::move(commands), {worst->left, worst->right}, worst->margin);
  }

  /// False if it was refused.
  bool check_alone(const Question& question) {
    try {
      judge(question.alone(), tally(), "", {question.subject});
    } catch (const InputError& error) {
      refuse(error.what());
      return false;
    } catch (const NumericalFailure& error) {
      refuse(error.what());
      return false;
    } catch (const std::exception& error) {
      found(fmt::format("crashed: {}", error.what()), {question.subject});
    }
    return true;
  }

  bool check_laws(const Question& question) {
    std::vector<Reply> replies;
    std::vector<std::string> commands;
    for (const Ask& ask : question.asks) {
      commands.push_back(command_of(ask));
      Answer answer = answer_(ask);
      if (answer.end == Answer::End::refused) {
        refuse(answer.text);
        return false;
      }
      if (answer.end != Answer::End::answered) {
        const bool slow = answer.end == Answer::End::slow;
        found(slow ? answer.text : "crashed: " + answer.text, {commands.back()});
        return true;
      }
      try {
        replies.push_back({answer.text, law_from_json(answer.text, "the answer")});
        check_inside(replies.back().result, commands.back());
      } catch (const std::exception& error) {
        found(fmt::format("an answer that cannot be read: {}", error.what()), {commands.back()});
        return true;
      }
    }
    try {
      judge(question.compare(replies), tally(), "", commands);
    } catch (const std::exception& error) {
      found(fmt::format("answers that cannot be compared: {}", error.what()), commands);
    }
    return true;
  }

  void check_inside(const LawResult& law, const std::string& command) {
    KindTally& inside = result_.kinds[kInsideOneLaw];
    const std::size_t before = result_.findings.size();
    ++inside.asked;
    judge(inequalities(law), inside, "inside one law: ", {command});
    ++(result_.findings.size() > before ? inside.disagreed : inside.agreed);
  }

  const Answerer& answer_;
  const std::function<void(const Finding&)>& observe_;
  SelftestResult result_;
  std::string kind_;
  long index_ = 0;
  std::size_t findings_before_ = 0;
};

}  // namespace

SelftestResult run_selftest(const SelftestOptions& options, const Answerer& answer,
                            const std::function<void(const Finding&)>& observe) {
  const std::vector<QuestionKind>& kinds = question_kinds();
  if (!options.only.empty()) {
    question_kind(options.only, "--only");
  }
  const auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                           std::chrono::duration<double>(options.seconds));
  Run run(options, answer, observe);
  long asked = 0;
  for (long k = options.question.value_or(0);; ++k) {
    const bool late = options.seconds > 0 && Clock::now() >= deadline;
    if (late || (options.count > 0 && asked >= options.count)) {
      break;
    }
    const QuestionKind& kind = kinds[static_cast<std::size_t>(k) % kinds.size()];
    if (options.only.empty() || kind.id == options.only) {
      run.ask(kind, k);
      ++asked;
    }
    if (options.question) {
      break;
    }
  }
  return run.take();
}

std::string refusal_reason(std::string message) {
  if (const std::size_t colon = message.find(": ");
      message.starts_with("--") && colon != std::string::npos) {
    message = message.substr(0, message.find_first_of(" :")) + message.substr(colon);
  }
  static const std::regex kNumber(R"([0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?)");
  return std::regex_replace(message, kNumber, "N");
}

}  // namespace lemmabench
