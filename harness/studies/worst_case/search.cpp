#include "harness/studies/worst_case/search.hpp"

#include <algorithm>
#include <exception>
#include <nlopt.hpp>

namespace lemmabench {
namespace {

/// Below every logarithm that is asked for; the methods cannot compare with -infinity.
constexpr double kNoValue = -1e3;
/// Of the local method's first simplex, in the unit cube.
constexpr double kLocalStep = 0.08;

/// The objective as NLopt wants it, and what was seen through it.
class Watched {
 public:
  explicit Watched(const SearchObjective& objective) : objective_(objective) {}

  /// Runs one algorithm for about `budget` evaluations from `start`.
  void run(nlopt::algorithm algorithm, std::vector<double> start, long budget) {
    nlopt::opt method(algorithm, static_cast<unsigned>(start.size()));
    method.set_lower_bounds(0.0);
    method.set_upper_bounds(1.0);
    method.set_initial_step(kLocalStep);
    method.set_maxeval(static_cast<int>(budget));
    method.set_xtol_rel(1e-4);
    method.set_max_objective(&Watched::call, this);
    method_ = &method;
    // Tolerances may leave budget unused: what is found is what counts.
    double last = 0;
    try {
      method.optimize(start, last);
    } catch (const nlopt::roundoff_limited&) {  // as good as it gets
    } catch (const nlopt::forced_stop&) {       // by the exception below
    }
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

  const SearchOutcome& outcome() const { return outcome_; }

 private:
  static double call(const std::vector<double>& point, std::vector<double>&, void* self) {
    return static_cast<Watched*>(self)->value(point);
  }

  /// NLopt would flatten exceptions of ours into its own.
  double value(const std::vector<double>& point) {
    try {
      ++outcome_.evaluations;
      const std::optional<double> found = objective_(point);
      if (!found) {
        ++outcome_.without_value;
        return kNoValue;
      }
      if (outcome_.point.empty() || *found > outcome_.value) {
        outcome_.point = point;
        outcome_.value = *found;
      }
      return std::max(*found, kNoValue);
    } catch (...) {
      failure_ = std::current_exception();
      method_->force_stop();
      return kNoValue;
    }
  }

  const SearchObjective& objective_;
  SearchOutcome outcome_;
  nlopt::opt* method_ = nullptr;
  std::exception_ptr failure_;
};

}  // namespace

SearchOutcome maximise(const SearchObjective& objective, std::size_t count, long budget) {
  Watched watched(objective);
  const long global = std::max(1L, budget * 2 / 3);
  watched.run(nlopt::GN_DIRECT_L, std::vector<double>(count, 0.5), global);
  const long left = budget - watched.outcome().evaluations;
  if (left > 0 && !watched.outcome().point.empty()) {
    watched.run(nlopt::LN_SBPLX, watched.outcome().point, left);
  }
  return watched.outcome();
}

}  // namespace lemmabench
