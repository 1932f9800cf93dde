#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace lemmabench {

/// sup_x |F_n(x) - F(x)| of a sample (sorted here) and a continuous distribution function.
double kolmogorov_distance(std::vector<double> sample,
                           const std::function<double(double)>& distribution);
/// sup_x |F_n(x) - G_m(x)| of two samples (sorted here), ties included.
double kolmogorov_distance(std::vector<double> a, std::vector<double> b);

/// An upper bound of P(sup|F_n - F| >= distance) for samples of F, valid at every n:
/// 2 exp(-2 n distance^2), at most 1 (Dvoretzky, Kiefer & Wolfowitz; Massart, Ann. Probab. 18
/// (1990) 1269). In the tail it is Kolmogorov's asymptotic law.
double one_sample_p(double distance, std::size_t n);
/// The same of sup|F_n - G_n| for two samples of n each from one law: C exp(-n distance^2) with
/// C = 2 for n >= 458 and e below (Wei & Dudley, Statist. Probab. Lett. 82 (2012) 636).
double two_sample_p(double distance, std::size_t n);

/// The radius of the band that holds sup|F_n - F| with probability 1 - miss: sqrt(log(2/miss)/2n).
double band(std::size_t n, double miss);

/// The distance at which one_sample_p or two_sample_p is p.
double one_sample_threshold(double p, std::size_t n);
double two_sample_threshold(double p, std::size_t n);

}  // namespace lemmabench
