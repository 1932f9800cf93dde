#include "cases/samplers/expression_reader.hpp"

#include <fmt/format.h>

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
constexpr std::size_t kMaxLevels = 32;
constexpr std::size_t kMaxName = 40;
constexpr int kMostLag = 3;

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9');
  });
}

std::string without_blanks(std::string_view key) {
  std::string text;
  std::copy_if(key.begin(), key.end(), std::back_inserter(text), [](char c) { return c != ' '; });
  return text;
}

/// A number or an expression in quotes.
Coefficient coefficient(std::string_view key, const toml::node& value, const std::string& where) {
  std::string text;
  if (const auto quoted_text = value.value_exact<std::string>()) {
    text = *quoted_text;
  } else if (const auto whole = value.value_exact<int64_t>()) {
    text = fmt::format("{}", *whole);
  } else {
    throw InputError(fmt::format("{}: {} must be an expression in quotes, or a whole number", where,
                                 quoted(key)));
  }
  const std::string origin = fmt::format("{}: {}", where, quoted(key));
  return {parse_expression(text, origin), text, origin};
}

/// Reads the stages of one list, in order.
class StageReader {
 public:
  StageReader(const std::string& file, const std::string& key, const std::vector<OwnLevel>& levels)
      : file_(file), levels_(levels) {
    out_.key = key;
  }

  StageList read(const toml::node& node) {
    const toml::array* tables = node.as_array();
    if (tables == nullptr || tables->empty() || !tables->is_array_of_tables()) {
      throw InputError(fmt::format("{}: write {} as tables: [[{}]]", at_line(file_, node.source()),
                                   out_.key, out_.key));
    }
    if (tables->size() > kMaxStages) {
      throw InputError(
          fmt::format("{}: more than {} stages", at_line(file_, node.source()), kMaxStages));
    }
    for (const toml::node& table : *tables) {
      const bool last = &table == &tables->back();
      read_stage(*table.as_table(), last);
    }
    find_kernels();
    return std::move(out_);
  }

