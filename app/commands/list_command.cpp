#include "app/commands/list_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/shared_options.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/sampler.hpp"
#include "cases/samplers/file_sampler.hpp"
#include "cases/score_estimate.hpp"
#include "cases/spec.hpp"
#include "cases/target.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/studies/claims/claim_cases.hpp"
#include "numerics/error.hpp"
#include "reports/markdown/claims_markdown.hpp"
#include "reports/text/verification_text.hpp"
#include "theory/bounds/bounds.hpp"
#include "theory/claims/claim.hpp"

namespace lemmabench {
namespace {

/// One thing a user can name: an id, a line about it, and all there is to say.
struct Entry {
  std::string id;
  std::string title;
  std::vector<std::pair<std::string, std::string>> details;
  std::string text = {};  ///< printed by `show` instead of title and details, if not empty
};

std::vector<Entry> list_targets() {
  std::vector<Entry> out;
  for (const Target& target : catalogue_targets()) {
    out.push_back(
        {target.name,
         target.title,
         {{"target", target.text()},
          {"dimension", fmt::format("{}", target.dim())},
          {"repeat",
           fmt::format("lemmabench {} --target {} --sampler li-cai --steps 200",
                       std::holds_alternative<CloudTarget>(target.law) ? "certificate" : "law",
                       target.name)}}});
  }
  for (const TargetKind& kind : target_kinds()) {
    const std::string id(kind.id);
    out.push_back({id,
                   fmt::format("inline: {}", kind.title),
                   {{"write", fmt::format("{}:{}", id, kind.options)},
                    {"engine", std::string(kind.engine)}}});
  }
  return out;
}

std::string order_text(int order) { return order == 0 ? "not stated" : fmt::format("{}", order); }

Entry sampler_entry(const SamplerInfo& info) {
  return {std::string(info.id),
          std::string(info.title),
          {{"update", std::string(info.formula)},
           {"source", std::string(info.source)},
           {"status", std::string(info.tag)},
           {"options", info.options.empty() ? "none" : std::string(info.options)},
           {"score calls", info.score_calls == 0 ? "depend on T and the options"
                                                 : fmt::format("{} a step", info.score_calls)},
           {"noise", info.deterministic ? "none (deterministic)" : "yes"},
           {"memory", info.memory ? "of earlier steps" : "none"},
           {"order",
            fmt::format("in log T/T: {} on one Gaussian (relative variance "
                        "error), {} on a 1-D mixture (TV)",
                        order_text(info.order_single_gaussian), order_text(info.order_mixture))}}};
}

std::vector<Entry> list_samplers() {
  std::vector<Entry> out;
  for (const SamplerInfo* info : all_samplers()) {
    out.push_back(sampler_entry(*info));
  }
  return out;
}

std::vector<Entry> list_schedules() {
  std::vector<Entry> out;
  for (const ScheduleInfo& info : all_schedules()) {
    out.push_back({std::string(info.id),
                   std::string(info.title),
                   {{"levels", std::string(info.formula)},
                    {"source", std::string(info.source)},
                    {"options", std::string(info.options)}}});
  }
  return out;
}

std::vector<Entry> list_scores() {
  std::vector<Entry> out;
  for (const ScoreInfo* info : all_scores()) {
    out.push_back({std::string(info->id),
                   std::string(info->title),
                   {{"estimate", std::string(info->formula)},
                    {"options", info->options.empty() ? "none" : std::string(info->options)}}});
  }
  return out;
}

std::vector<Entry> list_bounds() {
  std::vector<Entry> out;
  for (const Theorem& row : theorems()) {
    const std::string reached = row.metric == Metric::tv ? "TV <= eps" : "KL <= eps^2";
    out.push_back({std::string(row.id),
                   std::string(row.title),
                   {{"steps", fmt::format("T = {} for {} (logs and constants dropped)", row.formula,
                                          reached)},
                    {"paper", std::string(row.paper)},
                    {"status", std::string(name(row.source))},
                    {"condition", row.condition.empty() ? "none beyond exact scores"
                                                        : std::string(row.condition)}}});
  }
  return out;
}

std::vector<Entry> list_claims() {
  std::vector<Entry> out;
  for (const Claim& claim : all_claims()) {
    out.push_back({claim.id, claim.title, {}, claim_text(claim)});
  }
  return out;
}

/// What `verify --cases` matches.
std::vector<Entry> list_cases() {
  std::vector<Entry> out;
  for (const Case& subject : claim_cases()) {
    out.push_back({subject.name,
                   subject.title,
                   {{"repeat", "lemmabench verify --cases '" + subject.name + "'"}}});
  }
  return out;
}

struct Shelf {
  std::string_view name;
  std::vector<Entry> (*entries)();
};

const std::vector<Shelf>& shelves() {
  static const std::vector<Shelf> kShelves{
      {"targets", list_targets}, {"samplers", list_samplers}, {"schedules", list_schedules},
      {"scores", list_scores},   {"bounds", list_bounds},     {"claims", list_claims},
      {"cases", list_cases}};
  return kShelves;
}

void print_list(const std::string& shelf) {
  for (const Shelf& known : shelves()) {
    if (known.name != shelf) {
      continue;
    }
    const std::vector<Entry> entries = known.entries();
    std::size_t width = 0;
    for (const Entry& entry : entries) {
      width = std::max(width, entry.id.size());
    }
    for (const Entry& entry : entries) {
      fmt::print("{:<{}}  {}\n", entry.id, width, entry.title);
    }
    return;
  }
}

std::string entry_text(const Shelf& shelf, const Entry& entry) {
  if (!entry.text.empty()) {
    return entry.text;
  }
  std::string out = fmt::format("{} ({})\n{}\n", entry.id,
                                shelf.name.substr(0, shelf.name.size() - 1), entry.title);
  for (const auto& [key, value] : entry.details) {
    out += fmt::format("  {:<12} {}\n", key, value);
  }
  return out;
}

/// A sampler of a file; a header's code runs in a child.
std::string sampler_text(const std::string& id) {
  if (auto guarded = guarded_output(id, guard_with({}))) {
    return std::move(guarded->text);
  }
  return entry_text({"samplers", list_samplers}, sampler_entry(make_sampler(id, "show")->info()));
}

/// Prints every entry with this id (li-cai is a sampler and a schedule).
void print_all_named(const std::string& id) {
  if (names_sampler_file(id)) {
    put_output("", sampler_text(id));
    return;
  }
  std::vector<std::string> known;
  bool found = false;
  for (const Shelf& shelf : shelves()) {
    if (shelf.name == "cases") {
      continue;  // targets, schedules and bounds have entries of their own
    }
    for (const Entry& entry : shelf.entries()) {
      known.push_back(entry.id);
      if (entry.id == id) {
        put_output("", entry_text(shelf, entry));
        found = true;
      }
    }
  }
  if (!found) {
    throw_unknown_name(
        "show", "name", id, known,
        "`lemmabench list targets|samplers|schedules|scores|bounds|claims` shows all");
  }
}

}  // namespace

void add_list_command(CLI::App& app, CommandOutcome&) {
  auto shelf = std::make_shared<std::string>();
  std::vector<std::string> names;
  for (const Shelf& known : shelves()) {
    names.emplace_back(known.name);
  }
  CLI::App* list = app.add_subcommand(
      "list", "What there is: targets, samplers, schedules, scores, bounds, claims, cases");
  auto format = std::make_shared<std::string>("text");
  list->add_option("what", *shelf,
                   "targets, samplers, schedules, scores, bounds, claims or cases (of `verify`)")
      ->required()
      ->check(CLI::IsMember(names));
  list->add_option("--format", *format, "text, or markdown (claims only: docs/claims.md)")
      ->check(CLI::IsMember({"text", "markdown"}))
      ->capture_default_str();
  list->footer("`lemmabench show ID` prints one of them in full.");
  list->callback([shelf, format] {
    if (*format == "text") {
      print_list(*shelf);
    } else if (*shelf == "claims") {
      fmt::print("{}", claims_markdown());
    } else {
      throw InputError("--format markdown: only claims have it; use `list claims`");
    }
  });
}

void add_show_command(CLI::App& app, CommandOutcome&) {
  auto id = std::make_shared<std::string>();
  CLI::App* show = app.add_subcommand(
      "show", "One of them in full: formula, source, status, options, how to use it");
  show->add_option("id", *id, "e.g. li-cai, gauss-flat, karras, T3, ./mine.toml")->required();
  show->callback([id] { print_all_named(*id); });
}

}  // namespace lemmabench
