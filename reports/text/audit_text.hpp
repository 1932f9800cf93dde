#pragma once

#include <string>

#include "harness/studies/audit/audit.hpp"

namespace lemmabench {

/// An audit for a terminal: a table of samplers with the orders measured, then for each what its
/// verdict rests on and its errors by steps.
std::string audit_text(const Audit& audit);

/// "3 samplers: 1 lower than advertised, 2 as advertised".
std::string audit_counts(const Audit& audit);

/// "2.00 [1.97, 2.03]", or "-" where there is no fit; "(not settled)" behind it where the order
/// still changes with the steps.
std::string audit_order(const AuditSeries& series);

}  // namespace lemmabench
