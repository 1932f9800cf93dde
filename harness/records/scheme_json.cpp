#include "harness/records/scheme_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "cases/spec.hpp"
#include "harness/io/files.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::json;

class SchemeReader {
 public:
  SchemeReader(std::string_view json, std::string_view origin) : origin_(origin) {
    document_ = parse(json);
  }

  Scheme read();

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(fmt::format("{}: {}", origin_, message));
  }
  Json parse(std::string_view json) const;
  void check_keys() const;
  const Json& needed(const char* key) const;
  double number(const Json& value, const std::string& where) const;
  long whole(const char* key, long least, long most) const;
  std::string optional_text(const char* key) const;
  std::optional<double> optional_number(const char* key) const;
  std::optional<double> size(const char* key) const;
  bool yes_or_no(const char* key) const;
  void require_list(const Json& value, const std::string& where, const char* entries,
                    const char* formula, std::size_t right) const;
  void read_levels(Scheme& scheme) const;
  void read_rounding(Scheme& scheme) const;
  void read_dense(Scheme& scheme) const;
  void read_recursion(Scheme& scheme) const;
  SchemeTerm term(const std::string& key, std::size_t row) const;

  Json document_;
  std::string origin_;
};

/// A value in a message: lists and objects may be of any depth and length.
std::string shown(const Json& value) {
  return value.is_array() ? "a list" : value.is_object() ? "an object" : quoted(value.dump());
}

/// Why the text is no JSON, read up to byte `at` (counted from 1). Python writes NaN and Infinity,
/// which JSON does not have.
std::string no_json(std::string_view json, std::size_t at) {
  for (const std::string_view word : {"NaN", "Infinity"}) {
    if (at > 0 && at <= json.size() && json.substr(at - 1).starts_with(word)) {
      return fmt::format(
          "has {} at byte {}; all levels and coefficients are finite numbers (an "
          "infinite first level is written \"inf\")",
          word, at);
    }
  }
  return json.find_first_not_of(" \n\r\t") == std::string_view::npos
             ? std::string("is empty; a scheme is one JSON object")
             : fmt::format("is not JSON from byte {} on; a scheme is one JSON object", at);
}

Json SchemeReader::parse(std::string_view json) const {
  std::vector<std::set<std::string>> keys;
  std::string twice;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == Json::parse_event_t::key &&
               !keys.back().insert(parsed.get<std::string>()).second) {
      twice = parsed.get<std::string>();
    }
    return true;
  };
  Json out;
  try {
    out = Json::parse(json, watch);
  } catch (const Json::parse_error& error) {
    fail(no_json(json, error.byte));
  } catch (const Json::exception& error) {
    const std::string_view what = error.what();
    const std::size_t number = what.find('\'');
    fail(number == std::string_view::npos
             ? fmt::format("is not JSON ({}); a scheme is one JSON object", quoted(what))
             : fmt::format("has the number {}; levels and coefficients are doubles, below 1.8e308",
                           quoted(what.substr(number))));
  }
  if (!twice.empty()) {
    fail(fmt::format("the key '{}' stands twice in one object; give it once",
                     quoted(std::string_view(twice))));
  }
  if (!out.is_object()) {
    fail("is not a JSON object; a scheme has sigmas, model_calls, draws and rows or recursion");
  }
  return out;
}

void SchemeReader::check_keys() const {
  const std::vector<std::string> known = {"source",
                                          "steps",
                                          "parametrisation",
                                          "sigmas",
                                          "model_calls",
                                          "draws",
                                          "rows",
                                          "recursion",
                                          "gaussian_start_variance",
                                          "advertised_order",
                                          "linearity_defect",
                                          "float32",
                                          "rounding_floor",
                                          "levels_rise"};
  for (const auto& [key, value] : document_.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw_unknown_name(origin_, "key", quoted(key), known,
                         "keys are " + fmt::format("{}", fmt::join(known, ", ")));
    }
  }
}

const Json& SchemeReader::needed(const char* key) const {
  const auto found = document_.find(key);
  if (found == document_.end()) {
    fail(fmt::format("has no '{}'", key));
  }
  return *found;
}

