#pragma once

#include <cstddef>
#include <vector>

#include "cases/schemes/scheme_chain.hpp"
#include "harness/engines/scheme/line_denoiser.hpp"

namespace lemmabench {

/// One line of a SchemeMap: start * x + sum lines + sum outputs, of lines before it.
struct MapLine {
  double start = 0;
  std::vector<ChainTerm> lines;    ///< by the numbers of lines
  std::vector<ChainTerm> outputs;  ///< of the model at earlier lines, by their numbers
};

/// Functions of one state x on the line, made of model calls one after the other, with their
/// derivatives (forward differentiation: exact but for rounding).
class SchemeMap {
 public:
  /// A line at which the model is called; returns its number.
  std::size_t add_call(MapLine line, LineDenoiser model);
  /// A line that is asked for; returns its place among the results.
  std::size_t add_result(MapLine line);

  /// The same with one of its results alone.
  SchemeMap only(std::size_t result) const;

  std::size_t calls() const { return calls_; }
  std::size_t results() const { return results_.size(); }

  /// Every result at `count` points, result r at values[r * count], and its derivative likewise
  /// (`slopes` may be null). Cost: a model call a point and line, a product a point and term.
  void evaluate(const double* points, std::size_t count, double* values, double* slopes) const;

 private:
  void evaluate_block(const double* points, std::size_t count, std::size_t stride, double* values,
                      double* slopes) const;

  struct Line {
    MapLine terms;
    std::vector<LineDenoiser> model;  ///< one, or none
  };
  std::vector<Line> lines_;
  std::vector<std::size_t> results_;
  std::size_t calls_ = 0;
};

/// The whole of a deterministic scheme as one map of x_T.
SchemeMap composed_map(const Scheme& scheme, const LineMixture<double>& clean);

}  // namespace lemmabench
