#include "harness/studies/sweep/sweep_grid.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/studies/sweep/law_grid.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

void check_size(const SweepGrid& grid, const std::string& file) {
  double cells = 1;
  for (const std::size_t count :
       {grid.targets.size(), grid.samplers.size(), grid.schedules.size(), grid.steps.size(),
        grid.starts.size(), grid.scores.size(), grid.digits.size(), grid.arithmetics.size()}) {
    cells *= static_cast<double>(count);
  }
  if (cells > static_cast<double>(kMaxCells)) {
    throw InputError(
        fmt::format("{}:1: {:.0f} cells; at most {} are taken", file, cells, kMaxCells));
  }
}

}  // namespace

SweepGrid parse_sweep_grid(std::string_view text, const std::string& file) {
  const TomlDocument document = TomlDocument::parse(text, file);
  std::vector<std::string_view> keys = law_grid_keys();
  keys.insert(keys.begin() + 1, "samplers");
  document.check_keys(document.table, keys);
  SweepGrid grid = read_law_grid(document, document.table);
  grid.samplers = read_samplers(document, document.table);
  check_size(grid, file);
  return grid;
}

std::vector<LawRequest> sweep_requests(const SweepGrid& grid) {
  std::vector<LawRequest> out{LawRequest{}};
  // Each list in turn multiplies what there is; the last one runs fastest.
  const auto multiply = [&out](const auto& values, auto set) {
    std::vector<LawRequest> product;
    for (const LawRequest& request : out) {
      for (const auto& value : values) {
        product.push_back(request);
        set(product.back(), value);
      }
    }
    out = std::move(product);
  };
  multiply(grid.targets, [](LawRequest& r, const std::string& v) { r.target = v; });
  multiply(grid.samplers, [](LawRequest& r, const std::string& v) { r.sampler = v; });
  multiply(grid.arithmetics, [](LawRequest& r, const LawArithmetic& v) { r.arithmetic = v; });
  multiply(grid.digits, [](LawRequest& r, long v) { r.digits = v; });
  multiply(grid.scores, [](LawRequest& r, const std::string& v) { r.score = v; });
  multiply(grid.starts, [](LawRequest& r, Start v) { r.start = v; });
  multiply(grid.schedules, [](LawRequest& r, const ScheduleKind& v) { r.schedule = v; });
  multiply(grid.steps, [](LawRequest& r, long v) { r.steps = v; });
  return out;
}

}  // namespace lemmabench
