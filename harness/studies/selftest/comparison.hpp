#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/studies/selftest/readings.hpp"

namespace lemmabench {

/// Bits in which intervals are compared: more than any answer has, so that comparing rounds nothing
/// away that was asked for (100 digits are 333 bits).
inline constexpr long kComparisonBits = 4096;

/// Two numbers, or a number and its bound, held against each other.
struct Compared {
  std::string what;  ///< "tv", or a relation such as "tv <= sqrt(kl_pq/2)"
  std::string left;  ///< "value +- error"
  std::string right;
  double margin = 0;   ///< |difference|/(sum of the errors), or the excess of left over right
  bool agrees = true;  ///< the intervals overlap, or need not exclude left <= right
};

/// Are they the same number? Agreement is that the intervals have a point in common; margin is
/// |difference of the midpoints|/(sum of the radii), at most 1 then.
Compared same_number(std::string what, const Ball& left, const Ball& right);
/// Is left <= right possible? The margin is 0 where the midpoints say so.
Compared no_more_than(std::string what, const Ball& left, const Ball& right);
/// Are they the same bytes?
Compared same_text(std::string what, std::string_view left, std::string_view right);

/// In which order do two texts of one law list the eigenvalues of its covariance? The relative
/// variance errors of a result are in that order, and can be compared only if it is the same.
enum class SpectrumOrder { same, any };
/// Every number that both know, but for mass_defect, which is about the computation, and sampled
/// numbers, whose intervals may miss.
std::vector<Compared> same_law(const LawResult& left, const LawResult& right,
                               SpectrumOrder order = SpectrumOrder::same);

/// An interval as "value +- error" with the digits its radius leaves meaning to.
std::string interval_text(const Ball& interval);

}  // namespace lemmabench
