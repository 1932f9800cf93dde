#include "cases/samplers/expression_steps.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <utility>

#include "cases/memory_slots.hpp"
#include "cases/samplers/expression_reader.hpp"
#include "cases/spec.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::array<const char*, 3> kStarts{"first", "second", "third"};

/// Something in a step that earlier levels or steps must be there for.
struct Need {
  int depth = 0;            ///< t + depth
  std::string origin;       ///< where the file says so
  std::string_view vector;  ///< the point that the step there must make; empty for a level
};

std::vector<Need> needs_of(const StageList& list, const std::vector<OwnLevel>& levels) {
  std::vector<Need> out;
  const auto add = [&](const Coefficient& c) {
    if (const int depth = c.value.look_back(); depth > 0) {
      out.push_back({depth, c.origin, {}});
    }
  };
  for (const Stage& stage : list.stages) {
    for (const auto& term : stage.points) {
      add(term.times);
    }
    for (const auto& term : stage.scores) {
      add(term.times);
      const ScoreCall& call = list.calls[term.of];
      if (call.offset == 1) {
        out.push_back({1, term.times.origin, {}});
      }
      if (call.level) {
        add(levels[*call.level].value);
      }
    }
    for (const auto& each : {stage.bound, stage.noise}) {
      if (each) {
        add(*each);
      }
    }
  }
  for (const EarlierPoint& point : list.earlier) {
    out.push_back({point.lag, point.origin, point.name});
  }
  return out;
}

/// What can be wrong between the lists of a file.
class ListChecks {
 public:
  ListChecks(const ExpressionSteps& steps, const std::string& file) : steps_(steps), file_(file) {}

  void run() const {
    require_known_vectors();
    require_steps_before();
    require_all_used();
    require_slots();
  }

 private:
  void require_known_vectors() const {
    std::vector<std::string> known{"y"};
    for (const StageList* list : steps_.lists()) {
      for (std::size_t k = 0; k + 1 < list->stages.size(); ++k) {
        known.push_back(list->stages[k].name);
      }
    }
    for (const StageList* list : steps_.lists()) {
      for (const EarlierPoint& point : list->earlier) {
        if (std::find(known.begin(), known.end(), point.name) == known.end()) {
          throw_unknown_name(point.origin, "vector", point.name, known,
                             "NAME(t+1) is the point of the stage with that name in the step "
                             "before; y(t+1) is where that step started");
        }
      }
    }
  }

  /// Every run, short ones too, has before each step what that asks for: beyond the starts and the
  /// longest lag nothing changes any more with T.
  void require_steps_before() const {
    constexpr int kShortRuns = 10;
    for (int steps = 2; steps <= kShortRuns; ++steps) {
      for (int t = steps; t >= 2; --t) {
        const StageList& list = steps_.at(t, steps);
        for (const Need& need : needs_of(list, steps_.levels)) {
          const int done = steps - t;
          if (need.depth > done) {
            refuse_look_back(list, need, done);
          }
          const StageList& there = steps_.at(t + need.depth, steps);
          if (!need.vector.empty() && !there.find(need.vector)) {
            throw InputError(fmt::format(
                "{}: [[{}]] makes no point '{}', and in a run of {} levels the step there is {} "
                "before this one; give it a stage of that name",
                need.origin, there.key, need.vector, steps,
                need.depth == 1 ? "the step" : fmt::format("{} steps", need.depth)));
          }
        }
      }
    }
  }

  /// The step number `done` (from 0) of a run has no level t + need.depth.
  [[noreturn]] void refuse_look_back(const StageList& list, const Need& need, int done) const {
    const char* name = kStarts[static_cast<std::size_t>(done)];
    const std::string at = done == 0 ? "T" : fmt::format("T-{}", done);
    if (list.key == name) {
      throw InputError(fmt::format(
          "{}: the {} step t = {} has no level t+{}: use {} in [[{}]]", need.origin, name, at,
          need.depth, done == 0 ? std::string("t and t-1") : fmt::format("t+{} and below", done),
          name));
    }
    throw InputError(
        fmt::format("{}: looks back to t+{}, which the {} step t = {} does not have; give {} its "
                    "stages as [[{}]]",
                    need.origin, need.depth, name, at, file_, name));
  }

