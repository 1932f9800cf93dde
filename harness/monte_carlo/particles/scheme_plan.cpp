#include "harness/monte_carlo/particles/scheme_plan.hpp"

#include <cmath>
#include <map>
#include <utility>

namespace lemmabench {
namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

/// The first and the last row that asks for a vector.
struct Use {
  std::size_t first = kNever;
  std::size_t last = kNever;

  void at(std::size_t row) {
    if (first == kNever) first = row;
    last = row;
  }
  bool used() const { return last != kNever; }
};

class Planner {
 public:
  explicit Planner(const Scheme& scheme)
      : scheme_(scheme),
        rows_(scheme.rows.size()),
        outputs_(scheme.calls()),
        draws_(scheme.draws),
        row_slots_(rows_.size(), SchemePlan::kNowhere),
        output_slots_(outputs_.size(), SchemePlan::kNowhere),
        draw_slots_(draws_.size(), SchemePlan::kNowhere),
        free_after_(rows_.size()) {}

  SchemePlan run() {
    for (std::size_t k = 0; k < scheme_.rows.size(); ++k) {
      for (const SchemeTerm& term : scheme_.rows[k]) {
        use(term).at(k);
      }
    }
    if (start_.used()) out_.start = take(start_.last);
    for (std::size_t k = 0; k < scheme_.rows.size(); ++k) {
      add_row(k);
    }
    return std::move(out_);
  }

 private:
  Use& use(const SchemeTerm& term) {
    switch (term.source) {
      case SchemeSource::row:
        return rows_[term.index];
      case SchemeSource::output:
        return outputs_[term.index];
      case SchemeSource::draw:
        return draws_[term.index];
      case SchemeSource::start:
        break;
    }
    return start_;
  }

  std::size_t slot(const SchemeTerm& term) const {
    switch (term.source) {
      case SchemeSource::row:
        return row_slots_[term.index];
      case SchemeSource::output:
        return output_slots_[term.index];
      case SchemeSource::draw:
        return draw_slots_[term.index];
      case SchemeSource::start:
        break;
    }
    return out_.start;
  }

  /// A slot that is free again once row `last` has been made.
  std::size_t take(std::size_t last) {
    std::size_t slot = out_.slots;
    if (free_.empty()) {
      ++out_.slots;
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    free_after_[last].push_back(slot);
    return slot;
  }

  void add_row(std::size_t k) {
    SchemePlan::Row row;
    const bool last = k + 1 == scheme_.rows.size();
    std::vector<SchemePlan::Term> fresh;
    for (const SchemeTerm& term : scheme_.rows[k]) {
      if (term.source == SchemeSource::draw && draw_slots_[term.index] == SchemePlan::kNowhere) {
        draw_slots_[term.index] = take(draws_[term.index].last);
        row.made.push_back({term.index, draw_slots_[term.index]});
      }
      const bool alone = last && term.source == SchemeSource::draw && draws_[term.index].first == k;
      (alone ? fresh : row.terms).push_back({slot(term), term.coefficient});
    }
    row.slot = take(rows_[k].used() ? rows_[k].last : k);
    row_slots_[k] = row.slot;
    if (k < outputs_.size() && outputs_[k].used()) {
      output_slots_[k] = take(outputs_[k].last);
      row.output = output_slots_[k];
    }
    add_fresh(row, fresh);
    for (const std::size_t slot : free_after_[k]) {
      free_.push_back(slot);
    }
    out_.rows.push_back(std::move(row));
  }

  void add_fresh(SchemePlan::Row& row, const std::vector<SchemePlan::Term>& fresh) {
    std::map<std::size_t, double> sums;  // by draw
    for (const SchemePlan::Term& term : fresh) sums[term.slot] += term.coefficient;
    double square = 0;
    for (const auto& one : sums) square += one.second * one.second;
    row.terms.insert(row.terms.end(), fresh.begin(), fresh.end());
    row.fresh = fresh.size();
    out_.last_sd = std::sqrt(square);  // of the last row, and 0 in all others
  }

  const Scheme& scheme_;
  Use start_;
  std::vector<Use> rows_;
  std::vector<Use> outputs_;
  std::vector<Use> draws_;
  std::vector<std::size_t> row_slots_;
  std::vector<std::size_t> output_slots_;
  std::vector<std::size_t> draw_slots_;
  std::vector<std::vector<std::size_t>> free_after_;
  std::vector<std::size_t> free_;
  SchemePlan out_;
};

}  // namespace

SchemePlan plan_scheme(const Scheme& scheme) { return Planner(scheme).run(); }

}  // namespace lemmabench
