#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// One number of a result under its name in the JSON: "tv", "kl_pq", "kl_qp", "hellinger", a term's
/// name, "relative_variance_error[i]", or a local error's name.
struct Reading {
  std::string name;
  Ball interval;
  Evidence evidence = Evidence::computed;
};

/// All numbers of the result that are known and finite. The only place of the selftest that knows
/// how a LawResult is laid out.
std::vector<Reading> readings(const LawResult& result);

/// The reading of that name; none if the result has no such number, or it is infinite or unknown.
std::optional<Reading> reading(const std::vector<Reading>& all, std::string_view name);

}  // namespace lemmabench
