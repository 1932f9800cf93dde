#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/studies/selftest/ask.hpp"
#include "harness/studies/selftest/comparison.hpp"
#include "harness/studies/selftest/dice.hpp"

namespace lemmabench {

/// An answered ask: the JSON as it came, and as a result.
struct Reply {
  std::string json;
  LawResult result;
};

/// Something that is answered two ways. Either laws, asked for by `asks` and compared by `compare`
/// once all have been answered, or a check of functions of the library, `alone`, which runs in this
/// process and must be short.
struct Question {
  std::vector<Ask> asks;
  std::function<std::vector<Compared>(const std::vector<Reply>&)> compare;
  std::string subject;  ///< what `alone` is about
  std::function<std::vector<Compared>()> alone;
};

/// A way of asking twice.
struct QuestionKind {
  std::string_view id;
  std::string_view title;
  std::function<Question(Dice&)> make;
};

/// All kinds; question k is of kind k modulo their number.
const std::vector<QuestionKind>& question_kinds();
/// The kind of that name. Throws InputError with the nearest.
const QuestionKind& question_kind(std::string_view id, std::string_view origin);

// The kinds of each topic.
std::vector<QuestionKind> gaussian_kinds();  ///< one Gaussian law: digits, arithmetics, rotations
std::vector<QuestionKind> line_kinds();      ///< one line law: digits, symmetries, the Gaussian law
std::vector<QuestionKind> engine_kinds();    ///< radial, product and plane laws against the others
std::vector<QuestionKind> sampler_kinds();   ///< one sampler said in two ways
std::vector<QuestionKind> library_kinds();   ///< functions of the library against others

// ---- for the makers of kinds --------------------------------------------------------------------

/// Two asks that differ in the target, or in what `change` does to the second.
Question two_asks(const Ask& first, const std::function<void(Ask&)>& change,
                  SpectrumOrder order = SpectrumOrder::same);
/// A random law of a target: schedule, sampler, score, start; at most so many steps.
Ask random_ask(Dice& dice, std::string target, long most_steps);

}  // namespace lemmabench
