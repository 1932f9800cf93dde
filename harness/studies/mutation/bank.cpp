#include "harness/studies/mutation/bank.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>
#include <utility>

#include "cases/mutants/mutant_sampler.hpp"
#include "cases/parse_schedule.hpp"
#include "harness/io/toml_document.hpp"
#include "harness/records/canonical_names.hpp"
#include "mutant_bank_files.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

GateCell read_witness(const TomlDocument& document, const toml::node& node) {
  const toml::table* within = node.as_table();
  if (within == nullptr) {
    document.fail(node, "witness is a table { target = ..., steps = ... }");
  }
  document.check_keys(*within, {"target", "steps", "schedule", "digits"});
  GateCell out;
  out.request.target = canonical_target(document.needed_word(*within, "target"), document.at(node));
  const toml::node* steps = within->get("steps");
  if (steps == nullptr) {
    throw InputError(fmt::format("{}: needs steps = ...", document.at(*within)));
  }
  out.request.steps = document.whole("steps", *steps, 2, kMaxSteps);
  if (const toml::node* schedule = within->get("schedule")) {
    out.request.schedule =
        make_schedule(document.word("schedule", *schedule), document.at(*schedule));
  }
  if (const toml::node* digits = within->get("digits")) {
    out.request.digits = document.whole("digits", *digits, 1, 1000);
  }
  return out;
}

MutantRecord read_record(const TomlDocument& document, const toml::table& within) {
  document.check_keys(within, {"base", "bug", "title", "survives", "witness"});
  MutantRecord out;
  const std::string origin = document.at(within);
  out.base = canonical_sampler(document.needed_word(within, "base"), origin);
  out.bug = document.needed_word(within, "bug");
  out.mutant = canonical_sampler(mutant_text(out.base, "bug=" + out.bug), origin);
  out.title = document.needed_word(within, "title");
  if (within.contains("survives") != within.contains("witness")) {
    document.fail(within, "a survivor needs both survives = \"why\" and a witness that sees it");
  }
  if (within.contains("survives")) {
    out.survives = document.needed_word(within, "survives");
    out.witness = read_witness(document, *within.get("witness"));
  }
  return out;
}

EqualRecord read_equal(const TomlDocument& document, const toml::table& within) {
  document.check_keys(within, {"base", "sampler", "title"});
  const std::string origin = document.at(within);
  return {canonical_sampler(document.needed_word(within, "base"), origin),
          canonical_sampler(document.needed_word(within, "sampler"), origin),
          document.needed_word(within, "title")};
}

const toml::table& table_of(const TomlDocument& document, const toml::node& node,
                            std::string_view key) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    document.fail(node, fmt::format("{0} is written as a table [[{0}]]", key));
  }
  return *table;
}

}  // namespace

MutantBank MutantBank::filtered(const std::string& expression) const {
  std::regex wanted;
  try {
    wanted = std::regex(expression, std::regex::ECMAScript);
  } catch (const std::regex_error& error) {
    throw InputError(
        fmt::format("--filter '{}': no regular expression: {}", quoted(expression), error.what()));
  }
  MutantBank out{name, {}, {}};
  std::copy_if(records.begin(), records.end(), std::back_inserter(out.records),
               [&](const MutantRecord& one) { return std::regex_search(one.mutant, wanted); });
  std::copy_if(equals.begin(), equals.end(), std::back_inserter(out.equals),
               [&](const EqualRecord& one) { return std::regex_search(one.equal, wanted); });
  if (out.records.empty()) {
    throw InputError(fmt::format("--filter '{}': finds nothing in any of the {} mutants, e.g. {}",
                                 quoted(expression), records.size(), records.front().mutant));
  }
  return out;
}

MutantBank parse_mutant_bank(std::string_view text, const std::string& file) {
  const TomlDocument document = TomlDocument::parse(text, file);
  document.check_keys(document.table, {"mutant", "equal"});
  MutantBank out{file, {}, {}};
  std::set<std::string> known;
  for (const toml::node* node : document.entries(document.table, "mutant")) {
    out.records.push_back(read_record(document, table_of(document, *node, "mutant")));
    if (!known.insert(out.records.back().mutant).second) {
      document.fail(*node, fmt::format("{} stands twice", out.records.back().mutant));
    }
  }
  for (const toml::node* node : document.entries(document.table, "equal")) {
    out.equals.push_back(read_equal(document, table_of(document, *node, "equal")));
  }
  if (out.records.empty()) {
    throw InputError(fmt::format("{}: holds no [[mutant]]", file));
  }
  return out;
}

MutantBank built_in_mutant_bank(std::string_view name) {
  std::vector<std::string> known;
  for (const EmbeddedFile& file : mutant_bank_files()) {
    known.emplace_back(file.name.substr(0, file.name.rfind('.')));
    if (known.back() == name) {
      MutantBank out = parse_mutant_bank(file.text, std::string(file.name));
      out.name = name;
      return out;
    }
  }
  throw_unknown_name("--bank", "list of mutants", name, known, "or the name of a .toml file");
}

}  // namespace lemmabench
