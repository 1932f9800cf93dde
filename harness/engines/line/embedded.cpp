#include "harness/engines/line/embedded.hpp"

#include <fmt/format.h>

#include <cmath>

#include "numerics/error.hpp"
#include "numerics/mp.hpp"
#include "numerics/total_variation.hpp"

namespace lemmabench {

template <class Real>
PanelFunction<Real> embedded(const PanelFunction<Real>& f, const DyadicLine& line) {
  constexpr int kDeepest = 62;  // of a cell's number
  const auto deeper =
      static_cast<int>(std::lround(std::log2(line.half_width() / f.line().half_width())));
  for (std::size_t i = 0; i < f.panels(); ++i) {
    if (f.cell(i).depth + deeper > kDeepest) {
      throw EngineRefusal(fmt::format(
          "two laws to be compared reach out to {:.2g} and to {:.2g}, too far apart for one grid",
          line.half_width(), f.line().half_width()));
    }
  }
  PanelFunction<Real> out(f.shared_basis(), line, static_cast<int>(f.channels()));
  for (std::size_t i = 0; i < f.panels(); ++i) {
    const Cell& cell = f.cell(i);
    if (cell.depth > 0) {
      // Counted from 0, the middle of both lines, a cell keeps its number.
      const long middle = 1L << (cell.depth - 1);
      const int depth = cell.depth + deeper;
      out.append({depth, cell.index - middle + (1L << (depth - 1))}, f.values(i, 0));
      continue;
    }
    const std::size_t whole[] = {i};
    PanelFunction<Real> root(f.shared_basis(), f.line(), static_cast<int>(f.channels()));
    root.append(cell, f.values(i, 0));
    return deeper == 0 ? f : embedded(root.halved(whole), line);
  }
  return out;
}

template <class Real>
Real law_variation(const PanelFunction<Real>& f, const PanelFunction<Real>& g) {
  const DyadicLine line = f.line().half_width() < g.line().half_width() ? g.line() : f.line();
  return total_variation(embedded(f, line), 0, embedded(g, line), 0);
}

#define LEMMABENCH_INSTANTIATE(Real)                                                          \
  template PanelFunction<Real> embedded<Real>(const PanelFunction<Real>&, const DyadicLine&); \
  template Real law_variation<Real>(const PanelFunction<Real>&, const PanelFunction<Real>&);
LEMMABENCH_FOR_EACH_FLOAT(LEMMABENCH_INSTANTIATE)
#undef LEMMABENCH_INSTANTIATE

}  // namespace lemmabench
