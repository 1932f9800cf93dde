#include "harness/studies/selftest/selftest.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "cases/sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/target.hpp"
#include "harness/records/law_json.hpp"
#include "harness/studies/selftest/inequalities.hpp"
#include "harness/studies/selftest/random_cases.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/ball.hpp"
#include "reports/json/selftest_json.hpp"
#include "reports/text/selftest_text.hpp"

using namespace lemmabench;

namespace {

/// A law that keeps every relation: TV 0.1 of three parts.
LawResult good_law() {
  LawResult law;
  law.engine = "line";
  law.arithmetic = "double";
  law.request.target = "mixture-three";
  law.request.sampler = "ddpm";
  law.request.steps = 10;
  const auto about = [](double x) { return Quantity::computed(x, 1e-12); };
  law.tv = about(0.1);
  law.kl_pq = about(0.05);
  law.kl_qp = about(0.06);
  law.hellinger = about(0.12);
  law.parts.initialisation = about(0.01);
  law.parts.discretisation = about(0.095);
  law.parts.score = Quantity::computed(0, 0);
  law.parts.initial_tv = about(0.02);
  law.parts.initial_kl = about(0.001);
  law.parts.path_kl = about(0.07);
  law.parts.early_stopping_w2 = about(0.2);
  law.parts.early_stopping_w2_bound = about(0.3);
  law.parts.mass_defect = about(1e-13);
  return law;
}

/// The law of a certificate that bounds good_law().
LawResult good_certificate() {
  LawResult law;
  law.engine = "certificate";
  law.kl_qp = Quantity::unknown(Evidence::sampled, "a bound of KL(p||q) only");
  law.parts.tv_bound = Sampled{0.2, 0.01, 0.99};
  law.parts.kl_bound = Sampled{0.08, 0.01, 0.99};
  return law;
}

Quantity& term(LawResult& law, const std::string& name) {
  for (const NamedPart<Quantity>& part : kErrorParts<Quantity>) {
    if (part.name == name) {
      std::optional<Quantity>& found = law.parts.*part.member;
      return found ? *found : found.emplace();
    }
  }
  throw std::logic_error("no part of the error is named " + name);
}

Answer answered(const LawResult& law) { return {Answer::End::answered, law_json(law)}; }

/// Answers every ask with good_law(), and what `wrong` makes of it the second time it is asked
/// since `reset`. A certificate is answered by a bound.
class Oracle {
 public:
  explicit Oracle(std::function<void(LawResult&)> wrong = {}) : wrong_(std::move(wrong)) {}
  Answer operator()(const Ask& ask) {
    if (ask.request.arithmetic.is_certificate()) {
      return answered(good_certificate());
    }
    LawResult law = good_law();
    law.request.start = Start::gaussian;
    if (++asked_ == 2 && wrong_) wrong_(law);
    return answered(law);
  }

 private:
  std::function<void(LawResult&)> wrong_;
  int asked_ = 0;
};

/// The first question of that kind, answered by the oracle.
SelftestResult ask_one(const std::string& kind, const Answerer& answer) {
  return run_selftest({.seed = 5, .seconds = 0, .count = 1, .only = kind, .question = {}}, answer);
}

std::string asked(const QuestionKind& kind, std::uint64_t seed, std::uint64_t question) {
  Dice dice(seed, question);
  const Question made = kind.make(dice);
  std::string out = made.subject;
  for (const Ask& ask : made.asks) out += command_of(ask) + "\n";
  return out;
}

/// The names of the relations that a law breaks.
std::set<std::string> broken(const LawResult& law) {
  std::set<std::string> out;
  for (const Compared& one : inequalities(law)) {
    if (!one.agrees) out.insert(one.what);
  }
  return out;
}

}  // namespace

TEST_CASE("selftest: a question is a function of the seed and its number, and they differ") {
  std::set<std::string> all;
  std::size_t count = 0;
  for (const QuestionKind& kind : question_kinds()) {
    for (const std::uint64_t seed : {1U, 2U}) {
      for (const std::uint64_t question : {0U, 1U}) {
        const std::string once = asked(kind, seed, question);
        CHECK(once == asked(kind, seed, question));
        all.insert(std::string(kind.id) + once);
        ++count;
      }
    }
  }
  CHECK(all.size() == count);
}

TEST_CASE("selftest: every ask is one that the command line can read") {
  for (const QuestionKind& kind : question_kinds()) {
    for (std::uint64_t question = 0; question < 20; ++question) {
      Dice dice(9, question);
      for (const Ask& ask : kind.make(dice).asks) {
        CAPTURE(command_of(ask));
        CHECK_NOTHROW(make_target(ask.request.target, "--target"));
        if (!ask.file) CHECK_NOTHROW(make_sampler(ask.request.sampler, "--sampler"));
        CHECK_NOTHROW(make_score(ask.request.score, "--score"));
      }
    }
  }
}

