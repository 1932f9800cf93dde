#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cases/test/sampler_variants.hpp"
#include "harness/law/law.hpp"
#include "harness/records/law_json.hpp"
#include "harness/studies/selftest/inequalities.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

/// What every engine is held to, with every sampler. The checks return what they find, so that they
/// can be tried on answers that are wrong.
namespace lemmabench::test {

using Findings = std::vector<std::string>;

/// What every exact law asked for its decomposition has (theory/process/error_parts.hpp).
inline constexpr std::string_view kCoreParts[] = {
    "initialisation", "discretisation",         "score", "initial_tv", "initial_kl",
    "eps_score",      "early_stopping_w2_bound"};

/// A distance known to no better than this would agree with anything. The coarser run of a line or
/// radial law may get 1e-12 of mass wrong on each of some hundred panels in each of five steps, and
/// a divergence multiplies that by log p/q, at most some twenty. Observed: 3e-9 (KL(p||q) of
/// heroism-1 on the radius), else 1e-10.
inline constexpr double kInformative = 1e-8;
/// The total variation of two factors is a series that converges slowly where an extremum of log
/// q/p is near 0 (theory/product/product_total_variation.hpp). Observed: 7e-8 for Gaussian factors,
/// 2e-5 for the square's, whose extrema are there by symmetry.
inline constexpr double kTwoFactors = 1e-6;
inline constexpr double kSquare = 1e-4;

inline void note_disagreements(Findings& out, const std::vector<Compared>& compared) {
  for (const Compared& one : compared) {
    if (!one.agrees) {
      out.push_back(fmt::format("{}: {} against {}", one.what, one.left, one.right));
    }
  }
}

/// One answer: the relations among its numbers (harness/studies/selftest/inequalities.hpp: ranges,
/// Pinsker, Hellinger, parts >= total, nothing from an exact start or an exact score), all core
/// parts, finite and known well enough to say something, and evidence that is what the engine has.
inline Findings law_findings(const LawResult& law, double known_to = kInformative) {
  Findings out;
  note_disagreements(out, inequalities(law));
  const std::vector<Reading> numbers = readings(law);
  std::vector<std::string_view> needed{"tv", "kl_pq", "kl_qp", "hellinger"};
  needed.insert(needed.end(), std::begin(kCoreParts), std::end(kCoreParts));
  const Evidence evidence = law.tv.evidence() == Evidence::sampled ? Evidence::sampled
                            : law.engine == "gaussian"             ? Evidence::proved
                                                                   : Evidence::computed;
  for (const std::string_view name : needed) {
    const auto number = reading(numbers, name);
    if (!number) {
      // A divergence may be infinite, or unknown where a density leaves the range of doubles.
      const bool explained = (name == "kl_pq" && !law.kl_pq.reason().empty()) ||
                             (name == "kl_qp" && !law.kl_qp.reason().empty());
      if (!explained) {
        out.push_back(fmt::format("{} is missing", name));
      }
      continue;
    }
    if (evidence == Evidence::computed && !(number->interval.radius().to_double() < known_to)) {
      out.push_back(fmt::format("{} is known as {} only", name, interval_text(number->interval)));
    }
    // What no step has a part in may be better known than the law.
    const bool of_the_law = name == "tv" || name == "kl_pq" || name == "kl_qp" ||
                            name == "hellinger" || name == "discretisation";
    if (of_the_law && number->evidence != evidence) {
      out.push_back(fmt::format("{} is called {}", name, lemmabench::name(number->evidence)));
    }
  }
  if (law.score_calls <= 0) {
    out.emplace_back("no score calls are counted");
  }
  return out;
}

/// Two answers about one law: every number that both have, inside the stated errors; the same parts
/// but for those that belong to an engine; the same count of score calls.
inline Findings pair_findings(const LawResult& ours, const LawResult& other) {
  Findings out;
  note_disagreements(out, same_law(ours, other, SpectrumOrder::any));
  if (ours.score_calls != other.score_calls) {
    out.push_back(fmt::format("{} score calls, and {}", ours.score_calls, other.score_calls));
  }
  return out;
}

/// What is written is read back as the same answer: the same texts and kinds of number, and
/// intervals that hold those that were written.
inline Findings json_findings(const LawResult& law) {
  Findings out;
  const std::string written = law_json(law);
  const LawResult again = law_from_json(written, "test");
  note_disagreements(out, same_law(law, again));
  const std::vector<Reading> before = readings(law);
  const std::vector<Reading> after = readings(again);
  for (const Reading& one : before) {
    const auto read = reading(after, one.name);
    if (!read) {
      out.push_back(one.name + " is lost in JSON");
    } else if (one.evidence != Evidence::sampled && !read->interval.contains(one.interval)) {
      out.push_back(one.name + " read back does not hold what was written");
    } else if (one.evidence != read->evidence) {
      out.push_back(one.name + " changes its evidence in JSON");
    }
  }
  if (after.size() != before.size()) {
    out.emplace_back("JSON adds a number");
  }
  // Printing rounds outwards: an error may grow once more, and nothing else may change.
  const std::string twice = law_json(again);
  const std::string thrice = law_json(law_from_json(twice, "test"));
  for (const auto& [a, b] : {std::pair(&written, &twice), std::pair(&twice, &thrice)}) {
    if (std::count(a->begin(), a->end(), '\n') != std::count(b->begin(), b->end(), '\n')) {
      out.emplace_back("JSON changes its lines when read and written again");
    }
  }
  return out;
}

// ---- asking -------------------------------------------------------------------------------------

struct Outcome {
  std::optional<LawResult> law;
  std::string refusal;  ///< why there is none
};

inline LawRequest request_of(const std::string& target, const std::string& sampler, long steps,
                             const std::string& schedule, Start start = Start::gaussian) {
  LawRequest request = request_for(target, sampler, steps, schedule);
  request.start = start;
  return request;
}

inline Outcome outcome_of(const LawRequest& request, int threads = 1) {
  try {
    return {compute_law(request, LawOptions{.threads = threads}), ""};
  } catch (const EngineRefusal& refusal) {
    return {std::nullopt, refusal.what()};
  } catch (const NumericalFailure& failure) {
    return {std::nullopt, failure.what()};
  }
}

/// The same bytes on 1, 2 and 3 threads.
inline Findings thread_findings(const std::function<std::string(int threads)>& bytes) {
  Findings out;
  const std::string one = bytes(1);
  for (const int threads : {2, 3}) {
    if (bytes(threads) != one) {
      out.push_back(fmt::format("other bytes on {} threads", threads));
    }
  }
  return out;
}

// ---- refusals -----------------------------------------------------------------------------------

/// What an engine may refuse: samplers whose text has `sampler` in it, for a reason that has
/// `reason` in it.
struct ListedRefusal {
  std::string_view engine;
  std::string_view sampler;
  std::string_view reason;
};

/// Holds the refusals seen against those listed: an outcome that the list does not expect, and at
/// the end an entry that was never seen, are findings.
class RefusalBook {
 public:
  explicit RefusalBook(std::vector<ListedRefusal> listed) : listed_(std::move(listed)) {}

