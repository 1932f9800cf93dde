#include "harness/studies/selftest/readings.hpp"

#include <fmt/format.h>

#include <utility>

namespace lemmabench {
namespace {

void add(std::vector<Reading>& out, std::string name, const Quantity& quantity) {
  if (quantity.finite()) {
    out.push_back({std::move(name), quantity.interval(), quantity.evidence()});
  }
}

}  // namespace

std::vector<Reading> readings(const LawResult& result) {
  std::vector<Reading> out;
  add(out, "tv", result.tv);
  add(out, "kl_pq", result.kl_pq);
  add(out, "kl_qp", result.kl_qp);
  add(out, "hellinger", result.hellinger);
  for_each_part(result.parts, [&](std::string_view name, const Quantity& value) {
    add(out, std::string(name), value);
  });
  for (std::size_t i = 0; i < result.relative_variance_error.size(); ++i) {
    add(out, fmt::format("relative_variance_error[{}]", i),
        result.relative_variance_error[i].value);
  }
  for (const LocalError& local : result.local_errors) {
    add(out, fmt::format("{}", local.t), local.value);
  }
  return out;
}

std::optional<Reading> reading(const std::vector<Reading>& all, std::string_view name) {
  for (const Reading& one : all) {
    if (one.name == name) {
      return one;
    }
  }
  return std::nullopt;
}

}  // namespace lemmabench
