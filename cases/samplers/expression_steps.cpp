#include "cases/samplers/expression_steps.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <utility>

#include "cases/expression/parse_expression.hpp"
#include "cases/spec.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMaxStages = 32;
constexpr std::size_t kMaxName = 40;

std::string at_line(const std::string& file, const toml::source_region& region) {
  return fmt::format("{}:{}", file, region.begin.line);
}

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9');
  });
}

/// Reads the stages of one list, in order.
class StageReader {
 public:
  StageReader(const std::string& file, std::string_view list) : file_(file), list_(list) {}

  StageList read(const toml::node& node) {
    const toml::array* tables = node.as_array();
    if (tables == nullptr || tables->empty() || !tables->is_array_of_tables()) {
      throw InputError(fmt::format("{}: write {} as tables: [[{}]]", at_line(file_, node.source()),
                                   list_, list_));
    }
    if (tables->size() > kMaxStages) {
      throw InputError(
          fmt::format("{}: more than {} stages", at_line(file_, node.source()), kMaxStages));
    }
    for (const toml::node& table : *tables) {
      const bool last = &table == &tables->back();
      read_stage(*table.as_table(), last);
    }
    require_all_used();
    find_kernels();
    return std::move(out_);
  }

 private:
  void read_stage(const toml::table& table, bool last) {
    Stage stage;
    for (const auto& [key, value] : table) {
      const std::string where = at_line(file_, key.source());
      if (key.str() == "name") {
        continue;
      }
      Coefficient times = coefficient(key.str(), value, where);
      if (key.str() == "z") {
        if (!times.value.is_zero()) {
          stage.noise = std::move(times);
        }
      } else if (key.str().substr(0, 2) == "s(" || key.str() == "s") {
        stage.scores.push_back({score(key.str(), where), std::move(times)});
      } else {
        stage.points.push_back({point(key.str(), where), std::move(times)});
      }
    }
    if (stage.points.empty() && stage.scores.empty()) {
      throw InputError(fmt::format("{}: a stage needs a vector, such as y = \"1/sqrt(alpha)\"",
                                   at_line(file_, table.source())));
    }
    stage.name = stage_name(table, last);
    out_.stages.push_back(std::move(stage));
    // Known from the next stage on.
    names_.push_back(out_.stages.back().name);
  }

  std::string stage_name(const toml::table& table, bool last) const {
    const toml::node* node = table.get("name");
    if (last) {
      if (node != nullptr) {
        throw InputError(
            fmt::format("{}: the last stage is the update, Y_(t-1), and has no name; leave it out",
                        at_line(file_, node->source())));
      }
      return "Y_{t-1}";
    }
    const auto name = node == nullptr ? std::nullopt : node->value_exact<std::string>();
    if (!name || !is_identifier(*name) || name->size() > kMaxName) {
      throw InputError(
          fmt::format("{}: a stage before the last needs name = \"...\", at most {} letters and "
                      "digits, by which "
                      "later stages take its point",
                      at_line(file_, node == nullptr ? table.source() : node->source()), kMaxName));
    }
    static const std::set<std::string> kTaken{"y", "s", "z", "name"};
    if (kTaken.count(*name) != 0 ||
        std::find(names_.begin(), names_.end(), *name) != names_.end()) {
      throw InputError(fmt::format("{}: the name '{}' is taken; choose another",
                                   at_line(file_, node->source()), quoted(*name)));
    }
    return *name;
  }

  /// A number or an expression in quotes.
  Coefficient coefficient(std::string_view key, const toml::node& value,
                          const std::string& where) const {
    std::string text;
    if (const auto quoted_text = value.value_exact<std::string>()) {
      text = *quoted_text;
    } else if (const auto whole = value.value_exact<int64_t>()) {
      text = fmt::format("{}", *whole);
    } else {
      throw InputError(fmt::format("{}: {} must be an expression in quotes, or a whole number",
                                   where, quoted(key)));
    }
    const std::string origin = fmt::format("{}: {}", where, quoted(key));
    return {parse_expression(text, origin), text, origin};
  }

