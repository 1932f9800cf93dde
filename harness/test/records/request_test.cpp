// A request through its texts and its JSON and back, over every kind of each of its parts.

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/target.hpp"
#include "harness/io/files.hpp"
#include "harness/plugin/child_process.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/records/request_json.hpp"
#include "harness/records/request_text.hpp"
#include "harness/test/law_request.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"
#include "test/support/levels_file.hpp"

using namespace lemmabench;

namespace {

const std::vector<std::string> kTargets{
    "gauss-flat", "mixture:weights=1/3;2/3,means=-1/1,variances=0.1/0.2", "student-t:dim=3,nu=7/2",
    "cloud:means=-1/0;1/2,variances=0.25", "hypercube:dim=4,separation=1,variance=0.1"};
const std::vector<std::string> kScores{"exact", "affine:size=0.01", "affine:size=0.01,shift=0.5"};
const std::vector<LawArithmetic> kArithmetics{LawArithmetic::ball(), LawArithmetic::mp(),
                                              LawArithmetic::in_double(),
                                              LawArithmetic::certificate(Rational(1, 20), "test"),
                                              LawArithmetic::certificate(Rational(1, 3), "test")};

/// Every compiled sampler, and one of every other kind.
std::vector<std::string> samplers(const Scratch& scratch) {
  std::vector<std::string> out;
  for (const SamplerInfo* info : all_samplers()) {
    out.emplace_back(info->id);
  }
  write_file_atomically(scratch / "it's mine.toml",
                        read_file(LEMMABENCH_SOURCE_DIR "/examples/own_toml/ddpm.toml"));
  out.insert(out.end(), {"li-cai:clip=1,kappa=1/2", "jiao-li:rounds=4,draws=2",
                         "mutant:base=li-cai:kappa=1/2,bug=noise-scale,by=2",
                         (scratch / "it's mine.toml").string()});
  return out;
}

/// All combinations would be 40,000: each part runs through its values while the others turn too.
std::vector<LawRequest> requests(const Scratch& scratch) {
  static const LevelsFile levels(20);
  std::vector<LawRequest> out;
  std::size_t k = 0;
  for (const std::string& sampler : samplers(scratch)) {
    for (const ScheduleInfo& schedule : all_schedules()) {
      LawRequest one =
          request_for(canonical_target(kTargets[k % kTargets.size()], "test"),
                      canonical_sampler(sampler, "test"), 2 + static_cast<long>(k),
                      schedule.id == "levels" ? levels.schedule() : std::string(schedule.id));
      one.start = k % 2 == 0 ? Start::gaussian : Start::exact;
      one.score = canonical_score(kScores[k % kScores.size()], "test");
      one.digits = static_cast<long>(k % 4) * 10;
      one.arithmetic = kArithmetics[k / 3 % kArithmetics.size()];
      out.push_back(one);
      ++k;
    }
  }
  return out;
}

/// The words that a shell makes of the text, one a line.
std::string words_of_shell(const std::string& text) {
  return run_child({"/bin/sh", "-c", "printf '%s\\n' " + text}, {}, {}).out;
}

}  // namespace

TEST_CASE("request: JSON goes both ways, for samplers, schedules and arithmetics of all kinds") {
  const Scratch scratch;
  std::set<LawArithmetic::Kind> kinds;
  for (const LawRequest& before : requests(scratch)) {
    CAPTURE(canonical_text(before));
    const std::string written = request_json(before).dump();
    const LawRequest after = request_from_json(nlohmann::ordered_json::parse(written), "test");
    CHECK(canonical_text(after) == canonical_text(before));
    CHECK(after.target == before.target);
    CHECK(after.sampler == before.sampler);
    CHECK(text(after.schedule) == text(before.schedule));
    CHECK(after.steps == before.steps);
    CHECK(after.start == before.start);
    CHECK(after.score == before.score);
    CHECK(after.digits == before.digits);
    CHECK(after.arithmetic == before.arithmetic);
    CHECK(request_json(after).dump() == written);
    kinds.insert(before.arithmetic.kind());
  }
  CHECK(kinds.size() == 4);
}

