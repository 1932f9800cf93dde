#include "harness/studies/complexity/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "atlas_plan_files.hpp"
#include "cases/parse_schedule.hpp"
#include "harness/io/toml_document.hpp"
#include "harness/records/canonical_names.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr long kMostAt = 1'000'000;

/// What a family takes from the plan unless it says otherwise.
struct Defaults {
  std::vector<std::string> samplers;
  long least = 2;  ///< the least T of the schedule
  long cap = 0;
  double resolution = 0;
};

const toml::node& needed(const TomlDocument& document, const toml::table& within,
                         std::string_view key) {
  const toml::node* node = within.get(key);
  if (node == nullptr) {
    const std::string where =
        &within == &document.table ? document.file + ":1" : document.at(within);
    throw InputError(fmt::format("{}: needs {} = ...", where, key));
  }
  return *node;
}

std::string text_of(const TomlDocument& document, const toml::table& within, std::string_view key) {
  return document.word(key, needed(document, within, key));
}

/// A number in quotes, exact, with lowest <= value < 1.
Rational share(const TomlDocument& document, const toml::node& node, std::string_view key,
               bool zero_allowed) {
  if (!node.is_string()) {
    document.fail(node, fmt::format("{} must be a number in quotes, such as \"0.01\"", key));
  }
  const Rational value =
      Rational::parse(document.word(key, node), fmt::format("{}: {}", document.at(node), key));
  if (value.sign() < (zero_allowed ? 0 : 1) || !(value < Rational(1))) {
    document.fail(node, fmt::format("{} = {} must be {} 0 and below 1", key, value.text(),
                                    zero_allowed ? "at least" : "above"));
  }
  return value;
}

std::vector<Rational> read_eps(const TomlDocument& document) {
  needed(document, document.table, "eps");
  std::vector<Rational> out;
  for (const toml::node* node : document.entries(document.table, "eps")) {
    out.push_back(share(document, *node, "eps", false));
  }
  std::sort(out.begin(), out.end(), [](const Rational& a, const Rational& b) { return b < a; });
  return out;
}

std::vector<std::string> read_samplers(const TomlDocument& document, const toml::table& within) {
  std::vector<std::string> out;
  for (const toml::node* node : document.entries(within, "samplers")) {
    out.push_back(canonical_sampler(document.word("samplers", *node), document.at(*node)));
  }
  return out;
}

/// What `within` says of the defaults; the rest from `out`.
Defaults read_defaults(const TomlDocument& document, const toml::table& within, Defaults out) {
  if (within.contains("samplers")) out.samplers = read_samplers(document, within);
  if (const toml::node* node = within.get("cap")) {
    out.cap = document.whole("cap", *node, out.least, kMaxSteps);
  }
  if (const toml::node* node = within.get("resolution")) {
    out.resolution = share(document, *node, "resolution", true).to_double();
  }
  return out;
}

/// Refuses an `at` that stands twice: two members in one place are one line of a table.
void check_places(const TomlDocument& document, const toml::node& list,
                  const std::vector<AtlasMember>& members) {
  std::set<long> seen;
  for (const AtlasMember& member : members) {
    if (!seen.insert(member.at).second) {
      document.fail(list, fmt::format("{} stands twice among the members", member.at));
    }
  }
}

/// target with {} and dims, or members.
std::vector<AtlasMember> read_members(const TomlDocument& document, const toml::table& family) {
  std::vector<AtlasMember> out;
  if (family.contains("members")) {
    for (const toml::node* node : document.entries(family, "members")) {
      const toml::table* member = node->as_table();
      if (member == nullptr) document.fail(*node, "members are { at = 4, target = \"...\" }");
      document.check_keys(*member, {"at", "target"});
      const toml::node& at = needed(document, *member, "at");
      out.push_back({document.whole("at", at, 1, kMostAt),
                     canonical_target(text_of(document, *member, "target"), document.at(at))});
    }
    check_places(document, *family.get("members"), out);
    return out;
  }
  const std::string pattern = text_of(document, family, "target");
  const auto hole = pattern.find("{}");
  const toml::node& dims = needed(document, family, "dims");
  if (hole == std::string::npos) document.fail(dims, "target needs {} where the dimension goes");
  for (const toml::node* node : document.entries(family, "dims")) {
    const long dim = document.whole("dims", *node, 1, kMostAt);
    std::string text = pattern;
    text.replace(hole, 2, std::to_string(dim));
    out.push_back({dim, canonical_target(text, document.at(*node))});
  }
  check_places(document, dims, out);
  return out;
}

