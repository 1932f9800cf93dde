#include "cases/targets/cloud.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cases/points/point_reader.hpp"
#include "cases/targets/mixture.hpp"
#include "numerics/error.hpp"
#include "numerics/rational.hpp"
#include "theory/mixture/factor_mixture.hpp"
#include "theory/mixture/vector_mixture.hpp"

namespace lemmabench {
namespace {

using Rows = std::vector<std::vector<Rational>>;

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

/// "a/b;c/d", or a list of "a / b" from TOML.
Rows read_rows(Spec& spec, std::string_view key) {
  Rows out;
  for (const std::string& row : spec.parts(key, ';')) {
    out.emplace_back();
    for (std::size_t start = 0; start <= row.size();) {
      const std::size_t end = std::min(row.find('/', start), row.size());
      out.back().push_back(Rational::parse(
          trimmed(std::string_view(row).substr(start, end - start)), spec.where(key)));
      start = end + 1;
    }
  }
  return out;
}

std::string text_of(const Rows& rows) {
  std::string out;
  for (const std::vector<Rational>& row : rows) {
    std::vector<std::string> items;
    for (const Rational& x : row) {
      items.push_back(x.text());
    }
    out += fmt::format("{}{}", out.empty() ? "" : ";", fmt::join(items, "/"));
  }
  return out;
}

std::vector<double> flat(const Rows& rows) {
  std::vector<double> out;
  for (const std::vector<Rational>& row : rows) {
    for (const Rational& x : row) {
      out.push_back(x.to_double());
    }
  }
  return out;
}

void check_size(const Spec& spec, std::size_t size) {
  if (size > kMaxComponents) {
    spec.fail(fmt::format("{} centres; at most {} are taken{}", size, kMaxComponents,
                          spec.has("file") ? ": give count" : ""));
  }
}

std::vector<double> read_weights(Spec& spec, std::size_t size, std::string& text) {
  if (!spec.has("weights")) {
    return std::vector<double>(size, 1 / static_cast<double>(size));
  }
  const std::vector<Rational> weights = spec.numbers("weights");
  Rational total;
  std::vector<double> out;
  for (const Rational& weight : weights) {
    total = total + weight;
    out.push_back(weight.to_double());
    if (weight.sign() <= 0) {
      spec.fail_at("weights", fmt::format("{} is not above 0", weight.text()));
    }
  }
  if (weights.size() != size) {
    spec.fail_at("weights", fmt::format("has {} entries for {} centres", weights.size(), size));
  }
  if (!(total == Rational(1))) {
    spec.fail_at("weights", fmt::format("sum to {}; they must sum to exactly 1", total.text()));
  }
  text += "weights=" + join_list(weights) + ",";
  return out;
}

/// One variance for all, or size rows of dim.
std::vector<double> read_variances(Spec& spec, std::size_t size, std::size_t dim,
                                   std::string& text) {
  Rows rows = read_rows(spec, "variances");
  text += ",variances=" + text_of(rows);
  for (const double v : flat(rows)) {
    if (!(v > 0)) {
      spec.fail_at("variances", fmt::format("{} is not above 0", v));
    }
  }
  if (rows.size() == 1 && rows[0].size() == 1) {
    return flat(rows);
  }
  if (rows.size() == 1 && size > 1 && rows[0].size() == size) {
    // One a component, written a/b/c.
    Rows column;
    for (const Rational& x : rows[0]) {
      column.push_back({x});
    }
    rows = std::move(column);
  }
  std::vector<double> out;
  for (const std::vector<Rational>& row : rows) {
    if (rows.size() != size || (row.size() != 1 && row.size() != dim)) {
      spec.fail_at(
          "variances",
          fmt::format("give one, one a centre, or a row of {} for each of {} centres", dim, size));
    }
    for (std::size_t i = 0; i < dim; ++i) {
      out.push_back(row[row.size() == 1 ? 0 : i].to_double());
    }
  }
  return out;
}

std::shared_ptr<const CloudSource> loaded(std::shared_ptr<const VectorLaw> law) {
  const auto dim = static_cast<long>(law->dim());
  return std::make_shared<CloudSource>(CloudSource{dim, [law = std::move(law)] { return law; }});
}

VectorMixture smoothed_mixture(PointTable points, double bandwidth) {
  return {points.columns,
          std::vector<double>(points.rows, 1 / static_cast<double>(points.rows)),
          std::move(points.values),
          {bandwidth * bandwidth}};
}

/// With the factors of the covariances, if there are any.
std::shared_ptr<const VectorLaw> with_factors(VectorMixture diagonal,
                                              const std::vector<double>& factors,
                                              const Spec& spec) {
  if (factors.empty()) {
    return std::make_shared<VectorMixture>(std::move(diagonal));
  }
  try {
    return std::make_shared<FactorMixture>(std::move(diagonal), factors);
  } catch (const InputError& error) {
    spec.fail(error.what());
  }
}

/// Rows of dim coordinates, the columns of U_1, then those of U_2, ...
std::vector<double> read_factors(Spec& spec, std::size_t dim, std::string& text) {
  if (!spec.has("factors")) {
    return {};
  }
  const Rows rows = read_rows(spec, "factors");
  for (const std::vector<Rational>& row : rows) {
    if (row.size() != dim) {
      spec.fail_at("factors",
                   fmt::format("a row of {} coordinates, centres have {}", row.size(), dim));
    }
  }
  text += ",factors=" + text_of(rows);
  return flat(rows);
}

CloudTarget from_lists(Spec& spec) {
  const Rows means = read_rows(spec, "means");
  const std::size_t dim = means.front().size();
  for (const std::vector<Rational>& row : means) {
    if (row.size() != dim) {
      spec.fail_at("means", fmt::format("centres of {} and {} coordinates", dim, row.size()));
    }
  }
  check_size(spec, means.size());
  std::string text = "cloud:";
  std::vector<double> weights = read_weights(spec, means.size(), text);
  text += "means=" + text_of(means);
  std::vector<double> variances = read_variances(spec, means.size(), dim, text);
  const std::vector<double> factors = read_factors(spec, dim, text);
  return {loaded(with_factors({dim, std::move(weights), flat(means), std::move(variances)}, factors,
                              spec)),
          std::move(text)};
}

/// What the reader took in one of several ways goes to stderr, once a run: a target is made often.
PointTable read_aloud(const std::string& path, std::size_t rows, const std::string& origin) {
  static std::mutex mutex;
  static std::set<std::string> said;
  ReadPoints read = read_point_file(path, rows, origin);
  const std::lock_guard<std::mutex> lock(mutex);
  for (const std::string& note : read.notes) {
    if (said.insert(note).second) {
      fmt::print(stderr, "lemmabench: note: {}: {}\n", origin, note);
    }
  }
  return std::move(read.points);
}

CloudTarget from_file(Spec& spec) {
  const std::string path = spec.word("file");
  const Rational bandwidth = spec.number("bandwidth");
  const Rational scale = spec.number_or("scale", Rational(1));
  const long count = spec.integer_or("count", 1, static_cast<long>(kMaxComponents), 0);
  check_bandwidth(spec, bandwidth);
  PointTable table = read_aloud(path, static_cast<std::size_t>(count), spec.where("file"));
  check_size(spec, table.rows);
  if (count > 0 && table.rows < static_cast<std::size_t>(count)) {
    spec.fail_at("count", fmt::format("{} asked for, the file has {} rows", count, table.rows));
  }
  for (double& x : table.values) {
    x *= scale.to_double();
  }
  std::string text = fmt::format("cloud:file={},bandwidth={}", path, bandwidth.text());
  if (count > 0) {
    text += fmt::format(",count={}", count);
  }
  if (!(scale == Rational(1))) {
    text += ",scale=" + scale.text();
  }
  if (!spec.has("factors")) {
    return {loaded(smoothed_points(std::move(table), bandwidth.to_double())), std::move(text)};
  }
  const std::string factors_path = spec.word("factors");
  PointTable factors = read_aloud(factors_path, 0, spec.where("factors"));
  if (factors.columns != table.columns) {
    spec.fail_at("factors",
                 fmt::format("{} columns, the centres have {}", factors.columns, table.columns));
  }
  for (double& x : factors.values) {
    x *= scale.to_double();
  }
  return {loaded(with_factors(smoothed_mixture(std::move(table), bandwidth.to_double()),
                              factors.values, spec)),
          std::move(text) + ",factors=" + factors_path};
}

}  // namespace

std::shared_ptr<const VectorLaw> smoothed_points(PointTable points, double bandwidth) {
  return std::make_shared<VectorMixture>(smoothed_mixture(std::move(points), bandwidth));
}

void check_bandwidth(const Spec& spec, const Rational& bandwidth) {
  if (bandwidth.sign() <= 0) {
    spec.fail_at("bandwidth", "must be above 0: the score of bare points has no density");
  }
}

CloudTarget make_cloud(Spec& spec) { return spec.has("file") ? from_file(spec) : from_lists(spec); }

}  // namespace lemmabench