TEST_CASE("request: canonical names stay what they are, and other spellings become them") {
  const Scratch scratch;
  for (const LawRequest& one : requests(scratch)) {
    CHECK(canonical_target(one.target, "test") == one.target);
    CHECK(canonical_sampler(one.sampler, "test") == one.sampler);
    CHECK(canonical_score(one.score, "test") == one.score);
    CHECK(text(make_schedule(text(one.schedule), "test")) == text(one.schedule));
    CHECK(LawArithmetic::parse(one.arithmetic.text(), "test") == one.arithmetic);
  }
  CHECK(canonical_target("gaussian:dim=5,variance=3/10", "test") == "gauss-flat");
  CHECK(canonical_target("gaussian:dim=5,variance=2/10", "test") == "gaussian:spectrum=0.2x5");
  CHECK(canonical_sampler("heroism:K=3", "test") == "heroism-3");
  CHECK(canonical_score("affine:size=1/100,shift=0", "test") == "affine:size=0.01");
  CHECK(LawArithmetic::parse("certificate:1/20", "test").text() == "certificate:0.05");
  CHECK(LawArithmetic::parse("certificate:5e-2", "test") ==
        LawArithmetic::parse("certificate:0.05", "test"));
}

TEST_CASE("request: every part of it is part of the key, and the key is what a shell reads") {
  const Scratch scratch;
  std::set<std::string> keys;
  const std::vector<LawRequest> all = requests(scratch);
  for (const LawRequest& one : all) {
    keys.insert(canonical_text(one));
    std::string words;
    for (const std::string& word : request_options(one)) words += word + "\n";
    CHECK(words_of_shell(canonical_text(one)) == words);
  }
  CHECK(keys.size() == all.size());
  const LawRequest one = all.back();
  std::vector<LawRequest> others(9, one);
  others[0].target = "gauss-spread";
  others[1].sampler = "ddpm";
  others[2].schedule = make_schedule("logit:from=-8,to=8", "test");
  others[3].steps += 1;
  others[4].start = one.start == Start::exact ? Start::gaussian : Start::exact;
  others[5].score = "affine:size=7";
  others[6].digits += 1;
  others[7].arithmetic = LawArithmetic::certificate(Rational(1, 7), "test");
  others[8].target += " ";
  for (const LawRequest& other : others) {
    CAPTURE(canonical_text(other));
    CHECK(canonical_text(other) != canonical_text(one));
    CHECK((series_text(other) == series_text(one)) == (other.steps != one.steps));
  }
  for (const std::string word : {"", "a b", "it's", "~", "#x", "{a,b}", "$HOME", "a\\b", "!", "[a]",
                                 "`ls`", "a\tb", "\"q\""}) {
    CAPTURE(word);
    CHECK(words_of_shell(shell_word(word)) == word + "\n");
  }
}

TEST_CASE("request: what is no request is refused with its origin") {
  const LawRequest one = request_for("gauss-flat", "ddpm", 100);
  const nlohmann::ordered_json good = request_json(one);
  CHECK_NOTHROW(request_from_json(good, "test"));
  for (const char* key : {"schedule", "start", "arithmetic_asked"}) {
    nlohmann::ordered_json bad = good;
    bad[key] = "lukewarm";
    CHECK_THROWS_AS(request_from_json(bad, "test"), InputError);
    bad.erase(key);
    CHECK_THROWS_AS(request_from_json(bad, "test"), nlohmann::json::exception);
  }
  CHECK_THROWS_WITH_AS(
      LawArithmetic::parse("float", "--arithmetic"),
      "--arithmetic: arithmetic 'float' is none of ball, ball:W, mp, double, certificate:R",
      InputError);
  for (const char* text : {"certificate:", "certificate:0", "certificate:-1/2", "certificate:0.51",
                           "certificate:x", "certificate", "Ball", ""}) {
    CAPTURE(text);
    CHECK_THROWS_AS(LawArithmetic::parse(text, "test"), InputError);
  }
}