/// arithmetic, or certificate = "R" in the place of it.
LawArithmetic read_arithmetic(const TomlDocument& document, const toml::table& family) {
  const toml::node* accuracy = family.get("certificate");
  const toml::node* arithmetic = family.get("arithmetic");
  if (accuracy != nullptr && arithmetic != nullptr) {
    document.fail(*accuracy, "certificate and arithmetic exclude each other");
  }
  if (accuracy != nullptr) {
    return LawArithmetic::certificate(share(document, *accuracy, "certificate", false),
                                      document.at(*accuracy));
  }
  if (arithmetic == nullptr) return {};
  return LawArithmetic::parse(document.word("arithmetic", *arithmetic), document.at(*arithmetic));
}

AtlasFamily read_family(const TomlDocument& document, const toml::table& table,
                        const Defaults& plan) {
  document.check_keys(table, {"id", "title", "variable", "target", "dims", "members", "samplers",
                              "cap", "resolution", "digits", "arithmetic", "certificate"});
  AtlasFamily out;
  out.id = text_of(document, table, "id");
  out.title = text_of(document, table, "title");
  out.variable = table.contains("variable") ? text_of(document, table, "variable") : "d";
  const Defaults own = read_defaults(document, table, plan);
  out.samplers = own.samplers;
  out.cap = own.cap;
  out.resolution = own.resolution;
  if (const toml::node* node = table.get("digits")) {
    out.digits = document.whole("digits", *node, 0, 1000);
  }
  out.arithmetic = read_arithmetic(document, table);
  out.members = read_members(document, table);
  return out;
}

std::vector<AtlasFamily> read_families(const TomlDocument& document, const Defaults& defaults) {
  needed(document, document.table, "family");
  std::vector<AtlasFamily> out;
  std::set<std::string> ids;
  for (const toml::node* node : document.entries(document.table, "family")) {
    const toml::table* table = node->as_table();
    if (table == nullptr) document.fail(*node, "a family is a table, [[family]]");
    out.push_back(read_family(document, *table, defaults));
    const std::string& id = out.back().id;
    if (!ids.insert(id).second) {
      document.fail(*node, fmt::format("the family '{}' stands twice", quoted(id)));
    }
  }
  return out;
}

}  // namespace

LawRequest AtlasPlan::request(const AtlasFamily& family, const AtlasMember& member,
                              const std::string& sampler, long steps) const {
  LawRequest out;
  out.target = member.target;
  out.sampler = sampler;
  out.schedule = schedule;
  out.steps = steps;
  out.digits = family.digits;
  out.arithmetic = family.arithmetic;
  return out;
}

AtlasPlan parse_atlas_plan(std::string_view text, const std::string& file) {
  const TomlDocument document = TomlDocument::parse(text, file);
  document.check_keys(document.table,
                      {"eps", "samplers", "cap", "schedule", "resolution", "ladder_to", "family"});
  AtlasPlan plan;
  plan.name = file;
  plan.eps = read_eps(document);
  plan.schedule = LiCaiSchedule{};
  if (const toml::node* node = document.table.get("schedule")) {
    plan.schedule = make_schedule(document.word("schedule", *node), document.at(*node));
    if (own_steps(plan.schedule)) {
      document.fail(*node,
                    "a list of levels has one T, and an atlas looks for the least; name a schedule "
                    "(`lemmabench list schedules`)");
    }
  }
  plan.ladder_to = 1024;
  if (const toml::node* node = document.table.get("ladder_to")) {
    plan.ladder_to = document.whole("ladder_to", *node, 2, kMaxSteps);
  }
  needed(document, document.table, "samplers");
  needed(document, document.table, "cap");
  const Defaults fixed{.samplers = {}, .least = std::max<long>(2, least_steps(plan.schedule))};
  plan.families = read_families(document, read_defaults(document, document.table, fixed));
  return plan;
}

AtlasPlan built_in_atlas_plan(std::string_view name) {
  for (const EmbeddedFile& file : atlas_plan_files()) {
    if (file.name == std::string(name) + ".toml") {
      AtlasPlan plan = parse_atlas_plan(file.text, std::string(file.name));
      plan.name = name;
      return plan;
    }
  }
  const std::string given(name);
  throw InputError(fmt::format(
      "atlas '{}': no such plan; there are quick and full, or give a .toml file", quoted(given)));
}

}  // namespace lemmabench
