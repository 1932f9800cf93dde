#include "cases/schemes/scheme_chain.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace lemmabench {
namespace {

// Of a coefficient against the terms of its own column, and against the largest one of its kind in
// the row: terms that cancelled inside the code leave nothing to compare with. (Observed up to
// 7e-15 and 4e-13 in the code of two libraries at 128 steps.)
constexpr double kRounding = 1e-10;
constexpr double kRoundingInRow = 1e-11;
constexpr double kRoundingFloors = 100;

/// The noise that one state adds: a combination of draws.
struct Innovation {
  std::vector<ChainTerm> draws;
  double norm_squared = 0;
};

class ChainMaker {
 public:
  explicit ChainMaker(const Scheme& scheme)
      : columns_(expanded(scheme)),
        first_draw_(1 + columns_.calls),
        tolerance_(std::max(kRounding, kRoundingFloors * scheme.rounding_floor.value_or(0))),
        row_tolerance_(
            std::max(kRoundingInRow, kRoundingFloors * scheme.rounding_floor.value_or(0))) {}

  SchemeChain run() {
    out_.state_rows.push_back(0);
    innovations_.emplace_back();
    for (std::size_t k = 0; k <= columns_.calls; ++k) {
      add_row(k);
    }
    return std::move(out_);
  }

 private:
  void add_row(std::size_t k);
  void eliminate(std::size_t state, ChainRow& row);
  double least(std::size_t first, std::size_t count) const;
  double kept(std::size_t column, double least, double& dropped);
  void add_dependence(ChainRow& row) const;

  SchemeColumns columns_;
  std::size_t first_draw_;
  double tolerance_;
  double row_tolerance_;
  std::vector<Innovation> innovations_;
  std::vector<double> rest_;  ///< of the row under way, by column
  std::vector<double> size_;  ///< the largest term that went into rest_
  SchemeChain out_;
};

/// What counts as rounding against the largest term in `count` columns from `first` on.
double ChainMaker::least(std::size_t first, std::size_t count) const {
  const auto begin = size_.begin() + static_cast<std::ptrdiff_t>(first);
  return count == 0 ? 0
                    : row_tolerance_ *
                          *std::max_element(begin, begin + static_cast<std::ptrdiff_t>(count));
}

/// What is left in a column, 0 if it is rounding.
double ChainMaker::kept(std::size_t column, double least, double& dropped) {
  const double value = rest_[column];
  const double size = std::max(size_[column], least / row_tolerance_);
  if (value != 0 && (std::abs(value) <= tolerance_ * size_[column] || std::abs(value) <= least)) {
    out_.defect = std::max(out_.defect, std::abs(value) / size);
    dropped += std::abs(value);
    return 0;
  }
  return value;
}

/// Takes the noise of one state out of the row, with all else that the state is made of.
void ChainMaker::eliminate(std::size_t state, ChainRow& row) {
  const Innovation& noise = innovations_[state];
  double product = 0;
  double size = 0;
  for (const ChainTerm& draw : noise.draws) {
    product += draw.coefficient * rest_[first_draw_ + draw.index];
    size = std::max(size, std::abs(draw.coefficient) * size_[first_draw_ + draw.index]);
  }
  const double norm = std::sqrt(noise.norm_squared);
  const double least = this->least(first_draw_, columns_.draws);
  if (std::abs(product) <= tolerance_ * size || std::abs(product) <= least * norm) {
    if (product != 0) {
      out_.defect = std::max(out_.defect, std::abs(product) * row_tolerance_ / (least * norm));
      row.dropped_noise += std::abs(product) / norm;
    }
    return;
  }
  const double factor = product / noise.norm_squared;
  const double* values = columns_.row(out_.state_rows[state]);
  for (std::size_t c = 0; c < columns_.columns(); ++c) {
    const double term = factor * values[c];
    rest_[c] -= term;
    size_[c] = std::max(size_[c], std::abs(term));
  }
  row.states.push_back({state, factor});
}

void ChainMaker::add_dependence(ChainRow& row) const {
  std::set<std::size_t> depends;
  for (const ChainTerm& term : row.states) {
    depends.insert(term.index);
  }
  for (const ChainTerm& term : row.outputs) {
    const ChainRow& input = out_.rows[term.index];
    if (input.noise > 0 || input.depends.empty()) {
      depends.insert(out_.state_of_row[term.index]);
    } else {
      depends.insert(input.depends.begin(), input.depends.end());
    }
  }
  row.depends.assign(depends.begin(), depends.end());
}

void ChainMaker::add_row(std::size_t k) {
  const std::size_t columns = columns_.columns();
  const double* values = columns_.row(k);
  rest_.assign(values, values + columns);
  size_.resize(columns);
  std::transform(rest_.begin(), rest_.end(), size_.begin(), [](double x) { return std::abs(x); });
  ChainRow row;
  for (std::size_t state = out_.states() - 1; state > 0; --state) {
    eliminate(state, row);
  }
  if (const double start = kept(0, 0, row.dropped_start); start != 0) {
    row.states.push_back({0, start});
  }
  std::reverse(row.states.begin(), row.states.end());
  const double least_output = least(1, columns_.calls);
  for (std::size_t j = 0; j < k; ++j) {
    if (const double output = kept(1 + j, least_output, row.dropped_outputs); output != 0) {
      row.outputs.push_back({j, output});
    }
  }
  Innovation own;
  const double least_draw = least(first_draw_, columns_.draws);
  for (std::size_t m = 0; m < columns_.draws; ++m) {
    if (const double draw = kept(first_draw_ + m, least_draw, row.dropped_noise); draw != 0) {
      own.draws.push_back({m, draw});
      own.norm_squared += draw * draw;
    }
  }
  row.fresh_draws = own.draws.size();
  row.noise = std::sqrt(own.norm_squared);
  add_dependence(row);
  out_.rows.push_back(std::move(row));
  if (own.norm_squared > 0) {
    innovations_.push_back(std::move(own));
    out_.state_rows.push_back(k);
  }
  out_.state_of_row.push_back(out_.states() - 1);
}

}  // namespace

std::vector<std::vector<std::size_t>> SchemeChain::remembered() const {
  std::vector<std::size_t> last_use(states(), 0);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    for (const std::size_t state : rows[k].depends) {
      last_use[state] = k;
    }
  }
  std::vector<std::vector<std::size_t>> out(states());
  for (std::size_t i = 1; i < states(); ++i) {
    for (std::size_t before = 0; before < i; ++before) {
      if (last_use[before] > state_rows[i]) {
        out[i].push_back(before);
      }
    }
  }
  return out;
}

namespace {

bool draws(const Scheme& scheme) {
  return std::any_of(scheme.rows.begin(), scheme.rows.end(), [](const SchemeRow& row) {
    return std::any_of(row.begin(), row.end(),
                       [](const SchemeTerm& term) { return term.source == SchemeSource::draw; });
  });
}

}  // namespace

SchemeChain make_chain(const Scheme& scheme) {
  if (draws(scheme)) {
    return ChainMaker(scheme).run();
  }
  SchemeChain out;
  out.state_rows = {0};
  out.state_of_row.assign(scheme.rows.size(), 0);
  out.rows.resize(scheme.rows.size());
  for (ChainRow& row : out.rows) {
    row.depends = {0};
  }
  return out;
}

}  // namespace lemmabench
