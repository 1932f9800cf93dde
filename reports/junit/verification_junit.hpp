#pragma once

#include <string>

#include "harness/studies/claims/verification.hpp"

namespace lemmabench {

/// JUnit XML that a CI system reads: one test suite a family, one test case a (claim, case) named
/// "<id> <title>" in the class "lemmabench.<family>.<case>". violated and inconclusive are
/// failures with both sides, the place and the command that repeats them; not applicable is
/// skipped. What a verdict is worth stands in the test case's properties "worth" and "covers".
/// With `accept_findings` a violation that a finding explains is skipped too. Controls
/// make a suite of their own; one that was not caught is a failure.
std::string ledger_junit(const Ledger& ledger, bool accept_findings);

}  // namespace lemmabench
