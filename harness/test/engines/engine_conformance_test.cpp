// Every sampler on every engine that is cheap, beside another engine that takes the same law: the
// Gaussian, line, radial and product laws. The options, the exact start, the plane, products of two
// factors and the bytes on several threads are in engine_conformance_slow_test.cpp.
#include "harness/test/engines/engine_conformance.hpp"

using namespace lemmabench;
using namespace lemmabench::test;

namespace {

/// An answer of the line law, for the checks to be tried on.
LawResult an_answer(Start start = Start::gaussian) {
  return *outcome_of(request_of("mixture:weights=1/3;2/3,means=0.5;0.5,variances=0.3;0.3", "ddpm",
                                kPairSteps, kPairSchedule, start))
              .law;
}

bool finds(const Findings& findings, std::string_view what) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const std::string& one) { return one.find(what) != std::string::npos; });
}

}  // namespace

TEST_CASE("every sampler: the line law of one Gaussian is the Gaussian law") {
  check_plain(kLineGaussian);
}

TEST_CASE("every sampler: the radial law in one dimension is the line law") {
  check_plain(kRadialLine);
}

TEST_CASE("every sampler: the radial law of one scale is the Gaussian law") {
  check_plain(kRadialGaussian);
}

TEST_CASE("every sampler: a product of one factor is the line law of it") {
  check_plain(kOneFactor);
}

TEST_CASE("every sampler: centres on a line are a product") { check_plain(kCentresOnALine); }

TEST_CASE("an answer that is wrong in one thing is found out") {
  const LawResult good = an_answer();
  const LawResult other = an_answer();
  CHECK(law_findings(good).empty());
  CHECK(json_findings(good).empty());
  CHECK(pair_findings(good, other).empty());
  const auto with = [&](const std::function<void(LawResult&)>& change) {
    LawResult law = good;
    change(law);
    return law;
  };
  // An error bar too small: off by 3 of its own.
  const auto off = [](Quantity& x, double by) {
    x = Quantity::computed(x.value() + by * x.error(), x.error());
  };
  const LawResult gaussian = *outcome_of(request_of("gaussian:dim=1,variance=0.3,mean=0.5", "ddpm",
                                                    kPairSteps, kPairSchedule))
                                  .law;
  CHECK(pair_findings(good, gaussian).empty());
  CHECK(finds(pair_findings(with([&](LawResult& x) { off(x.tv, 3); }), gaussian), "tv: "));
  CHECK(finds(pair_findings(with([&](LawResult& x) { off(x.kl_qp, -3); }), gaussian), "kl_qp: "));
  CHECK(finds(pair_findings(with([&](LawResult& x) { off(*x.parts.discretisation, 3); }), gaussian),
              "discretisation: "));
  CHECK(finds(pair_findings(with([](LawResult& x) { ++x.score_calls; }), other), "score calls"));
  for (const NamedPart<Quantity>& part : kErrorParts<Quantity>) {
    const bool core =
        std::find(std::begin(kCoreParts), std::end(kCoreParts), part.name) != std::end(kCoreParts);
    const LawResult lost = with([&](LawResult& x) { (x.parts.*part.member).reset(); });
    CHECK(finds(law_findings(lost), fmt::format("{} is missing", part.name)) == core);
  }
  CHECK(finds(law_findings(with([](LawResult& x) { x.tv = Quantity::computed(0.5, 1.02); })),
              "tv is known as"));
  CHECK(finds(law_findings(with([](LawResult& x) { x.tv = Proved{x.tv.interval()}; })),
              "tv is called proved"));
  CHECK(finds(law_findings(
                  with([](LawResult& x) { x.kl_pq = Quantity::infinite(Evidence::computed, ""); })),
              "kl_pq is missing"));
  CHECK(finds(law_findings(with([](LawResult& x) { x.request.start = Start::exact; })),
              "initialisation is 0 from the exact start"));
  CHECK(finds(law_findings(with(
                  [](LawResult& x) { x.parts.discretisation = Quantity::computed(0, 1e-12); })),
              "tv <= initialisation + discretisation + score"));
  CHECK(thread_findings([](int threads) { return threads == 3 ? "a" : "b"; }).size() == 1);
  RefusalBook book({{"line", "clip=", "because"}, {"line", "kappa=", "because"}});
  CHECK(book.note("line", "li-cai:clip=1", "because of this").empty());
  CHECK(book.note("line", "li-cai:clip=1", "").size() == 1);
  CHECK(book.note("line", "li-cai:clip=1", "no").size() == 1);
  CHECK(book.note("line", "ddpm", "no").size() == 1);
  CHECK(book.note("line", "ddpm", "").empty());
  CHECK(book.never_seen({"line"}).size() == 1);
}
