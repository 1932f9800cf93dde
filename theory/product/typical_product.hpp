#pragma once

#include <functional>
#include <vector>

#include "numerics/supremum.hpp"
#include "theory/mixture/typical_mixture.hpp"

namespace lemmabench {

/// The typical set {x: -log p_t(x) <= B} of a law with independent coordinates, each a Gaussian
/// mixture on the line, and suprema over it. The set is no product: with c_j = -log p_j it is
/// sum_j c_j(x_j) <= B, so that one coordinate may be far from typical where the others are likely.
///
/// A coordinate of kind i takes the values with c_i <= B - (the least that the others can have),
/// its *reach*. The supremum of the largest of the f_i(x_j) is that of f_i over the reach of one
/// coordinate. That of a sum is a constrained supremum, bounded [D]
///  * from above by duality: for every lambda >= 0 and m_i <= min c_i
///      sup sum_j f_j <= lambda (B - sum_j m_j) + sum_j sup_{x in reach} max(0, f_j - lambda (c_j -
///      m_j));
///  * from below by a vector that is certainly typical.
/// lambda and the vector are chosen in doubles; what they bound is decided in balls. With n equal
/// coordinates the two differ by a part of order 1/n, and by nothing where f is a concave function
/// of c.
class TypicalProduct {
 public:
  /// `copies` multiplies all multiplicities. The law must outlive this. Cost: 1 ms a kind of
  /// coordinate.
  TypicalProduct(const ProductLaw& law, const Level<Ball>& level, const Ball& bound,
                 long copies = 1);
  long dim() const { return dim_; }
  const Level<Ball>& level() const { return level_; }
  std::size_t kinds() const { return kinds_.size(); }
  /// The values that a coordinate of kind i can have, or some more.
  const TypicalMixture& reach(std::size_t i) const { return kinds_[i].outer; }

  /// P(X_t not in the set): at least that of one coordinate beyond its reach, and at most, by
  /// Chernoff for the best of a few s in (0, 1), e^{-s B} prod_j int p_j^{1-s}, where
  /// int p^{1-s} <= sum_k w_k^{1-s} (2 pi W_k)^{s/2} (1-s)^{-1/2} as (a+b)^{1-s} <= a^{1-s} +
  /// b^{1-s}.
  Ball mass_outside() const;

  /// f(kind, box) >= 0 on a box of one coordinate's values.
  using Summand = std::function<Ball(std::size_t, const Ball&)>;
  /// What a supremum is at least, and where to look for what it is at most.
  struct Guess {
    double lower = 0;    ///< attained by a vector that is certainly typical
    SupremumCell where;  ///< the value of its coordinate with the largest f; the label is the kind
    Ball lambda;         ///< of a sum
  };
  /// Of sup over typical x of sum_j f(x_j), and of max_j f(x_j). Cost: 130 evaluations of f a kind.
  Guess guess_sum(const Summand& f) const;
  Guess guess_largest(const Summand& f) const;
  /// The same suprema from both sides, the upper one by branch and bound, to the goal's tolerance
  /// or until it is at most `enough`. Cost: some 100 evaluations of f a kind.
  Supremum of_sum(const Summand& f, const Guess& guess, const SupremumGoal& goal = {}) const;
  Supremum of_largest(const Summand& f, const Guess& guess, const SupremumGoal& goal = {}) const;
  Supremum of_sum(const Summand& f, const SupremumGoal& goal = {}) const {
    return of_sum(f, guess_sum(f), goal);
  }
  Supremum of_largest(const Summand& f, const SupremumGoal& goal = {}) const {
    return of_largest(f, guess_largest(f), goal);
  }

 private:
  struct Kind {
    long multiplicity;
    Ball least_cost;       ///< encloses min c_i
    TypicalMixture outer;  ///< holds the reach
    Ball inner_bound;      ///< -log p at most this is within it
  };
  /// A value of one coordinate as it looks in doubles.
  struct Sample {
    double x = 0;
    double f = 0;
    double cost = 0;
  };
  /// How many copies of a kind have which value.
  struct Choice {
    Sample first;   ///< of all but `moved` copies
    Sample second;  ///< of `moved` copies
    long moved = 0;
  };

  std::vector<SupremumCell> cells(std::size_t kind) const;
  std::vector<Sample> samples(std::size_t kind, const Summand& f) const;
  /// The lambda that bounds best, and a vector near the best one, by samples.
  double multiplier(const std::vector<std::vector<Sample>>& seen,
                    std::vector<Choice>& choices) const;
  /// sum_j f_j at the vector chosen if it is certainly typical, else 0.
  void attain(const std::vector<Choice>& choices, const Summand& f, Guess& best) const;

  Level<Ball> level_;
  Ball bound_;
  Ball spare_;  ///< B - sum_j m_j, m_j the lower ends
  long dim_ = 0;
  std::vector<Kind> kinds_;
};

}  // namespace lemmabench
