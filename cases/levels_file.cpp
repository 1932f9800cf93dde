#include "cases/levels_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "cases/points/point_file.hpp"
#include "cases/samplers/expression_sampler.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxFileSize = std::size_t{256} << 20;

/// A list with what its numbers are.
struct Column {
  std::vector<double> values;
  LevelScale scale = LevelScale::sigma;
};

struct Key {
  const char* name;
  LevelScale scale;
};
constexpr Key kKeys[] = {{"sigmas", LevelScale::sigma}, {"sigma", LevelScale::sigma},
                         {"abar", LevelScale::abar},    {"alphas_cumprod", LevelScale::abar},
                         {"betas", LevelScale::beta},   {"beta", LevelScale::beta}};

std::vector<double> numbers(const Json& list, const std::string& where) {
  if (!list.is_array()) {
    throw InputError(fmt::format("{}: is no list of numbers", where));
  }
  std::vector<double> out;
  out.reserve(list.size());
  for (const Json& item : list) {
    if (item.is_number()) {
      out.push_back(item.get<double>());
    } else if (item == "inf") {
      out.push_back(HUGE_VAL);
    } else {
      throw InputError(fmt::format("{}: entry {} is {}; levels are a flat list of numbers", where,
                                   out.size() + 1, quoted(item.dump())));
    }
  }
  return out;
}

Json parse_json(std::string_view bytes, const std::string& where) {
  try {
    return Json::parse(bytes);
  } catch (const Json::parse_error& error) {
    throw InputError(
        fmt::format("{}: is no JSON (byte {}); numbers are finite there, and infinity is \"inf\"",
                    where, error.byte));
  } catch (const Json::out_of_range&) {
    throw InputError(fmt::format("{}: has a number beyond the range of doubles", where));
  }
}

Column from_json(std::string_view bytes, std::optional<LevelScale> column,
                 const std::string& where) {
  const Json document = parse_json(bytes, where);
  if (!document.is_object()) {
    return {numbers(document, where), column.value_or(LevelScale::sigma)};
  }
  const Key* found = nullptr;
  for (const Key& key : kKeys) {
    if (!document.contains(key.name) || (column && *column != key.scale)) {
      continue;
    }
    if (found != nullptr) {
      throw InputError(fmt::format(
          "{}: has both '{}' and '{}'; {}", where, found->name, key.name,
          found->scale == key.scale ? "leave one of them out" : "say column=sigma, abar or beta"));
    }
    found = &key;
  }
  if (found == nullptr) {
    throw InputError(fmt::format("{}: has no list under {}", where,
                                 column ? fmt::format("a name of {}", name(*column))
                                        : std::string("sigmas, abar, alphas_cumprod or betas")));
  }
  return {numbers(document.at(found->name), fmt::format("{}: {}", where, found->name)),
          found->scale};
}

Column from_table(PointTable table, std::optional<LevelScale> column, const std::string& where) {
  if (table.columns != 1 && table.rows != 1) {
    throw InputError(fmt::format("{}: has {} rows of {} numbers; levels are one list", where,
                                 table.rows, table.columns));
  }
  return {std::move(table.values), column.value_or(LevelScale::sigma)};
}

}  // namespace

ListedSchedule parse_levels(std::string_view bytes, const std::string& file,
                            std::optional<LevelScale> column, std::string_view origin) {
  const std::string where = fmt::format("{}: {}", origin, quoted(file));
  Column read;
  if (file.ends_with(".json")) {
    read = from_json(bytes, column, where);
  } else if (file.ends_with(".csv")) {
    read = from_table(parse_csv(bytes, 0, where), column, where);
  } else if (file.ends_with(".npy")) {
    read = from_table(parse_npy(bytes, 0, where), column, where);
  } else {
    throw InputError(where + ": levels are read from .json, .csv and .npy files");
  }
  ListedSchedule out = listed_schedule(read.scale, std::move(read.values), where);
  out.file = file;
  out.hash = content_hash(bytes);
  return out;
}

ListedSchedule read_levels_file(const std::string& file, std::optional<LevelScale> column,
                                std::string_view hash, std::string_view origin) {
  const std::string where = fmt::format("{}: {}", origin, quoted(file));
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw InputError(where + ": cannot read this file");
  }
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || bytes.size() > kMaxFileSize) {
    throw InputError(
        fmt::format("{}: cannot be read, or has more than {} bytes", where, kMaxFileSize));
  }
  if (!hash.empty() && hash != content_hash(bytes)) {
    throw InputError(
        fmt::format("{}: the file has changed since hash={}: it is {} now; leave the hash out to "
                    "take it as it is",
                    where, quoted(std::string(hash)), content_hash(bytes)));
  }
  return parse_levels(bytes, file, column, origin);
}

}  // namespace lemmabench