  /// A name nobody uses is most often a misspelt one.
  void require_all_used() const {
    std::set<std::size_t> levels;
    for (const StageList* list : steps_.lists()) {
      std::set<std::size_t> points;
      const auto use = [&](const VectorRef& of) {
        if (!of.earlier) {
          points.insert(of.index);
        }
      };
      for (const Stage& stage : list->stages) {
        for (const auto& term : stage.points) {
          use(term.of);
        }
      }
      for (const ScoreCall& call : list->calls) {
        use(call.point);
        if (call.level) {
          levels.insert(*call.level);
        }
      }
      for (std::size_t k = 0; k + 1 < list->stages.size(); ++k) {
        const std::string& name = list->stages[k].name;
        if (points.count(k + 1) == 0 && steps_.remembered.count(name) == 0) {
          throw InputError(
              fmt::format("{}: [[{}]]: the point '{}' is never used", file_, list->key, name));
        }
      }
    }
    for (std::size_t k = 0; k < steps_.levels.size(); ++k) {
      if (levels.count(k) == 0) {
        throw InputError(
            fmt::format("{}: the level {} is never used", file_, steps_.levels[k].name));
      }
    }
  }

  void require_slots() const {
    int slots = 0;
    for (const auto& [name, lag] : steps_.remembered) {
      slots += lag + 1;
    }
    if (slots > kMemorySlots) {
      throw InputError(fmt::format(
          "{}: remembers too much: every NAME takes its longest t+k and one more, here {} in all; "
          "at most {}",
          file_, slots, kMemorySlots));
    }
  }

  const ExpressionSteps& steps_;
  const std::string& file_;
};

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

toml::table parse_toml(std::string_view document, const std::string& file) {
  try {
    return toml::parse(document, file);
  } catch (const toml::parse_error& error) {
    throw InputError(
        fmt::format("{}: {}", at_line(file, error.source()), quoted(error.description())));
  }
}

void require_known_keys(const toml::table& table, const std::string& file) {
  static const std::vector<std::string> kKnown{"title", "source", "level", "stage",
                                               "first", "second", "third", "last"};
  for (const auto& [key, node] : table) {
    if (std::find(kKnown.begin(), kKnown.end(), key.str()) == kKnown.end()) {
      throw_unknown_name(at_line(file, key.source()), "key", key.str(), kKnown,
                         "a sampler has title, source, [level.NAME], [[stage]], [[first]], "
                         "[[second]], [[third]] and [[last]]");
    }
  }
}

void read_starts(const toml::table& table, const std::string& file, ExpressionSteps& out) {
  for (const char* key : kStarts) {
    const toml::node* node = table.get(key);
    if (node == nullptr) {
      continue;
    }
    const StageList list = read_stages(*node, file, key, out.levels);
    const std::size_t before = out.starts.size();
    if (kStarts[before] != std::string_view(key)) {
      throw InputError(fmt::format("{}: [[{}]] needs [[{}]] before it",
                                   at_line(file, node->source()), key, kStarts[before]));
    }
    out.starts.push_back(list);
  }
}

/// A list as formulas.
class FormulaText {
 public:
  FormulaText(const StageList& list, const std::vector<OwnLevel>& levels)
      : list_(list), levels_(levels) {}

  std::string text() const {
    std::string out;
    for (const Stage& stage : list_.stages) {
      out += fmt::format("{}{} = {}", out.empty() ? "" : "; ", stage.name, right_side(stage));
    }
    return out;
  }

