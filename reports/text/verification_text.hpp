#pragma once

#include <string>

#include "harness/studies/claims/verification.hpp"

namespace lemmabench {

/// The ledger for a terminal: one line a claim, worst verdict first, each with its worst case, the
/// margin there and the smallest constant over the atlas; then what needs a reader's eye (violated
/// and inconclusive rows with both sides, place and the command that repeats them), and the counts.
/// With few claims (or `by_case`) every case has its line, worst first. Ends with a newline.
std::string ledger_text(const Ledger& ledger, bool by_case);

/// A claim's record as a person would want to read it: `lemmabench show T3`.
std::string claim_text(const Claim& claim);

/// An upper bound with three digits, rounded up: "3.1e-12".
std::string short_bound(const Ball& x);

/// "44 levels (T, t)", or "everything: ...".
std::string coverage_text(const Coverage& coverage);

/// How closely an identity is known to hold, in absolute terms.
std::string resolution_text(const Resolution& resolution);

/// False for an enclosure without finite ends, or with ends beyond what is printed: a verdict that
/// is open may show one.
bool printable(const Quantity& quantity);

/// Four significant digits, without error and evidence.
std::string short_value(const Quantity& quantity);

/// A quantity in a table: eight significant digits and its evidence, "0.01234 +- 1e-40 (proved)".
std::string short_quantity(const Quantity& quantity);

/// The margin in words of its kind: "31 digits" of agreement for an identity, the factor right/left
/// for an inequality ("x 1.04"), the growth of the smallest constant with n = T or d
/// ("C ~ n^0.02").
std::string margin_text(const Outcome& outcome);

}  // namespace lemmabench
