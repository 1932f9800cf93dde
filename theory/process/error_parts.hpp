#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace lemmabench {

/// The parts of the error of an output law (theory.md section 5), and what else is known of it: one
/// member a number. An engine leaves empty what it does not have. `Number` is Quantity in a result;
/// inside an engine it is whatever that computes with.
///
/// Every exact law asked for its decomposition has the first five and eps_score and the bound of
/// early stopping; the others belong to one engine or another, or to a request.
template <class Number>
struct ErrorParts {
  /// TV between the output laws started from p_{X_T} and from N(0, I), exact scores. 0 if the start
  /// is exact.
  std::optional<Number> initialisation;
  /// TV(p_{X_1}, output law), exact start and scores.
  std::optional<Number> discretisation;
  /// TV between the output laws with exact and with estimated scores, from the start asked for.
  std::optional<Number> score;
  std::optional<Number> initial_tv;  ///< TV(p_{X_T}, N(0, I)); 0 if the start is exact
  std::optional<Number> initial_kl;  ///< KL(p_{X_T} || N(0, I)); 0 if the start is exact
  /// sum_t E||Phi_t - Psi_t||^2/(2 b_t), the path certificate's sum (theory.md section 4).
  std::optional<Number> path_kl;
  std::optional<Number> eps_score;                ///< A1, theory.md section 2
  std::optional<Number> early_stopping_w2;        ///< W2(X_0, X_1)
  std::optional<Number> early_stopping_w2_bound;  ///< its bound for any data
  std::optional<Number> local_sum;                ///< sum of the local errors, when asked for
  std::optional<Number> mass_defect;              ///< |int q - 1| of a computed density
  std::optional<Number> tv_bound;                 ///< of a certificate: sqrt(kl_bound/2)
  std::optional<Number> kl_bound;                 ///< of a certificate: bounds KL(p||q)
};

/// A part by the name that text and JSON give it.
template <class Number>
struct NamedPart {
  std::string_view name;
  std::optional<Number> ErrorParts<Number>::*member;
};

/// All parts, in the order in which they are printed.
template <class Number>
inline constexpr std::array<NamedPart<Number>, 13> kErrorParts{{
    {"initialisation", &ErrorParts<Number>::initialisation},
    {"discretisation", &ErrorParts<Number>::discretisation},
    {"score", &ErrorParts<Number>::score},
    {"tv_bound", &ErrorParts<Number>::tv_bound},
    {"kl_bound", &ErrorParts<Number>::kl_bound},
    {"initial_tv", &ErrorParts<Number>::initial_tv},
    {"initial_kl", &ErrorParts<Number>::initial_kl},
    {"path_kl", &ErrorParts<Number>::path_kl},
    {"eps_score", &ErrorParts<Number>::eps_score},
    {"early_stopping_w2", &ErrorParts<Number>::early_stopping_w2},
    {"early_stopping_w2_bound", &ErrorParts<Number>::early_stopping_w2_bound},
    {"local_sum", &ErrorParts<Number>::local_sum},
    {"mass_defect", &ErrorParts<Number>::mass_defect},
}};

/// Calls visit(name, number) for every part that is there.
template <class Number, class Visit>
void for_each_part(ErrorParts<Number>& parts, const Visit& visit) {
  for (const NamedPart<Number>& part : kErrorParts<Number>) {
    if (std::optional<Number>& number = parts.*part.member) {
      visit(part.name, *number);
    }
  }
}

template <class Number, class Visit>
void for_each_part(const ErrorParts<Number>& parts, const Visit& visit) {
  for (const NamedPart<Number>& part : kErrorParts<Number>) {
    if (const std::optional<Number>& number = parts.*part.member) {
      visit(part.name, *number);
    }
  }
}

/// The same parts of `first` and `second`, each pair made into one number by combine(a, b). A part
/// that only one of them has is left out: two computations of one law have the same.
template <class To, class From, class Combine>
ErrorParts<To> combined_parts(const ErrorParts<From>& first, const ErrorParts<From>& second,
                              const Combine& combine) {
  ErrorParts<To> out;
  for (std::size_t i = 0; i < kErrorParts<From>.size(); ++i) {
    const auto member = kErrorParts<From>[i].member;
    if (first.*member && second.*member) {
      out.*(kErrorParts<To>[i].member) = combine(*(first.*member), *(second.*member));
    }
  }
  return out;
}

/// Every part through convert(number).
template <class To, class From, class Convert>
ErrorParts<To> converted_parts(const ErrorParts<From>& parts, const Convert& convert) {
  return combined_parts<To>(parts, parts,
                            [&](const From& number, const From&) { return convert(number); });
}

}  // namespace lemmabench
