#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cases/mutants/mutant_sampler.hpp"
#include "cases/sampler_info.hpp"
#include "harness/records/law_json.hpp"
#include "harness/studies/selftest/question.hpp"
#include "harness/studies/selftest/random_cases.hpp"
#include "own_sampler_files.hpp"

namespace lemmabench {
namespace {

constexpr long kMostSamplerSteps = 30;

/// A target of any engine but the plane's, which is slow.
std::string any_target(Dice& dice) {
  switch (dice.between(0, 5)) {
    case 0:
    case 1:
      return gaussian_text(random_blocks(dice, 3, 50, Range::usual));
    case 2:
    case 3:
      return mixture_text(random_modes(dice, 3, Range::usual));
    case 4:
      return fmt::format("two-point:dim={},separation={},variance={}", dice.between(2, 20),
                         spec_number(dice.within(Rational(1, 2), Rational(2))),
                         spec_number(dice.magnitude(-1, 0)));
    default:
      return fmt::format("student-t:dim={},nu={}", dice.between(1, 8),
                         spec_number(dice.within(Rational(2), Rational(8))));
  }
}

/// Any law, of a sampler that is no mutant.
Ask any_ask(Dice& dice) {
  Ask ask = random_ask(dice, any_target(dice), kMostSamplerSteps);
  while (is_mutant(ask.request.sampler)) {
    ask.request.sampler = random_sampler_on(dice, ask.request.schedule, ask.request.steps);
  }
  return ask;
}

/// -Z has the law of Z, in every noise of every sampler.
Question noise_sign(Dice& dice) {
  const Ask ask = any_ask(dice);
  const std::vector<std::string> bugs{"bug=noise-scale,by=-1", "bug=noise-scale,by=-1,at=last",
                                      "bug=noise-scale,by=-1,at=first"};
  const std::string bug = dice.one_of(bugs);
  return two_asks(
      ask, [&](Ask& other) { other.request.sampler = mutant_text(ask.request.sampler, bug); });
}

/// The JSON of a result but for what it says of the sampler, and for the path's KL, which no mutant
/// claims: its noise need not be that of the kernels compared there.
std::string anonymous(LawResult result) {
  result.request.sampler = "";
  result.notes.clear();
  result.parts.path_kl.reset();
  return law_json_line(result);
}

/// A bug of no amount: what the base computes, to the byte.
Question no_bug(Dice& dice) {
  const Ask ask = any_ask(dice);
  const std::vector<std::string> bugs{"bug=scale,of=b,by=1", "bug=noise-scale,by=1",
                                      "bug=score-scale,by=1", "bug=state-scale,by=1"};
  const std::string bug = dice.one_of(bugs);
  Question out = two_asks(
      ask, [&](Ask& other) { other.request.sampler = mutant_text(ask.request.sampler, bug); });
  out.compare = [](const std::vector<Reply>& replies) -> std::vector<Compared> {
    return {same_text("every byte but the sampler's name", anonymous(replies[0].result),
                      anonymous(replies[1].result))};
  };
  return out;
}

/// The file's text without comments and empty lines: it becomes part of a command.
std::string bare(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    std::string_view kept = line.substr(0, line.find('#'));
    kept = kept.substr(0, kept.find_last_not_of(' ') + 1);
    if (!kept.empty()) {
      out += std::string(kept) + "\n";
    }
  }
  return out;
}

/// The file's text with every noise turned round.
std::string negated_noise(std::string text) {
  const std::string key = "\nz = \"";
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
    const std::size_t from = at + key.size();
    const std::size_t to = text.find('"', from);
    text.replace(from, to - from, "-(" + text.substr(from, to - from) + ")");
  }
  return text;
}

/// A sampler said in TOML (examples/own_toml), its noise turned round half the time.
Question toml(Dice& dice) {
  // The other examples say samplers that have no name.
  std::vector<std::pair<std::string, std::string>> files;
  for (const EmbeddedFile& file : own_sampler_files()) {
    const std::string name(file.name.substr(0, file.name.find('.')));
    const auto named = all_samplers();
    if (std::any_of(named.begin(), named.end(), [&](const auto* one) { return one->id == name; })) {
      files.emplace_back(name, file.text);
    }
  }
  const auto file = dice.one_of(files);
  const std::string& name = file.first;
  Ask ask = any_ask(dice);
  ask.request.sampler = name;
  const std::string text = bare(file.second);
  const bool negated = dice.chance(50);
  return two_asks(ask, [&](Ask& other) {
    other.request.sampler = "./" + name + ".toml";
    other.file = AskedFile{other.request.sampler, negated ? negated_noise(text) : text};
  });
}

/// Names and options under which one sampler is another.
Question same_sampler(Dice& dice) {
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"ddpm-posterior", "euler-ancestral:eta=1"},
      {"ddim-coefficient", "euler-ancestral:eta=0"},
      {"edm-heun", "edm-stochastic:churn=0"},
      {"heroism-2", "heroism:K=2"},
      {"li-cai", "li-cai:kappa=0"},
      {"li-cai-momentum", "li-cai-momentum:kappa=0"}};
  const auto& [one, two] = dice.one_of(pairs);
  Ask ask = any_ask(dice);
  ask.request.sampler = one;
  return two_asks(ask, [&name = two](Ask& other) { other.request.sampler = name; });
}

/// One thread and two or three: the same bytes.
Question threads(Dice& dice) {
  const Ask ask = any_ask(dice);
  const int more = static_cast<int>(dice.between(2, 3));
  Question out = two_asks(ask, [&](Ask& other) { other.threads = more; });
  out.compare = [](const std::vector<Reply>& replies) -> std::vector<Compared> {
    return {same_text("every byte", replies[0].json, replies[1].json)};
  };
  return out;
}

/// What was read from JSON, written and read again, encloses what it was, and no number is lost.
Question round_trip(Dice& dice) {
  Ask ask = any_ask(dice);
  if (ask.request.target.starts_with("gaussian") && dice.chance(50)) {
    ask.request.target = gaussian_text(random_blocks(dice, 3, 1000, Range::extreme));
  }
  ask.local_errors = dice.chance(30);
  Question out;
  out.asks = {ask};
  out.compare = [](const std::vector<Reply>& replies) {
    const LawResult& first = replies[0].result;
    const LawResult again = law_from_json(law_json(first), "JSON of the selftest");
    std::vector<Compared> compared = same_law(first, again);
    const auto before = readings(first);
    const auto after = readings(again);
    compared.push_back(same_text("numbers in the JSON", fmt::format("{}", before.size()),
                                 fmt::format("{}", after.size())));
    for (const Reading& one : before) {
      const auto other = reading(after, one.name);
      if (other && !other->interval.contains(one.interval)) {
        compared.push_back(same_text(one.name + " is enclosed after a round trip",
                                     interval_text(one.interval), interval_text(other->interval)));
        compared.back().agrees = false;
      }
    }
    return compared;
  };
  return out;
}

}  // namespace

std::vector<QuestionKind> sampler_kinds() {
  return {{"noise-sign", "a sampler whose noise is turned round", noise_sign},
          {"no-bug", "a mutant with a bug of no amount: the same bytes", no_bug},
          {"toml", "a sampler said in TOML against the compiled one", toml},
          {"same-sampler", "one sampler under two names", same_sampler},
          {"threads", "one thread against two or three: the same bytes", threads},
          {"round-trip", "a result written to JSON and read again", round_trip}};
}

}  // namespace lemmabench
