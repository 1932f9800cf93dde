#pragma once

#include <string_view>

#include "cases/expression/expression.hpp"

namespace lemmabench {

/// Reads a formula such as "b/(2*sqrt(alpha))":
///   sums and products of + - * / with the usual precedence, unary + and -, integer powers
///   x^n (-64 <= n <= 64; -x^2 is -(x^2)), parentheses, sqrt(x), exp(x), log(x) (natural),
///   log1p(x), expm1(x), min(x, y), max(x, y), decimal numbers, and the symbols of step_symbols().
/// Throws InputError for anything else: `origin` (e.g. "mine.toml:7: y"), the text, the column, and
/// what would be right; for an unknown symbol the nearest. At most 1000 characters and 64 nested
/// parentheses.
Expression parse_expression(std::string_view text, std::string_view origin);

}  // namespace lemmabench
