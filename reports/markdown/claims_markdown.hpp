#pragma once

#include <string>

namespace lemmabench {

/// docs/claims.md: every record, by family, in full. `lemmabench list claims --format markdown`.
std::string claims_markdown();

}  // namespace lemmabench
