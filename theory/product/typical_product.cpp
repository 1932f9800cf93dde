#include "theory/product/typical_product.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/ball_functions.hpp"

namespace lemmabench {
namespace {

constexpr int kBoxes = 16;     ///< a kind at the start of branch and bound
constexpr int kSamples = 128;  ///< a kind where lambda is chosen

/// min of -log p for a mixture on the line, enclosed to a percent.
Ball least_cost_of(const CoordinateLaw& law, const Level<Ball>& level) {
  const BallMixture<> mixture(law, level);
  // p(m_k) >= w_k/sqrt(2 pi W_k), so that the mode has no larger cost than -log of the largest.
  Ball peak(0);
  for (std::size_t k = 0; k < mixture.size(); ++k) {
    peak = larger(peak, mixture.weight(k) / sqrt(2 * Ball::pi() * mixture.variance(k)));
  }
  const TypicalMixture likely(law, level, -log(peak) + 1);
  std::vector<SupremumCell> cells;
  for (const Ball& box : likely.boxes(kBoxes)) {
    cells.push_back({0, box});
  }
  const Supremum found = supremum(cells, [&](long, const Ball& box) {
    return SupremumValue{Truth::certainly, exp(likely.log_density(box))};
  });
  return -log(found.enclosure());
}

double spent(double cost, long copies) { return cost * static_cast<double>(copies); }

}  // namespace

TypicalProduct::TypicalProduct(const ProductLaw& law, const Level<Ball>& level, const Ball& bound,
                               long copies)
    : level_(level), bound_(bound) {
  std::vector<Ball> least;
  Ball low(0);
  Ball high(0);
  for (const CoordinateLaw& coordinate : law.coordinates) {
    least.push_back(least_cost_of(coordinate, level));
    const Ball count(coordinate.multiplicity * copies);
    low.add_product(count, lower_end(least.back()));
    high.add_product(count, upper_end(least.back()));
    dim_ += coordinate.multiplicity * copies;
  }
  spare_ = bound - low;
  for (std::size_t i = 0; i < least.size(); ++i) {
    const CoordinateLaw& coordinate = law.coordinates[i];
    kinds_.push_back({coordinate.multiplicity * copies, least[i],
                      TypicalMixture(coordinate, level, spare_ + lower_end(least[i])),
                      bound - high + upper_end(least[i])});
  }
}

Ball TypicalProduct::mass_outside() const {
  Ball low(0);
  for (const Kind& kind : kinds_) {
    low = larger(low, lower_end(kind.outer.mass_outside()));
  }
  Ball high(1);
  for (const Rational& s : {Rational(1, 4), Rational(1, 2), Rational(3, 4), Rational(7, 8)}) {
    const Ball rest(Rational(1) - s);
    Ball exponent = -Ball(s) * bound_;
    for (const Kind& kind : kinds_) {
      const BallMixture<>& mixture = kind.outer.mixture();
      Ball integral(0);
      for (std::size_t k = 0; k < mixture.size(); ++k) {
        integral += pow(mixture.weight(k), rest) *
                    pow(2 * Ball::pi() * mixture.variance(k), Ball(s) / 2) / sqrt(rest);
      }
      exponent.add_product(Ball(kind.multiplicity), log(integral));
    }
    high = smaller(high, upper_end(exp(exponent)));
  }
  return Ball::hull(low, high);
}

std::vector<SupremumCell> TypicalProduct::cells(std::size_t kind) const {
  std::vector<SupremumCell> out;
  for (const Ball& box : kinds_[kind].outer.boxes(kBoxes)) {
    out.push_back({static_cast<long>(kind), box});
  }
  return out;
}

TypicalProduct::Guess TypicalProduct::guess_largest(const Summand& f) const {
  Guess best;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    for (const Sample& at : samples(i, f)) {
      const Ball x = Ball::exactly(at.x);
      const bool within =
          (-kinds_[i].outer.log_density(x)).less_than(kinds_[i].inner_bound) == Truth::certainly;
      const double value = within && at.f > best.lower ? lower_double(f(i, x)) : 0;
      if (value > best.lower) {
        best.lower = value;
        best.where = {static_cast<long>(i), x};
      }
    }
  }
  return best;
}

Supremum TypicalProduct::of_largest(const Summand& f, const Guess& guess,
                                    const SupremumGoal& goal) const {
  std::vector<SupremumCell> all;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    for (SupremumCell& cell : cells(i)) {
      all.push_back(std::move(cell));
    }
  }
  SupremumGoal with_guess = goal;
  with_guess.enough = std::max(goal.enough, guess.lower * (1 + goal.tolerance));
  Supremum out = supremum(
      all,
      [&](long label, const Ball& box) {
        const auto i = static_cast<std::size_t>(label);
        const Ball cost = -kinds_[i].outer.log_density(box);
        Truth inside = cost.less_than(kinds_[i].inner_bound);
        if (inside == Truth::certainly_not &&
            cost.less_than(spare_ + kinds_[i].least_cost) != Truth::certainly_not) {
          inside = Truth::unknown;
        }
        return SupremumValue{inside, inside == Truth::certainly_not ? Ball(0) : f(i, box)};
      },
      with_guess);
  if (guess.lower > out.lower) {
    out.lower = guess.lower;
    out.where = guess.where;
  }
  out.upper = std::max(out.upper, out.lower);
  return out;
}