TEST_CASE("selftest: two answers that are the same law agree, whatever the kind") {
  for (const QuestionKind& kind : question_kinds()) {
    if (const std::string id(kind.id);
        id != "schedule" && id != "gaussian-pair" && id != "chi-square") {
      CAPTURE(id);
      const SelftestResult result = ask_one(id, Oracle());
      CHECK(result.passed());
      CHECK(result.kinds.at(id).agreed == 1);
      CHECK(result.kinds.at(id).numbers > 0);
    }
  }
}

TEST_CASE("selftest: a planted wrong answer is reported, whatever the kind") {
  for (const QuestionKind& kind : question_kinds()) {
    const std::string id(kind.id);
    Dice dice(5, 0);
    const bool pair = kind.make(dice).asks.size() == 2;
    if (!pair || id.find("certificate") != std::string::npos) continue;
    CAPTURE(id);
    // 1e-11 beside errors of 1e-12 each; the relations inside the law still hold.
    const SelftestResult result = ask_one(
        id, Oracle([](LawResult& law) { law.tv = Quantity::computed(0.1 + 1e-11, 1e-12); }));
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].kind == id);
    CHECK(result.findings[0].commands.size() == 2);
    CHECK(result.kinds.at(id).disagreed == 1);
    CHECK(result.kinds.at(id).agreed == 0);
    CHECK(result.findings[0].margin > 1);
  }
}

TEST_CASE("selftest: a law above its certificate is reported") {
  for (const std::string kind : {"certificate", "line-certificate"}) {
    const Answerer wrong = [](const Ask& ask) {
      LawResult law =
          ask.request.arithmetic == LawArithmetic::ball() ? good_law() : good_certificate();
      if (ask.request.arithmetic != LawArithmetic::ball())
        term(law, "tv_bound") = Sampled{0.08, 0.01, 0.99};
      return answered(law);
    };
    const SelftestResult result = ask_one(kind, wrong);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].what == "tv <= tv_bound of the certificate");
  }
}

TEST_CASE("selftest: each relation inside one law is broken by a law that breaks it") {
  CHECK(broken(good_law()).empty());
  const auto about = [](double x) { return Quantity::computed(x, 1e-12); };
  const std::vector<std::pair<std::string, std::function<void(LawResult&)>>> breaks{
      {"tv says something", [](LawResult& x) { x.tv = Quantity::computed(0.5, 0.51); }},
      {"hellinger says something", [](LawResult& x) { x.hellinger = Quantity::computed(0.5, 1); }},
      {"0 <= tv", [&](LawResult& x) { x.tv = about(-1e-9); }},
      {"tv <= 1", [&](LawResult& x) { x.tv = about(1 + 1e-9); }},
      {"0 <= kl_pq", [&](LawResult& x) { x.kl_pq = about(-1e-9); }},
      {"tv^2 <= kl_pq/2", [&](LawResult& x) { x.kl_pq = about(0.019); }},
      {"tv^2 <= kl_qp/2", [&](LawResult& x) { x.kl_qp = about(0.019); }},
      {"tv^2 <= 1 - exp(-kl_pq)", [&](LawResult& x) { x.tv = about(0.9); }},
      {"2 hellinger^2 <= kl_pq", [&](LawResult& x) { x.hellinger = about(0.2); }},
      {"hellinger^2 <= tv", [&](LawResult& x) { x.hellinger = about(0.4); }},
      {"tv^2 <= hellinger^2 (2 - hellinger^2)", [&](LawResult& x) { x.hellinger = about(0.05); }},
      {"tv <= initialisation + discretisation + score",
       [&](LawResult& x) { term(x, "discretisation") = about(0.08); }},
      {"discretisation <= tv + initialisation + score",
       [&](LawResult& x) { term(x, "discretisation") = about(0.12); }},
      {"initialisation <= initial_tv", [&](LawResult& x) { term(x, "initial_tv") = about(0.005); }},
      {"initial_tv^2 <= initial_kl/2", [&](LawResult& x) { term(x, "initial_kl") = about(1e-4); }},
      {"kl_pq <= initial_kl + path_kl", [&](LawResult& x) { term(x, "path_kl") = about(0.04); }},
      {"discretisation^2 <= path_kl/2", [&](LawResult& x) { term(x, "path_kl") = about(0.015); }},
      {"discretisation <= local_sum", [&](LawResult& x) { term(x, "local_sum") = about(0.09); }},
      {"early_stopping_w2 <= its bound",
       [&](LawResult& x) { term(x, "early_stopping_w2") = about(0.31); }},
      {"mass_defect <= 1/100", [&](LawResult& x) { term(x, "mass_defect") = about(0.02); }},
      {"initialisation is 0 from the exact start",
       [](LawResult& x) { x.request.start = Start::exact; }},
      {"score is 0 with the exact score", [&](LawResult& x) { term(x, "score") = about(1e-3); }}};
  for (const auto& one : breaks) {
    const std::string& relation = one.first;
    LawResult law = good_law();
    one.second(law);
    CAPTURE(relation);
    CHECK(broken(law).count(relation) == 1);
  }
  // And the run reports it, under the command.
  const SelftestResult result = ask_one("round-trip", [](const Ask&) {
    LawResult law = good_law();
    law.tv = Quantity::computed(0.5, 1.02);
    return answered(law);
  });
  REQUIRE_FALSE(result.findings.empty());
  CHECK(result.findings[0].what.starts_with("inside one law: "));
  CHECK(result.kinds.at(kInsideOneLaw).disagreed == 1);
}

