#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace lemmabench {

/// Remembers the results of the last calls by a key. Thread-safe. What is remembered must be what
/// computing it again would give, so that no result depends on the memo.
template <class Value>
class Memo {
 public:
  explicit Memo(std::size_t capacity) : capacity_(capacity) {}

  /// The value of that key, made by `make()` if it is not remembered. Two threads that ask at once
  /// may both make it. Passes on what `make` throws.
  template <class Make>
  std::shared_ptr<const Value> get(const std::string& key, const Make& make) {
    {
      const std::lock_guard lock(mutex_);
      const auto known = places_.find(key);
      if (known != places_.end()) {
        entries_.splice(entries_.begin(), entries_, known->second);
        return known->second->second;
      }
    }
    auto made = std::make_shared<const Value>(make());
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

 private:
  using Entry = std::pair<std::string, std::shared_ptr<const Value>>;

  std::size_t capacity_;
  std::mutex mutex_;
  std::list<Entry> entries_;  ///< latest first
  std::map<std::string, typename std::list<Entry>::iterator> places_;
};

}  // namespace lemmabench