 private:
  std::string right_side(const Stage& stage) const {
    std::string sum;
    const auto add = [&](const Coefficient& times, const std::string& vector) {
      sum += fmt::format("{}({}) {}", sum.empty() ? "" : " + ", times.text, vector);
    };
    for (const auto& term : stage.points) {
      add(term.times, vector(term.of));
    }
    for (const auto& term : stage.scores) {
      add(term.times, score(list_.calls[term.of]));
    }
    if (stage.cut != Cut::none) {
      sum = fmt::format("{}_({}){{{}}}", stage.cut == Cut::clip ? "clip" : "clamp",
                        stage.bound->text, sum);
    }
    if (stage.noise) {
      add(*stage.noise, "z");
    }
    return sum;
  }

  std::string vector(const VectorRef& of) const {
    if (of.earlier) {
      return fmt::format("{}(t+{})", list_.earlier[of.index].name, list_.earlier[of.index].lag);
    }
    return of.index == 0 ? "y" : list_.stages[of.index - 1].name;
  }

  std::string score(const ScoreCall& call) const {
    const std::string level = call.level
                                  ? levels_[*call.level].name
                                  : (call.offset == 0 ? "t" : (call.offset < 0 ? "t-1" : "t+1"));
    return fmt::format("s({}, {})", level, vector(call.point));
  }

  const StageList& list_;
  const std::vector<OwnLevel>& levels_;
};

std::string_view name(OwnLevel::Unit unit) {
  switch (unit) {
    case OwnLevel::Unit::noise:
      return "noise";
    case OwnLevel::Unit::abar:
      return "abar";
    case OwnLevel::Unit::sigma:
      return "sigma";
    default:
      return "lambda";
  }
}

}  // namespace

bool StageList::deterministic() const {
  return std::none_of(stages.begin(), stages.end(),
                      [](const Stage& stage) { return stage.noise.has_value(); });
}

std::optional<std::size_t> StageList::find(std::string_view name) const {
  if (name == "y") {
    return 0;
  }
  for (std::size_t k = 0; k + 1 < stages.size(); ++k) {
    if (stages[k].name == name) {
      return k + 1;
    }
  }
  return std::nullopt;
}

std::vector<const StageList*> ExpressionSteps::lists() const {
  std::vector<const StageList*> out{&step};
  for (const StageList& list : starts) {
    out.push_back(&list);
  }
  if (last) {
    out.push_back(&*last);
  }
  return out;
}

bool ExpressionSteps::deterministic() const {
  const auto all = lists();
  return std::all_of(all.begin(), all.end(),
                     [](const StageList* list) { return list->deterministic(); });
}

std::string ExpressionSteps::formula() const {
  std::string out = FormulaText(step, levels).text();
  for (std::size_t k = 0; k < starts.size(); ++k) {
    out += fmt::format("; t = {}: {}", k == 0 ? "T" : fmt::format("T-{}", k),
                       FormulaText(starts[k], levels).text());
  }
  if (last) {
    out += fmt::format("; t = 2: {}", FormulaText(*last, levels).text());
  }
  for (const OwnLevel& level : levels) {
    out += fmt::format("; level {}: {} = {}", level.name, name(level.unit), level.value.text);
  }
  return out;
}

ExpressionSteps parse_expression_steps(std::string_view document, const std::string& file) {
  const toml::table table = parse_toml(document, file);
  require_known_keys(table, file);
  ExpressionSteps out;
  if (const toml::node* node = table.get("level")) {
    out.levels = read_levels(*node, file);
  }
  const toml::node* stages = table.get("stage");
  if (stages != nullptr) {
    out.step = read_stages(*stages, file, "stage", out.levels);
  }
  read_starts(table, file, out);
  if (const toml::node* node = table.get("last")) {
    out.last = read_stages(*node, file, "last", out.levels);
  }
  if (stages == nullptr) {
    throw InputError(fmt::format("{}:1: needs at least one [[stage]]", file));
  }
  out.title = text_or(table, file, "title", "a sampler of " + file);
  out.source = text_or(table, file, "source", file);
  for (const StageList* list : out.lists()) {
    for (const EarlierPoint& point : list->earlier) {
      int& lag = out.remembered[point.name];
      lag = std::max(lag, point.lag);
    }
  }
  ListChecks(out, file).run();
  return out;
}

}  // namespace lemmabench
