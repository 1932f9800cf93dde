#include "harness/engines/radial/radial_widths.hpp"

namespace lemmabench {
namespace {

/// Would panels i and i+1 do as one?
bool joinable(const PanelFunction<double>& source, std::size_t i, const RatioRule& rule,
              double tolerance) {
  const Cell& left = source.cell(i);
  if (i + 1 == source.panels() || left.depth == 0 || left.index % 2 != 0 ||
      source.cell(i + 1) != Cell{left.depth, left.index + 1}) {
    return false;
  }
  const std::size_t order = source.order();
  std::vector<double> joined(source.channels() * order);
  for (std::size_t channel = 0; channel < source.channels(); ++channel) {
    source.basis().join(source.values(i, channel), source.values(i + 1, channel),
                        joined.data() + channel * order);
  }
  return rule.verdict(source.low(i), 2 * source.width(i), joined.data(), source.channels(),
                      tolerance) != PanelVerdict::unresolved;
}

}  // namespace

std::vector<double> wanted_widths(const PanelFunction<double>& source, const RatioRule& rule,
                                  double tolerance) {
  std::vector<double> out;
  for (std::size_t i = 0; i < source.panels(); ++i) {
    out.push_back(source.width(i));
  }
  for (std::size_t i = 0; i + 1 < source.panels(); ++i) {
    if (joinable(source, i, rule, tolerance)) {
      out[i] *= 2;
      out[i + 1] *= 2;
      ++i;
    }
  }
  return out;
}

}  // namespace lemmabench
