#include "harness/engines/scheme/scheme_map.hpp"

#include <algorithm>
#include <utility>

namespace lemmabench {
namespace {

constexpr std::size_t kBlock = 64;  // points at a time: what lines remember stays in the cache

void add(double* to, double factor, const double* from, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    to[i] += factor * from[i];
  }
}

}  // namespace

std::size_t SchemeMap::add_call(MapLine line, LineDenoiser model) {
  lines_.push_back({std::move(line), {std::move(model)}});
  ++calls_;
  return lines_.size() - 1;
}

std::size_t SchemeMap::add_result(MapLine line) {
  lines_.push_back({std::move(line), {}});
  results_.push_back(lines_.size() - 1);
  return results_.size() - 1;
}

SchemeMap SchemeMap::only(std::size_t result) const {
  SchemeMap out = *this;
  out.results_ = {results_[result]};
  return out;
}

void SchemeMap::evaluate(const double* points, std::size_t count, double* values,
                         double* slopes) const {
  for (std::size_t from = 0; from < count; from += kBlock) {
    evaluate_block(points + from, std::min(kBlock, count - from), count, values + from,
                   slopes != nullptr ? slopes + from : nullptr);
  }
}

void SchemeMap::evaluate_block(const double* points, std::size_t count, std::size_t stride,
                               double* values, double* slopes) const {
  const std::size_t parts = slopes != nullptr ? 2 : 1;  // a value, and a slope behind it
  const std::size_t row = parts * kBlock;
  std::vector<double> at(lines_.size() * row, 0);
  std::vector<double> outputs(lines_.size() * row, 0);
  for (std::size_t n = 0; n < lines_.size(); ++n) {
    const MapLine& terms = lines_[n].terms;
    double* value = at.data() + n * row;
    for (std::size_t i = 0; i < count; ++i) {
      value[i] = terms.start * points[i];
    }
    if (slopes != nullptr) {
      std::fill_n(value + kBlock, count, terms.start);
    }
    for (const ChainTerm& term : terms.lines) {
      add(value, term.coefficient, at.data() + term.index * row, row);
    }
    for (const ChainTerm& term : terms.outputs) {
      add(value, term.coefficient, outputs.data() + term.index * row, row);
    }
    if (lines_[n].model.empty()) {
      continue;
    }
    double* output = outputs.data() + n * row;
    lines_[n].model.front()(value, count, output, slopes != nullptr ? output + kBlock : nullptr);
    if (slopes != nullptr) {
      for (std::size_t i = 0; i < count; ++i) {
        output[kBlock + i] *= value[kBlock + i];
      }
    }
  }
  for (std::size_t r = 0; r < results_.size(); ++r) {
    const double* value = at.data() + results_[r] * row;
    std::copy_n(value, count, values + r * stride);
    if (slopes != nullptr) {
      std::copy_n(value + kBlock, count, slopes + r * stride);
    }
  }
}

SchemeMap composed_map(const Scheme& scheme, const LineMixture<double>& clean) {
  SchemeMap out;
  for (std::size_t k = 0; k <= scheme.calls(); ++k) {
    MapLine line;
    for (const SchemeTerm& term : scheme.rows[k]) {
      if (term.source == SchemeSource::start) {
        line.start += term.coefficient;
      } else if (term.source == SchemeSource::row) {
        line.lines.push_back({term.index, term.coefficient});
      } else if (term.source == SchemeSource::output) {
        line.outputs.push_back({term.index, term.coefficient});
      }
    }
    if (k < scheme.calls()) {
      out.add_call(std::move(line), LineDenoiser(clean, scheme.levels[k]));
    } else {
      out.add_result(std::move(line));
    }
  }
  return out;
}

}  // namespace lemmabench