 private:
  void read_stage(const toml::table& table, bool last) {
    Stage stage;
    for (const auto& [key, value] : table) {
      if (key.str() != "name") {
        read_term(std::string(key.str()), value, at_line(file_, key.source()), stage);
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

  void read_term(const std::string& key, const toml::node& value, const std::string& where,
                 Stage& stage) {
    Coefficient times = coefficient(key, value, where);
    if (key == "z") {
      if (!times.value.is_zero()) {
        stage.noise = std::move(times);
      }
    } else if (key == "clip" || key == "clamp") {
      if (stage.cut != Cut::none) {
        throw InputError(
            fmt::format("{}: a stage takes one of clip and clamp; give the other one "
                        "a stage of its own",
                        where));
      }
      stage.cut = key == "clip" ? Cut::clip : Cut::clamp;
      stage.bound = std::move(times);
    } else if (key.substr(0, 2) == "s(" || key == "s") {
      stage.scores.push_back({score(key, where), std::move(times)});
    } else {
      stage.points.push_back({point(without_blanks(key), where), std::move(times)});
    }
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
    static const std::set<std::string> kTaken{"y", "s", "z", "name", "clip", "clamp"};
    if (kTaken.count(*name) != 0 ||
        std::find(names_.begin(), names_.end(), *name) != names_.end()) {
      throw InputError(fmt::format("{}: the name '{}' is taken; choose another",
                                   at_line(file_, node->source()), quoted(*name)));
    }
    return *name;
  }

  /// The vector called `text`: "y", a stage's name, or one of them with "(t+1)" to "(t+3)".
  VectorRef point(const std::string& text, const std::string& where) {
    const std::size_t bracket = text.find('(');
    if (bracket != std::string::npos) {
      return {earlier(text, bracket, where), true};
    }
    const auto found = std::find(names_.begin(), names_.end(), text);
    if (found == names_.end() || text == "Y_{t-1}") {
      std::vector<std::string> known(names_);
      known.insert(known.end(), {"z", "s", "s(t-1, y)", "clip", "clamp"});
      throw_unknown_name(where, "vector", text, std::move(known),
                         "a stage combines y, s(t, y), s(t-1, NAME), s(t+1, NAME), the names of "
                         "stages above it, NAME(t+1) of the step before, and z, the noise");
    }
    return {static_cast<std::size_t>(found - names_.begin()), false};
  }

  /// The index of NAME(t+lag) among the vectors of earlier steps.
  std::size_t earlier(const std::string& text, std::size_t bracket, const std::string& where) {
    const std::string name = text.substr(0, bracket);
    int lag = 0;
    for (int k = 1; k <= kMostLag; ++k) {
      lag = text.substr(bracket) == fmt::format("(t+{})", k) ? k : lag;
    }
    if (lag == 0 || !is_identifier(name)) {
      throw InputError(
          fmt::format("{}: '{}' is no vector of an earlier step; write NAME(t+1), NAME(t+2) or "
                      "NAME(t+3), NAME being y or a stage's name",
                      where, quoted(text)));
    }
    const auto found = std::find_if(
        out_.earlier.begin(), out_.earlier.end(),
        [&](const EarlierPoint& known) { return known.name == name && known.lag == lag; });
    if (found != out_.earlier.end()) {
      return static_cast<std::size_t>(found - out_.earlier.begin());
    }
    out_.earlier.push_back({name, lag, fmt::format("{}: {}", where, quoted(text))});
    return out_.earlier.size() - 1;
  }

  /// `s(t, y)`, `s(t-1, mid)`, `s(t+1, back)`, `s(LEVEL, mid)`; `s` alone is s(t, y).
  std::size_t score(const std::string& key, const std::string& where) {
    const std::string text = key == "s" ? "s(t,y)" : without_blanks(key);
    const std::size_t comma = text.find(',');
    const std::string level = comma == std::string::npos ? "" : text.substr(2, comma - 2);
    ScoreCall call;
    const auto own = std::find_if(levels_.begin(), levels_.end(),
                                  [&](const OwnLevel& known) { return known.name == level; });
    if (own != levels_.end()) {
      call.level = static_cast<std::size_t>(own - levels_.begin());
    }
    const bool of_schedule = level == "t" || level == "t-1" || level == "t+1";
    if ((!of_schedule && !call.level) || text.back() != ')') {
      throw InputError(
          fmt::format("{}: '{}' is no score; write s(t, y), s(t-1, NAME), s(t+1, NAME) or s(LEVEL, "
                      "NAME) with a level of the file's own, [level.LEVEL]",
                      where, quoted(key)));
    }
    call.offset = level == "t-1" ? -1 : (level == "t+1" ? 1 : 0);
    call.point = point(text.substr(comma + 1, text.size() - comma - 2), where);
    const auto found = std::find(out_.calls.begin(), out_.calls.end(), call);
    if (found != out_.calls.end()) {
      return static_cast<std::size_t>(found - out_.calls.begin());
    }
    out_.calls.push_back(call);
    return out_.calls.size() - 1;
  }

  /// The last stage ends a kernel; a noise does where later stages use only what comes after it.
  void find_kernels() {
    out_.stages.back().ends_kernel = true;
    for (std::size_t k = 0; k + 1 < out_.stages.size(); ++k) {
      bool ends = out_.stages[k].noise.has_value();
      const auto old = [k](const VectorRef& of) { return !of.earlier && of.index < k + 1; };
      for (std::size_t later = k + 1; later < out_.stages.size(); ++later) {
        const Stage& stage = out_.stages[later];
        const auto old_point = [&](const auto& term) { return old(term.of); };
        const auto old_score = [&](const auto& term) { return old(out_.calls[term.of].point); };
        ends = ends && std::none_of(stage.points.begin(), stage.points.end(), old_point) &&
               std::none_of(stage.scores.begin(), stage.scores.end(), old_score);
      }
      out_.stages[k].ends_kernel = ends;
    }
  }

  const std::string& file_;
  const std::vector<OwnLevel>& levels_;
  StageList out_;
  std::vector<std::string> names_{"y"};
};

}  // namespace

std::string at_line(const std::string& file, const toml::source_region& region) {
  return fmt::format("{}:{}", file, region.begin.line);
}

std::vector<OwnLevel> read_levels(const toml::node& node, const std::string& file) {
  static constexpr std::pair<std::string_view, OwnLevel::Unit> kUnits[] = {
      {"noise", OwnLevel::Unit::noise},
      {"abar", OwnLevel::Unit::abar},
      {"sigma", OwnLevel::Unit::sigma},
      {"lambda", OwnLevel::Unit::lambda}};
  const toml::table* tables = node.as_table();
  if (tables == nullptr || tables->empty() || tables->size() > kMaxLevels) {
    throw InputError(
        fmt::format("{}: write levels as [level.NAME], each with one of noise, abar, "
                    "sigma and lambda; at most {}",
                    at_line(file, node.source()), kMaxLevels));
  }
  std::vector<OwnLevel> out;
  for (const auto& [key, value] : *tables) {
    const std::string where = at_line(file, key.source());
    const std::string name(key.str());
    const toml::table* level = value.as_table();
    if (!is_identifier(name) || name.size() > kMaxName || name == "t") {
      throw InputError(
          fmt::format("{}: '{}' is no name for a level; take at most {} letters and "
                      "digits, other than t",
                      where, quoted(name), kMaxName));
    }
    if (level == nullptr || level->size() != 1) {
      throw InputError(
          fmt::format("{}: level {} needs one number: noise (1 - abar), abar, sigma "
                      "(sqrt(noise/abar)) or lambda (-log(sigma))",
                      where, name));
    }
    const auto number = level->begin();
    const std::string unit(number->first.str());
    const std::string place = at_line(file, number->first.source());
    const auto known = std::find_if(std::begin(kUnits), std::end(kUnits),
                                    [&](const auto& entry) { return entry.first == unit; });
    if (known == std::end(kUnits)) {
      throw_unknown_name(place, "key", unit, {"noise", "abar", "sigma", "lambda"},
                         "a level is given by noise, abar, sigma or lambda");
    }
    out.push_back({name, known->second, coefficient(unit, number->second, place)});
  }
  return out;
}

StageList read_stages(const toml::node& node, const std::string& file, const std::string& key,
                      const std::vector<OwnLevel>& levels) {
  return StageReader(file, key, levels).read(node);
}

}  // namespace lemmabench
