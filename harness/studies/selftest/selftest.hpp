#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/studies/selftest/question.hpp"

namespace lemmabench {

struct SelftestOptions {
  std::uint64_t seed = 1;
  double seconds = 60;           ///< no question starts later; 0 = no limit
  long count = 0;                ///< questions to ask; 0 = no limit. One of the two must be set
  std::string only;              ///< a kind; empty = all in turn
  std::optional<long> question;  ///< this one alone
};

/// Something wrong: a disagreement, a crash, or no answer in time.
struct Finding {
  std::string kind;
  long question = 0;
  std::string what;                   ///< "tv", "crashed: ...", "no answer within 60 s"
  std::vector<std::string> commands;  ///< that repeat it, or what a library question is about
  std::vector<std::string> numbers;   ///< what the two sides said
  double margin = 0;                  ///< |difference|/stated errors; 0 for a crash
};

/// What came of the questions of one kind.
struct KindTally {
  long asked = 0;
  long agreed = 0;
  long refused = 0;
  long disagreed = 0;       ///< with a finding
  double worst_margin = 0;  ///< over all numbers compared
  long numbers = 0;         ///< how many those were
};

struct SelftestResult {
  std::uint64_t seed = 1;
  long questions = 0;
  std::map<std::string, KindTally> kinds;  ///< by kind
  std::map<std::string, long> refusals;    ///< "kind: reason without its numbers", how often
  std::vector<Finding> findings;
  bool passed() const { return findings.empty(); }
};

/// The row of KindTally that counts the relations inside every law answered.
inline constexpr const char* kInsideOneLaw = "inside-one-law";

/// Asks random questions until time or count is up. Question k depends on the seed and k only; with
/// a count the result depends on nothing else but how the answers come out. `observe` sees every
/// finding as it is made.
SelftestResult run_selftest(const SelftestOptions& options, const Answerer& answer,
                            const std::function<void(const Finding&)>& observe = {});

/// A message as a reason: what stands before the first ": " and every number taken out, so that
/// refusals of one kind count as one.
std::string refusal_reason(std::string message);

}  // namespace lemmabench