  Findings note(const std::string& engine, const std::string& sampler, const std::string& refusal) {
    Findings out;
    bool expected = false;
    for (std::size_t k = 0; k < listed_.size(); ++k) {
      const ListedRefusal& entry = listed_[k];
      if (entry.engine != engine || sampler.find(entry.sampler) == std::string::npos) {
        continue;
      }
      expected = true;
      if (refusal.empty()) {
        out.push_back(fmt::format("{} takes {}: the list says it refuses", engine, sampler));
      } else if (refusal.find(entry.reason) == std::string::npos) {
        out.push_back(fmt::format("{} refuses {}: {}, where the list says: {}", engine, sampler,
                                  refusal, entry.reason));
      } else {
        seen_.insert(k);
      }
    }
    if (!expected && !refusal.empty()) {
      out.push_back(fmt::format("{} refuses {}: {}", engine, sampler, refusal));
    }
    return out;
  }
  /// Entries of these engines that no sampler met.
  Findings never_seen(const std::set<std::string>& engines) const {
    Findings out;
    for (std::size_t k = 0; k < listed_.size(); ++k) {
      if (engines.count(std::string(listed_[k].engine)) > 0 && seen_.count(k) == 0) {
        out.push_back(fmt::format("nothing is refused any more as {} and {}", listed_[k].engine,
                                  listed_[k].sampler));
      }
    }
    return out;
  }

