#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "harness/laws/product_numbers.hpp"

namespace lemmabench {

/// Remembers the last propagated factors. A factor's line law does not depend on how many copies of
/// it the target has, so a family such as {-1, 1}^d asks for the same propagation in every d.
/// Thread-safe; what is remembered is what computing it again would give, so no result depends on
/// it. Some 100 kB an entry.
class FactorMemo {
 public:
  explicit FactorMemo(std::size_t capacity) : capacity_(capacity) {}

  /// The factor of that key, made by `make` if it is not remembered. Two threads that ask at once
  /// may both make it.
  std::shared_ptr<const FactorEnd> get(const std::string& key,
                                       const std::function<FactorEnd()>& make);

 private:
  using Entry = std::pair<std::string, std::shared_ptr<const FactorEnd>>;

  std::size_t capacity_;
  std::mutex mutex_;
  std::list<Entry> entries_;  ///< latest first
  std::map<std::string, std::list<Entry>::iterator> places_;
};

/// Everything that carry_factor's result depends on, as text; `resolution` names its settings.
std::string factor_key(const ProductModel& model, const MixtureTarget& factor,
                       const std::string& resolution);

}  // namespace lemmabench
