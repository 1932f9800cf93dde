#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// The cells of a sweep: the product of these lists, every entry in canonical text.
struct SweepGrid {
  std::vector<std::string> targets;
  std::vector<std::string> samplers;
  std::vector<ScheduleKind> schedules;
  std::vector<long> steps;
  std::vector<Start> starts;
  std::vector<std::string> scores;
  std::vector<long> digits;
  std::vector<LawArithmetic> arithmetics;
};

/// Reads a grid from the text of a TOML document; `file` names it in messages.
///
///     targets = ["gauss-flat", "mixture:weights=0.5/0.5,means=-1/1,variances=0.1/0.1"]
///     samplers = ["ddpm", "li-cai"]
///     steps = { from = 128, to = 4096, factor = 2 }     # or a list: [100, 200, 400]
///     schedules = ["li-cai:c0=2,c1=9"]                  # from here on: the defaults
///     starts = ["gaussian"]
///     scores = ["exact"]
///     digits = [0]                                      # 0: the engine's default
///     arithmetics = ["ball"]
///
/// One value may stand without its list. What stands twice, in whatever spelling, counts once. A
/// target that the catalogue has is kept by its name. Steps from..to are round(from factor^k).
/// Throws InputError (file:line) for malformed TOML, an unknown key (with the nearest), a missing
/// list or an empty one, a value of the wrong type or out of range, a name nobody has, or a grid of
/// more than kMaxCells cells.
SweepGrid parse_sweep_grid(std::string_view document, const std::string& file);

/// All cells, steps running fastest, then schedules, starts, scores, digits, arithmetics, samplers,
/// targets.
std::vector<LawRequest> sweep_requests(const SweepGrid& grid);

inline constexpr std::size_t kMaxCells = 1'000'000;

}  // namespace lemmabench
