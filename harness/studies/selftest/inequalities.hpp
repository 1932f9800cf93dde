#pragma once

#include <vector>

#include "harness/studies/selftest/comparison.hpp"

namespace lemmabench {

/// What must hold among the numbers of any one result, whatever made it (p = law of X_1, q = law of
/// Y_1, H^2 = 1 - int sqrt(pq)):
///   0 <= TV <= 1, 0 <= H <= 1, KL >= 0, no such interval that is all of [0, 1];
///   H^2 <= TV <= H sqrt(2-H^2);  TV <= sqrt(KL/2), sqrt(1-e^-KL) both ways;  2 H^2 <= KL;
///   TV <= initialisation + discretisation + score, and each of the parts by the triangle;
///   initialisation <= initial_tv <= sqrt(initial_kl/2) (data processing, Pinsker);
///   KL(p||q) <= initial_kl + path_kl and discretisation <= sqrt(path_kl/2) with the exact score;
///   discretisation <= local_sum;  no initialisation error from the exact start, no score error
///   with the exact score;  early_stopping_w2 <= its bound;  mass_defect below a hundredth.
/// Relations whose numbers the result lacks are left out.
std::vector<Compared> inequalities(const LawResult& result);

/// A bound by the path certificate is no less than what it bounds: TV and KL of `exact`.
std::vector<Compared> certified(const LawResult& exact, const LawResult& certificate);

}  // namespace lemmabench
