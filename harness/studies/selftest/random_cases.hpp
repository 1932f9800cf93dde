#pragma once

#include <string>
#include <vector>

#include "harness/studies/selftest/dice.hpp"
#include "theory/process/schedule.hpp"

namespace lemmabench {

/// One component of a mixture on the line.
struct RandomMode {
  Rational weight;
  Rational mean;
  Rational variance;
};
/// One block of equal coordinates of a Gaussian.
struct RandomBlock {
  Rational variance;
  long multiplicity = 1;
  Rational mean;
};

/// How far from the usual the numbers may go.
enum class Range {
  usual,   ///< variances 1e-2 to 10, means to 10
  extreme  ///< variances 1e-60 to 1e60, means to 1e4, weights to 1e-12, components nearly equal
};

std::vector<RandomMode> random_modes(Dice& dice, long most, Range range);
std::vector<RandomBlock> random_blocks(Dice& dice, long most, long most_copies, Range range);

/// A number as a spec takes it: "3.17e-12", "0.25", or a fraction where there is no such decimal.
std::string spec_number(const Rational& x);
/// Numbers joined by `/`, or by `;` if one is a fraction.
std::string spec_list(const std::vector<Rational>& numbers);
/// "weights=..,means=..,variances=.." with the number of the factor behind each key.
std::string modes_text(const std::vector<RandomMode>& modes, const std::string& suffix = "");
/// "mixture:..." and "gaussian:spectrum=..".
std::string mixture_text(const std::vector<RandomMode>& modes);
std::string blocks_text(const std::vector<RandomBlock>& blocks);
std::string gaussian_text(const std::vector<RandomBlock>& blocks);

/// A number of levels from 2 to `most`, small ones more often.
long random_steps(Dice& dice, long most);
/// Any schedule that exists for so many steps; the two-phase schedule often with a step at which
/// its min(., 1) ties to 20 or more digits.
ScheduleKind random_schedule(Dice& dice, long steps);
/// c1 to `digits` decimals such that T^-c0 (1+L)^power = 1 for L = c1 log T/T.
Rational tied_c1(const Rational& c0, long steps, long power, long digits);

/// Any sampler of the list with random options, a mutant now and then; `deterministic` ones
/// included.
std::string random_sampler(Dice& dice);
/// The same for these levels: mostly one with a first step where level T has no signal, which few
/// have.
std::string random_sampler_on(Dice& dice, const ScheduleKind& schedule, long steps);
/// exact most of the time, else affine.
std::string random_affine_score(Dice& dice);
/// exact, affine or wave.
std::string random_score(Dice& dice);

}  // namespace lemmabench
