#include "harness/laws/factor_memo.hpp"

#include <fmt/format.h>

#include <utility>

namespace lemmabench {

std::shared_ptr<const FactorEnd> FactorMemo::get(const std::string& key,
                                                 const std::function<FactorEnd()>& make) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = places_.find(key);
    if (known != places_.end()) {
      entries_.splice(entries_.begin(), entries_, known->second);
      return known->second->second;
    }
  }
  auto made = std::make_shared<const FactorEnd>(make());
  const std::lock_guard lock(mutex_);
  if (places_.find(key) == places_.end()) {
    entries_.emplace_front(key, made);
    places_[key] = entries_.begin();
    if (entries_.size() > capacity_) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
  }
  return made;
}

std::string factor_key(const ProductModel& model, const MixtureTarget& factor,
                       const std::string& resolution) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", factor.text(), model.sampler.text(),
                     text(model.request.schedule), model.request.steps,
                     model.request.start == Start::exact, model.decomposition, resolution);
}

}  // namespace lemmabench
