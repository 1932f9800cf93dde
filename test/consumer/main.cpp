// What a program outside the tree does with the installed package: a schedule in balls, the exact
// laws of three families of targets with their evidence, and a verdict on a claim.
#include <fmt/format.h>

#include "harness/law/law.hpp"
#include "harness/studies/claims/verification.hpp"
#include "lemmabench_version.hpp"
#include "numerics/ball.hpp"
#include "theory/process/schedule.hpp"

namespace {

using namespace lemmabench;

void print_schedule() {
  const Schedule<Ball> schedule(LiCaiSchedule{}, 1000);
  // abar_T = T^{-c0} with c0 = 2
  const bool exact = schedule.level(1000).abar.contains(Rational(1, 1000000));
  fmt::print("{} levels, abar_T is {}1e-6\n", schedule.steps(), exact ? "" : "not ");
  fmt::print("h_T = {:.12g}\n", schedule.h(1000).to_double());
}

void print_law(const char* target, long digits) {
  LawRequest request;
  request.target = target;
  request.sampler = "ddpm";
  request.schedule = LiCaiSchedule{};
  request.steps = 200;
  request.digits = digits;
  const LawResult law = compute_law(request, LawOptions{});
  fmt::print("{} law of {}: TV = {:.8f} ({})\n", law.engine, target, law.tv.value(),
             name(law.tv.evidence()));
}

void print_verdict() {
  LedgerRequest request;
  request.claims = "F1";
  request.targets = {"gaussian:dim=2,variance=0.3"};
  const Ledger ledger = run_ledger(request);
  const LedgerTotals totals = ledger.totals();
  fmt::print("F1: {} holds, {} violated\n", totals.holds, totals.violated);
}

}  // namespace

int main() {
  fmt::print("lemmabench {}\n", version::number);
  print_schedule();
  print_law("gaussian:dim=5,variance=0.3", 30);
  print_law("mixture-three", 0);
  print_law("student-t:dim=3,nu=5", 8);
  print_verdict();
  return 0;
}