 private:
  std::vector<ListedRefusal> listed_;
  std::set<std::size_t> seen_;
};

/// All that may refuse, and nothing else.
inline std::vector<ListedRefusal> listed_refusals() {
  return {
      {"gaussian", "clip=", "clipping is not affine"},
      {"product", "clip=", "clip looks at the norm over all coordinates"},
      {"plane", "clip=", "clip looks at the norm over all coordinates"},
      {"radial", "kappa=", "the radial law cannot take noise inside a kernel"},
      {"product", "kappa=", "the product law takes no noise inside a kernel"},
      {"plane", "kappa=", "the plane law takes no noise inside a kernel"},
      {"product", "dpmpp-2m-sde", "remembers earlier steps and adds noise"},
      {"radial", "dpmpp-2m", "remembers earlier steps"},
      {"plane", "dpmpp-2m", "remembers earlier steps"},
  };
}

// ---- pairs --------------------------------------------------------------------------------------

/// Two texts of one law that two engines take.
struct EnginePair {
  std::string engine;
  std::string target;
  std::string other_engine;
  std::string other;
  long steps;
  std::string schedule;
  double known_to = kInformative;  ///< what the distances of both are known to at least
};

inline void require_none(const Findings& findings) {
  for (const std::string& finding : findings) {
    FAIL_CHECK(finding);
  }
}

/// Steps so wide that every engine takes every sampler, and few, for they cost.
inline constexpr const char* kPairSchedule = "logit:from=-1.5,to=1.5";
inline constexpr long kPairSteps = 6;

inline const EnginePair kLineGaussian{
    "line",     "mixture:weights=1/3;2/3,means=0.5;0.5,variances=0.3;0.3",
    "gaussian", "gaussian:dim=1,variance=0.3,mean=0.5",
    kPairSteps, kPairSchedule};
inline const EnginePair kRadialLine{"radial",   "two-scale:dim=1,weight=1/3,variances=0.2/2",
                                    "line",     "mixture:weights=1/3;2/3,means=0;0,variances=0.2;2",
                                    kPairSteps, kPairSchedule};
inline const EnginePair kRadialGaussian{"radial",   "two-scale:dim=3,weight=1/3,variances=0.3/0.3",
                                        "gaussian", "gaussian:dim=3,variance=0.3",
                                        kPairSteps, kPairSchedule};
inline const EnginePair kOneFactor{
    "line",     "product:weights=0.3/0.7,means=-1/1,variances=0.2/0.4",
    "line",     "mixture:weights=0.3/0.7,means=-1/1,variances=0.2/0.4",
    kPairSteps, kPairSchedule};
inline const EnginePair kCentresOnALine{
    "product",  "cloud:means=-0.6/-0.8;0.6/0.8,variances=0.3",
    "product",  "product:weights=0.5/0.5,means=-1/1,variances=0.3/0.3,spectrum=0.3",
    kPairSteps, kPairSchedule};

/// One variant on one pair, from one start.
inline void check_pair(const EnginePair& pair, const SamplerVariant& variant, Start start,
                       RefusalBook& book) {
  CAPTURE(pair.target);
  CAPTURE(variant.text);
  CAPTURE(start == Start::exact);
  const auto ask = [&](const std::string& target) {
    return outcome_of(request_of(target, variant.text, pair.steps, pair.schedule, start));
  };
  const Outcome ours = ask(pair.target);
  const Outcome other = ask(pair.other);
  require_none(book.note(pair.engine, variant.text, ours.refusal));
  require_none(book.note(pair.other_engine, variant.text, other.refusal));
  for (const auto& [outcome, engine] :
       {std::pair(&ours, &pair.engine), std::pair(&other, &pair.other_engine)}) {
    if (outcome->law) {
      CHECK(outcome->law->engine == *engine);
      require_none(law_findings(*outcome->law, pair.known_to));
      require_none(json_findings(*outcome->law));
    }
  }
  if (ours.law && other.law) {
    require_none(pair_findings(*ours.law, *other.law));
  }
}

/// Every sampler without its options.
inline void check_plain(const EnginePair& pair, Start start = Start::gaussian) {
  RefusalBook book(listed_refusals());
  for (const SamplerVariant& variant : sampler_variants()) {
    if (variant.plain) {
      check_pair(pair, variant, start, book);
    }
  }
}

/// Every sampler with every option from both starts; every refusal that is listed is met.
inline void check_all(const EnginePair& pair) {
  RefusalBook book(listed_refusals());
  for (const SamplerVariant& variant : sampler_variants()) {
    for (const Start start : {Start::gaussian, Start::exact}) {
      check_pair(pair, variant, start, book);
    }
  }
  require_none(book.never_seen({pair.engine, pair.other_engine}));
}

}  // namespace lemmabench::test
