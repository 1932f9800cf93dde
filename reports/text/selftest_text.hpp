#pragma once

#include <cstdint>
#include <string>

#include "harness/studies/selftest/selftest.hpp"

namespace lemmabench {

/// A table of the kinds, refusals by reason, findings with their commands.
std::string selftest_text(const SelftestResult& result);

/// One finding as the text shows it.
std::string finding_text(const Finding& finding, std::uint64_t seed);

}  // namespace lemmabench