std::vector<TypicalProduct::Sample> TypicalProduct::samples(std::size_t kind,
                                                            const Summand& f) const {
  const TypicalMixture& set = kinds_[kind].outer;
  std::vector<Sample> out;
  const auto look = [&](double at) {
    const Ball x = Ball::exactly(at);
    if (set.contains(x) != Truth::certainly_not) {
      out.push_back({at, f(kind, x).to_double(), -set.log_density(x).to_double()});
    }
  };
  for (const Ball& box : set.boxes(kSamples)) {
    look(box.to_double());
  }
  for (std::size_t k = 0; k < set.mixture().size(); ++k) {
    look(set.mixture().mean(k).to_double());
  }
  return out;
}

double TypicalProduct::multiplier(const std::vector<std::vector<Sample>>& seen,
                                  std::vector<Choice>& choices) const {
  const double budget = bound_.to_double();
  const auto best = [&](double lambda) {
    std::vector<Sample> out;
    for (const std::vector<Sample>& kind : seen) {
      out.push_back(
          *std::max_element(kind.begin(), kind.end(), [&](const Sample& a, const Sample& b) {
            return a.f - lambda * a.cost < b.f - lambda * b.cost;
          }));
    }
    return out;
  };
  const auto cost = [&](const std::vector<Sample>& at) {
    double sum = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      sum += spent(at[i].cost, kinds_[i].multiplicity);
    }
    return sum;
  };
  double low = 0;
  double high = 0;
  std::vector<Sample> dear = best(0);
  std::vector<Sample> cheap = dear;
  if (cost(dear) > budget) {
    high = 1e-6;
    for (cheap = best(high); cost(cheap) > budget && high < 1e12; cheap = best(high)) {
      low = high;
      high *= 4;
    }
    for (int i = 0; i < 60; ++i) {
      const double middle = (low + high) / 2;
      const std::vector<Sample> at = best(middle);
      const bool over = cost(at) > budget;
      (over ? low : high) = middle;
      (over ? dear : cheap) = at;
    }
  }
  // Copies go to the dearer value while the budget lasts.
  double left = budget * (1 - 1e-9) - cost(cheap);
  for (std::size_t i = 0; i < cheap.size(); ++i) {
    Choice choice{cheap[i], dear[i], 0};
    const double more = dear[i].cost - cheap[i].cost;
    if (more > 0 && dear[i].f > cheap[i].f && left > 0) {
      choice.moved = std::min(kinds_[i].multiplicity, static_cast<long>(left / more));
      left -= spent(more, choice.moved);
    }
    if (choice.moved == 0) {
      // One copy goes as far as it can.
      choice.second = cheap[i];
      for (const Sample& at : seen[i]) {
        if (at.cost - cheap[i].cost <= left && at.f > choice.second.f) {
          choice.second = at;
          choice.moved = 1;
        }
      }
      left -= choice.moved > 0 ? choice.second.cost - cheap[i].cost : 0;
    }
    choices.push_back(choice);
  }
  return high;
}

void TypicalProduct::attain(const std::vector<Choice>& choices, const Summand& f,
                            Guess& best) const {
  Ball cost(0);
  Ball sum(0);
  double largest = -1;
  const auto add = [&](std::size_t i, const Sample& at, long copies) {
    if (copies > 0) {
      const Ball x = Ball::exactly(at.x);
      cost.add_product(Ball(copies), -kinds_[i].outer.log_density(x));
      sum.add_product(Ball(copies), f(i, x));
      if (at.f > largest) {
        largest = at.f;
        best.where = {static_cast<long>(i), x};
      }
    }
  };
  for (std::size_t i = 0; i < choices.size(); ++i) {
    add(i, choices[i].first, kinds_[i].multiplicity - choices[i].moved);
    add(i, choices[i].second, choices[i].moved);
  }
  if ((cost - bound_).positive() == Truth::certainly_not) {
    best.lower = std::max(0.0, lower_double(sum));
  }
}

TypicalProduct::Guess TypicalProduct::guess_sum(const Summand& f) const {
  Guess out;
  std::vector<std::vector<Sample>> seen;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    seen.push_back(samples(i, f));
    if (seen.back().empty()) {
      return out;  // the typical set is too small to be seen: lambda = 0 bounds it
    }
  }
  std::vector<Choice> choices;
  out.lambda = Ball::exactly(multiplier(seen, choices));
  attain(choices, f, out);
  return out;
}

Supremum TypicalProduct::of_sum(const Summand& f, const Guess& guess,
                                const SupremumGoal& goal) const {
  Supremum out;
  if (spare_.positive() == Truth::certainly_not) {
    return out;  // no x is typical
  }
  out.lower = guess.lower;
  out.where = guess.where;
  const Ball base = guess.lambda * spare_;
  // Where f is nearly lambda c, all that one coordinate may gain beyond that is nearly 0: what it
  // may be off is a part of the whole.
  const double whole = std::max(upper_double(base), guess.lower);
  const double enough = std::max(goal.tolerance * whole, goal.enough - upper_double(base)) /
                        static_cast<double>(dim_);
  Ball upper = base;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    const Kind& kind = kinds_[i];
    const Ball least = lower_end(kind.least_cost);
    const Supremum one = supremum(
        cells(i),
        [&](long, const Ball& box) {
          const Ball excess = -kind.outer.log_density(box) - least;
          const Truth inside = excess.less_than(spare_);
          return SupremumValue{inside, inside == Truth::certainly_not
                                           ? Ball(0)
                                           : larger(f(i, box) - guess.lambda * excess, Ball(0))};
        },
        {.tolerance = goal.tolerance, .enough = enough, .evaluations = goal.evaluations});
    upper.add_product(Ball(kind.multiplicity), Ball::exactly(one.upper));
    out.evaluations += one.evaluations;
    out.used_up = out.used_up || one.used_up;
  }
  out.upper = std::max(out.lower, upper_double(upper));
  return out;
}

}  // namespace lemmabench
