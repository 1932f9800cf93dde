#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "cases/schemes/scheme_chain.hpp"
#include "harness/engines/scheme/scheme_map.hpp"
#include "theory/mixture/line_mixture.hpp"

namespace lemmabench {

/// The rows of a scheme as sums of functions of one state each. Every model call belongs to the
/// state that its input is a function of; row k is
///   y_k = sum over states l of part_kl(Y_l) + noise_k xi_k.
class ChainMaps {
 public:
  /// Throws EngineRefusal when the input of a call depends on two states.
  ChainMaps(const Scheme& scheme, const SchemeChain& chain, const LineMixture<double>& clean);

  /// The states that rows of their own noise and the output are sums of parts of, ascending.
  const std::vector<std::size_t>& depends(std::size_t row) const { return depends_[row]; }
  /// All parts of state l: part_kl is result part(k, l) of it.
  const SchemeMap& of_state(std::size_t state) const { return maps_[state]; }
  /// Throws std::out_of_range unless row k depends on state l.
  std::size_t part(std::size_t row, std::size_t state) const { return parts_.at({row, state}); }
  /// The latest state that the output depends on, its own if it has noise.
  std::size_t last_state(const SchemeChain& chain) const;
  /// part_kl at these points.
  std::vector<double> values(std::size_t row, std::size_t state,
                             const std::vector<double>& points) const;

 private:
  void add_row(const Scheme& scheme, const SchemeChain& chain, std::size_t k,
               const LineMixture<double>& clean);

  std::vector<SchemeMap> maps_;
  std::vector<std::size_t> home_;  ///< of each call: its state
  std::vector<std::size_t> line_;  ///< of each call: its line in the map of its state
  std::vector<std::vector<std::size_t>> depends_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> parts_;
};

}  // namespace lemmabench