TEST_CASE("selftest: a refusal is counted by its reason, a crash or a hang is a finding") {
  const SelftestResult refused = ask_one("line-digits", [](const Ask&) -> Answer {
    return {Answer::End::refused, "--target mixture:means=1/2: too narrow by 3.5e-7 of 12"};
  });
  CHECK(refused.passed());
  CHECK(refused.kinds.at("line-digits").refused == 1);
  CHECK(refused.refusals.at("line-digits: --target: too narrow by N of N") == 1);
  for (const auto end : {Answer::End::crashed, Answer::End::slow}) {
    const SelftestResult bad = ask_one("line-digits", [end](const Ask&) {
      return Answer{end, "why"};
    });
    REQUIRE(bad.findings.size() == 1);
    CHECK(bad.findings[0].commands[0].starts_with("lemmabench law --target mixture:"));
    CHECK(bad.kinds.at("line-digits").disagreed == 1);
  }
  const SelftestResult unreadable = ask_one("line-digits", [](const Ask&) {
    return Answer{Answer::End::answered, "{}"};
  });
  REQUIRE(unreadable.findings.size() == 1);
}

TEST_CASE("selftest: an exception that nobody meant is a crash though it has an exit code") {
  CHECK(classify_exit(0, "{}", "").end == Answer::End::answered);
  CHECK(classify_exit(2, "", "--steps 1: use 2 to 10000000").end == Answer::End::refused);
  CHECK(classify_exit(3, "", "needs more than 4000 panels").end == Answer::End::refused);
  CHECK(classify_exit(3, "", "cannot create std::vector larger than max_size()").end ==
        Answer::End::crashed);
  CHECK(classify_exit(3, "", "").end == Answer::End::crashed);
  CHECK(classify_exit(1, "", "half an answer").end == Answer::End::crashed);
}

TEST_CASE("selftest: a child that hangs is stopped, one that dies is said to have died") {
  const Scratch scratch;
  const auto program = [&](const std::string& name, const std::string& body) {
    const std::string path = scratch / name.c_str();
    std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  };
  const Ask ask;
  CHECK(child_answerer(0.05, program("hang", "sleep 60"))(ask).end == Answer::End::slow);
  CHECK(child_answerer(0.5, program("spins", "while :; do :; done"))(ask).end == Answer::End::slow);
  CHECK(child_answerer(10, program("dies", "kill -SEGV $$"))(ask).end == Answer::End::crashed);
  const Answer refused =
      child_answerer(10, program("refuses", "echo 'lemmabench: --steps 1: no' >&2; exit 2"))(ask);
  CHECK(refused.end == Answer::End::refused);
  CHECK(refused.text == "--steps 1: no");
  CHECK(child_answerer(10, program("answers", "echo '{}'"))(ask).text == "{}\n");
}

TEST_CASE("selftest: the text names both commands, both numbers and the command that asks again") {
  const SelftestResult result =
      ask_one("line-symmetry",
              Oracle([](LawResult& law) { law.tv = Quantity::computed(0.1 + 1e-11, 1e-12); }));
  const std::string text = selftest_text(result);
  CAPTURE(text);
  const std::string& first = result.findings.at(0).commands[0];
  CHECK(text.find(first) != std::string::npos);
  CHECK(text.find("0.1000000000") != std::string::npos);
  CHECK(text.find(fmt::format("again: lemmabench selftest --seed 5 --question {}",
                              result.findings[0].question)) != std::string::npos);
  const auto json = selftest_json(result);
  CHECK(json["passed"] == false);
  CHECK(json["findings"][0]["commands"][0] == first);
}

TEST_CASE("selftest: numbers are written as a spec reads them") {
  const auto round = [](const char* text) {
    const Rational x = Rational::parse(text, "test");
    CHECK(Rational::parse(spec_number(x), "test") == x);
    return spec_number(x);
  };
  CHECK(round("0.25") == "0.25");
  CHECK(round("3.17e-60") == "317e-62");
  CHECK(round("9.99e59") == "999e57");
  CHECK(round("-1200") == "-1200");
  CHECK(round("1/3") == "1/3");
  CHECK(spec_list({Rational(1, 3), Rational(2, 3)}) == "1/3;2/3");
  CHECK(spec_list({Rational(1, 3)}) == "1/3;");
  CHECK(spec_list({Rational(1, 4), Rational(2)}) == "0.25/2");
}