  /// The index of the point called `name`: 0 is Y_t.
  std::size_t point(std::string_view name, const std::string& where) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end() || name == "Y_{t-1}") {
      throw_unknown_name(where, "vector", name, names_and("z", "s", "s(t-1, y)"),
                         "a stage combines y, s(t, y), s(t-1, NAME), s(t+1, NAME), the names of "
                         "stages above it, and z, the noise");
    }
    const auto index = static_cast<std::size_t>(found - names_.begin());
    used_.insert(index);
    return index;
  }

  template <class... More>
  std::vector<std::string> names_and(More... more) const {
    std::vector<std::string> all(names_);
    (all.emplace_back(more), ...);
    return all;
  }

  /// `s(t, y)`, `s(t-1, mid)`, `s(t+1, back)`; `s` alone is s(t, y).
  std::size_t score(std::string_view key, const std::string& where) {
    std::string text;
    std::copy_if(key.begin(), key.end(), std::back_inserter(text), [](char c) { return c != ' '; });
    if (text == "s") {
      text = "s(t,y)";
    }
    const std::size_t comma = text.find(',');
    const std::string level = comma == std::string::npos ? "" : text.substr(2, comma - 2);
    const bool known = level == "t" || level == "t-1" || level == "t+1";
    if (!known || text.back() != ')') {
      throw InputError(fmt::format(
          "{}: '{}' is no score; write s(t, y), s(t-1, NAME) or s(t+1, NAME)", where, quoted(key)));
    }
    const int offset = level == "t" ? 0 : (level == "t-1" ? -1 : 1);
    const std::size_t at = point(text.substr(comma + 1, text.size() - comma - 2), where);
    const auto same = [&](const ScoreCall& call) {
      return call.offset == offset && call.point == at;
    };
    const auto found = std::find_if(out_.calls.begin(), out_.calls.end(), same);
    if (found != out_.calls.end()) {
      return static_cast<std::size_t>(found - out_.calls.begin());
    }
    out_.calls.push_back({offset, at});
    return out_.calls.size() - 1;
  }

  /// A name nobody uses is most often a misspelt one.
  void require_all_used() const {
    for (std::size_t k = 1; k + 1 < names_.size(); ++k) {
      if (used_.count(k) == 0) {
        throw InputError(
            fmt::format("{}: [[{}]]: the point '{}' is never used", file_, list_, names_[k]));
      }
    }
  }

  /// The last stage ends a kernel; a noise does where later stages use only what comes after it.
  void find_kernels() {
    out_.stages.back().ends_kernel = true;
    for (std::size_t k = 0; k + 1 < out_.stages.size(); ++k) {
      bool ends = out_.stages[k].noise.has_value();
      for (std::size_t later = k + 1; later < out_.stages.size(); ++later) {
        const Stage& stage = out_.stages[later];
        const auto old_point = [&](const auto& term) { return term.of < k + 1; };
        const auto old_score = [&](const auto& term) { return out_.calls[term.of].point < k + 1; };
        ends = ends && std::none_of(stage.points.begin(), stage.points.end(), old_point) &&
               std::none_of(stage.scores.begin(), stage.scores.end(), old_score);
      }
      out_.stages[k].ends_kernel = ends;
    }
  }

  const std::string& file_;
  std::string_view list_;
  StageList out_;
  std::vector<std::string> names_{"y"};
  std::set<std::size_t> used_;
};

/// What in a step needs the level t+1, "" if nothing does.
std::string looking_back(const StageList& list) {
  for (const Stage& stage : list.stages) {
    const auto back = [&](const Coefficient& c) { return c.value.looks_back(); };
    for (const auto& term : stage.points) {
      if (back(term.times)) return term.times.origin;
    }
    for (const auto& term : stage.scores) {
      if (back(term.times) || list.calls[term.of].offset == 1) return term.times.origin;
    }
    if (stage.noise && back(*stage.noise)) return stage.noise->origin;
  }
  return "";
}

void check_looking_back(const ExpressionSteps& steps, const std::string& file) {
  const std::string where = looking_back(steps.at(true));
  if (where.empty()) {
    return;
  }
  throw InputError(
      steps.first
          ? fmt::format("{}: the first step t = T has no level t+1: use t and t-1 in [[first]]",
                        where)
          : fmt::format("{}: looks back to t+1, which the first step t = T does not have; give "
                        "{} its stages as [[first]]",
                        where, file));
}

std::string text_or(const toml::table& table, const std::string& file, std::string_view key,
                    std::string otherwise) {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    return otherwise;
  }
  const auto text = node->value_exact<std::string>();
  if (!text) {
    throw InputError(
        fmt::format("{}: {} must be text in quotes", at_line(file, node->source()), key));
  }
  return *text;
}

}  // namespace

bool StageList::deterministic() const {
  return std::none_of(stages.begin(), stages.end(),
                      [](const Stage& stage) { return stage.noise.has_value(); });
}

std::string StageList::formula() const {
  const auto point_name = [&](std::size_t index) {
    return index == 0 ? std::string("y") : stages[index - 1].name;
  };
  std::string out;
  for (const Stage& stage : stages) {
    out += fmt::format("{}{} =", out.empty() ? "" : "; ", stage.name);
    const char* joint = " ";
    const auto add = [&](const Coefficient& times, const std::string& vector) {
      out += fmt::format("{}({}) {}", std::exchange(joint, " + "), times.text, vector);
    };
    for (const auto& term : stage.points) {
      add(term.times, point_name(term.of));
    }
    for (const auto& term : stage.scores) {
      const ScoreCall& call = calls[term.of];
      const char* level = call.offset == 0 ? "t" : (call.offset < 0 ? "t-1" : "t+1");
      add(term.times, fmt::format("s({}, {})", level, point_name(call.point)));
    }
    if (stage.noise) {
      add(*stage.noise, "z");
    }
  }
  return out;
}

ExpressionSteps parse_expression_steps(std::string_view document, const std::string& file) {
  toml::table table;
  try {
    table = toml::parse(document, file);
  } catch (const toml::parse_error& error) {
    throw InputError(
        fmt::format("{}: {}", at_line(file, error.source()), quoted(error.description())));
  }
  ExpressionSteps out;
  for (const auto& [key, node] : table) {
    if (key.str() == "stage") {
      out.step = StageReader(file, "stage").read(node);
    } else if (key.str() == "first") {
      out.first = StageReader(file, "first").read(node);
    } else if (key.str() != "title" && key.str() != "source") {
      throw_unknown_name(at_line(file, key.source()), "key", key.str(),
                         {"title", "source", "stage", "first"},
                         "a sampler has title, source, [[stage]] and [[first]]");
    }
  }
  if (out.step.stages.empty()) {
    throw InputError(fmt::format("{}:1: needs at least one [[stage]]", file));
  }
  out.title = text_or(table, file, "title", "a sampler of " + file);
  out.source = text_or(table, file, "source", file);
  check_looking_back(out, file);
  return out;
}

}  // namespace lemmabench