double SchemeReader::number(const Json& value, const std::string& where) const {
  if (!value.is_number()) {
    fail(fmt::format("{} is {}, not a number", where, shown(value)));
  }
  return value.get<double>();
}

long SchemeReader::whole(const char* key, long least, long most) const {
  const Json& value = needed(key);
  if (!value.is_number_integer() || value.get<double>() < static_cast<double>(least) ||
      value.get<double>() > static_cast<double>(most)) {
    fail(fmt::format("{} is {}; it is a whole number from {} to {}", key, shown(value), least,
                     most));
  }
  return value.get<long>();
}

std::string SchemeReader::optional_text(const char* key) const {
  const auto found = document_.find(key);
  if (found == document_.end()) {
    return "";
  }
  if (!found->is_string()) {
    fail(fmt::format("{} is {}, not text", key, shown(*found)));
  }
  return found->get<std::string>();
}

std::optional<double> SchemeReader::optional_number(const char* key) const {
  const auto found = document_.find(key);
  return found == document_.end() ? std::nullopt : std::optional(number(*found, key));
}

/// A relative size, 0 or above.
std::optional<double> SchemeReader::size(const char* key) const {
  const std::optional<double> out = optional_number(key);
  if (out && !(*out >= 0 && *out < 1)) {
    fail(fmt::format("{} is {}; it is a relative size, from 0 to 1", key, *out));
  }
  return out;
}

void SchemeReader::read_levels(Scheme& scheme) const {
  const Json& levels = needed("sigmas");
  if (!levels.is_array()) {
    fail("sigmas is not a list of numbers");
  }
  if (levels.size() != static_cast<std::size_t>(whole("model_calls", 1, kMaxSchemeCalls)) + 1) {
    fail(
        fmt::format("sigmas has {} numbers; model_calls + 1 = {} are right: one level for each "
                    "call and that of the output",
                    levels.size(), whole("model_calls", 1, kMaxSchemeCalls) + 1));
  }
  for (std::size_t k = 0; k < levels.size(); ++k) {
    scheme.levels.push_back(k == 0 && levels[0] == "inf"
                                ? std::numeric_limits<double>::infinity()
                                : number(levels[k], fmt::format("sigmas[{}]", k)));
  }
}

bool SchemeReader::yes_or_no(const char* key) const {
  const auto found = document_.find(key);
  if (found == document_.end()) {
    return false;
  }
  if (!found->is_boolean()) {
    fail(fmt::format("{} is {}; it is true or false", key, shown(*found)));
  }
  return found->get<bool>();
}

/// "float32" is what a tracer notes: whether, or at which relative size, the code rounds to floats.
void SchemeReader::read_rounding(Scheme& scheme) const {
  constexpr double kFloatRounding = 0x1p-24;
  const auto found = document_.find("float32");
  if (found != document_.end()) {
    if (found->is_boolean()) {
      if (found->get<bool>()) {
        scheme.rounding_floor = kFloatRounding;
      }
    } else {
      scheme.rounding_floor = size("float32");
    }
  }
  if (const std::optional<double> floor = size("rounding_floor")) {
    scheme.rounding_floor = floor;
  }
}

void SchemeReader::require_list(const Json& value, const std::string& where, const char* entries,
                                const char* formula, std::size_t right) const {
  if (!value.is_array()) {
    fail(fmt::format("{} is {}, not a list of {}", where, shown(value), entries));
  }
  if (value.size() != right) {
    fail(fmt::format("{} has {} {}; {} = {} are right", where, value.size(), entries, formula,
                     right));
  }
}

