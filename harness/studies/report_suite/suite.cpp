#include "harness/studies/report_suite/suite.hpp"

#include <set>
#include <variant>

#include "cases/target.hpp"
#include "harness/law/law.hpp"
#include "harness/records/request_text.hpp"
#include "harness/studies/sweep/sweep_grid.hpp"
#include "numerics/error.hpp"
#include "suite_files.hpp"

namespace lemmabench {

namespace {

/// Few enough steps for one TV each.
constexpr long kLocalSteps = 256;

/// A proved TV between Gaussians of several eigenvalues costs 10 ms; one for each step is too much.
bool cheap_tv(const Target& target) {
  const auto* gaussian = std::get_if<GaussianLaw>(&target.law);
  return gaussian == nullptr || gaussian->coordinates.size() == 1;
}

}  // namespace

std::vector<std::string> suite_names() { return {"quick", "full"}; }

std::vector<LawRequest> suite_requests(std::string_view name) {
  std::vector<LawRequest> out;
  std::set<std::string> known;
  const std::string prefix = std::string(name) + "-";
  for (const EmbeddedFile& file : suite_files()) {
    if (file.name.substr(0, prefix.size()) != prefix) continue;
    for (LawRequest& request :
         sweep_requests(parse_sweep_grid(file.text, std::string(file.name)))) {
      if (known.insert(canonical_text(request)).second) out.push_back(std::move(request));
    }
  }
  if (out.empty()) {
    throw InputError("--suite " + std::string(name) + ": no such suite; there are quick and full");
  }
  return out;
}

LawResult suite_law(const LawRequest& request) {
  LawOptions options;
  options.local_errors = request.steps == kLocalSteps && request.score == "exact" &&
                         cheap_tv(make_target(request.target, "suite"));
  return compute_law(request, options);
}

}  // namespace lemmabench
