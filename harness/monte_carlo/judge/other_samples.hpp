#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "harness/monte_carlo/goodness_of_fit/reference_law.hpp"

namespace lemmabench {

/// A law of which nothing is known but rows.
class OtherSamples final : public ReferenceLaw {
 public:
  OtherSamples(PointTable rows, std::string name)
      : rows_(std::move(rows)), name_(std::move(name)) {}

  std::size_t dim() const override { return rows_.columns; }
  std::string rows_are() const override { return "rows of " + name_; }
  std::optional<std::size_t> own_rows() const override { return rows_.rows; }
  PointTable draw(std::size_t rows, JudgeDraw purpose, std::uint64_t seed, int) const override {
    if (purpose == JudgeDraw::reference) return rows_;
    // Others than random_subset would choose of the first file's rows at the same seed.
    PointTable out{rows, rows_.columns, {}};
    for (const std::size_t row : random_subset(rows_.rows, rows, seed, purpose, 1)) {
      const auto at = rows_.values.begin() + static_cast<std::ptrdiff_t>(row * rows_.columns);
      out.values.insert(out.values.end(), at, at + static_cast<std::ptrdiff_t>(rows_.columns));
    }
    return out;
  }

 private:
  PointTable rows_;
  std::string name_;
};

}  // namespace lemmabench