void SchemeReader::read_dense(Scheme& scheme) const {
  const Json& rows = needed("rows");
  const std::size_t calls = scheme.calls();
  const std::size_t columns = 1 + calls + scheme.draws;
  require_list(rows, "rows", "entries", "model_calls + 1", calls + 1);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    require_list(rows[k], fmt::format("rows[{}]", k), "numbers", "1 + model_calls + draws",
                 columns);
    SchemeRow row;
    for (std::size_t c = 0; c < columns; ++c) {
      // The name of the place costs more than the number.
      const Json& entry = rows[k][c];
      const double value = entry.is_number() ? entry.get<double>()
                                             : number(entry, fmt::format("rows[{}][{}]", k, c));
      if (value == 0) {
        continue;
      }
      if (c == 0) {
        row.push_back({SchemeSource::start, 0, value});
      } else if (c <= calls) {
        row.push_back({SchemeSource::output, static_cast<std::uint32_t>(c - 1), value});
      } else {
        row.push_back({SchemeSource::draw, static_cast<std::uint32_t>(c - 1 - calls), value});
      }
    }
    scheme.rows.push_back(std::move(row));
  }
}

SchemeTerm SchemeReader::term(const std::string& key, std::size_t row) const {
  SchemeTerm out;
  if (key == "x") {
    return out;
  }
  const char* const end = key.data() + key.size();
  const auto read = key.empty() ? std::from_chars_result{end, std::errc::invalid_argument}
                                : std::from_chars(key.data() + 1, end, out.index);
  const bool numbered = read.ec == std::errc() && read.ptr == end;
  const char letter = key.empty() ? ' ' : key.front();
  if (!numbered || (letter != 'y' && letter != 'D' && letter != 'z')) {
    fail(fmt::format("recursion[{}] has the key '{}'; keys are x, y0, y1, ..., D0, ..., z0, ...",
                     row, quoted(key)));
  }
  out.source = letter == 'y'   ? SchemeSource::row
               : letter == 'D' ? SchemeSource::output
                               : SchemeSource::draw;
  return out;
}

void SchemeReader::read_recursion(Scheme& scheme) const {
  const Json& rows = needed("recursion");
  require_list(rows, "recursion", "entries", "model_calls + 1", scheme.calls() + 1);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (!rows[k].is_object()) {
      fail(fmt::format("recursion[{}] is no object; one is {{\"y0\": 0.5, \"D0\": 0.5}}", k));
    }
    SchemeRow row;
    for (const auto& [key, value] : rows[k].items()) {
      SchemeTerm entry = term(key, k);
      entry.coefficient = number(value, fmt::format("recursion[{}], {}", k, quoted(key)));
      if (entry.coefficient != 0) {
        row.push_back(entry);
      }
    }
    scheme.rows.push_back(std::move(row));
  }
}

Scheme SchemeReader::read() {
  check_keys();
  Scheme scheme;
  scheme.source = optional_text("source");
  optional_text("parametrisation");
  if (document_.contains("steps")) {
    scheme.steps = whole("steps", 1, 1'000'000'000);
  }
  if (document_.contains("advertised_order")) {
    scheme.advertised_order = whole("advertised_order", 0, 100);
  }
  scheme.levels_rise = yes_or_no("levels_rise");
  read_levels(scheme);
  scheme.draws = static_cast<std::size_t>(whole("draws", 0, kMaxSchemeDraws));
  scheme.gaussian_start_variance = optional_number("gaussian_start_variance");
  scheme.linearity_defect = optional_number("linearity_defect");
  read_rounding(scheme);
  if (document_.contains("rows") == document_.contains("recursion")) {
    fail(document_.contains("rows") ? "has both rows and recursion; give one of them"
                                    : "has neither rows nor recursion; one of them is the scheme");
  }
  document_.contains("rows") ? read_dense(scheme) : read_recursion(scheme);
  require_sound(scheme, origin_);
  return scheme;
}

}  // namespace

Scheme parse_scheme(std::string_view json, std::string_view origin) {
  return SchemeReader(json, origin).read();
}

bool is_scheme(std::string_view json) {
  const auto value = nlohmann::json::parse(json, nullptr, false);
  return value.is_discarded() || (value.is_object() && value.contains("sigmas"));
}

Scheme read_scheme(const std::filesystem::path& path, std::string_view origin) {
  return parse_scheme(read_file(path),
                      fmt::format("{}{}{}", origin, origin.empty() ? "" : " ", path.string()));
}

}  // namespace lemmabench
