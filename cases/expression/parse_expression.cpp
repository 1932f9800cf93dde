#include "cases/expression/parse_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/spirit/home/x3.hpp>
#include <functional>
#include <string>

#include "cases/spec.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

// Boost.Spirit X3 is slow to compile: it stays in this file.
namespace lemmabench {
namespace {

namespace x3 = boost::spirit::x3;

constexpr std::size_t kMaxLength = 1000;
constexpr int kMaxNesting = 64;
constexpr int kMaxPower = 64;

using Iterator = std::string_view::const_iterator;
using Op = Expression::Op;

/// What the grammar writes to, and what its messages need.
struct Output {
  std::string_view text;
  std::string_view origin;
  Expression expression;

  /// "mine.toml:7: y: '1/sqrt(alfa)' at column 8"
  std::string at(Iterator where) const {
    where = std::find_if(where, text.end(),
                         [](char c) { return c != ' ' && c != '\t' && c != '\r' && c != '\n'; });
    const auto column = where - text.begin();
    // A window of the text, so that the message shows the place however long the text is.
    const auto start = static_cast<std::size_t>(std::max<std::ptrdiff_t>(column - 40, 0));
    return fmt::format("{}: '{}' at column {}", origin, quoted(text.substr(start)), column + 1);
  }
};

struct OutputTag;

template <class Context>
Output& output(const Context& context) {
  return x3::get<OutputTag>(context).get();
}

/// The semantic action that appends an operator once its operands are there.
template <Op op>
struct Append {
  template <class Context>
  void operator()(const Context& context) const {
    output(context).expression.append(op);
  }
};

const auto append_number = [](const auto& context) {
  const auto& range = x3::_attr(context);
  Output& out = output(context);
  out.expression.append(Rational::parse(
      std::string_view(&*range.begin(), static_cast<std::size_t>(range.size())), out.origin));
};

const auto append_symbol = [](const auto& context) {
  output(context).expression.append(x3::_attr(context));
};

const auto append_function = [](const auto& context) {
  output(context).expression.append(x3::_attr(context));
};

const auto append_power = [](const auto& context) {
  const int exponent = x3::_attr(context);
  if (exponent < -kMaxPower || exponent > kMaxPower) {
    throw InputError(fmt::format("{}: a power must be a whole number from {} to {}",
                                 output(context).at(x3::_where(context).begin()), -kMaxPower,
                                 kMaxPower));
  }
  output(context).expression.append(Op::power, exponent);
};

const auto refuse_unknown = [](const auto& context) {
  const auto& range = x3::_attr(context);
  std::vector<std::string> known{"sqrt", "exp", "log", "log1p", "expm1", "min", "max"};
  std::string all;
  for (const StepSymbolName& symbol : step_symbols()) {
    known.emplace_back(symbol.name);
    all += std::string(symbol.name) + ", ";
  }
  throw_unknown_name(
      output(context).at(range.begin()), "symbol",
      std::string_view(&*range.begin(), static_cast<std::size_t>(range.size())), std::move(known),
      "there are " + all + "and sqrt(), exp(), log(), log1p(), expm1(), min(,), max(,)");
};

struct SymbolTable : x3::symbols<StepSymbol> {
  SymbolTable() {
    for (const StepSymbolName& symbol : step_symbols()) {
      add(std::string(symbol.name), symbol.symbol);
    }
  }
};
const SymbolTable kSymbols;

struct FunctionTable : x3::symbols<Op> {
  FunctionTable() {
    add("sqrt", Op::sqrt)("exp", Op::exp)("log", Op::log)("log1p", Op::log1p)("expm1", Op::expm1);
  }
};
const FunctionTable kFunctions;

/// Functions of two numbers.
struct PairTable : x3::symbols<Op> {
  PairTable() { add("min", Op::min)("max", Op::max); }
};
const PairTable kPairs;

// Not x3::space, which must not meet a byte above 127.
const auto kSpace = x3::char_(" \t\r\n");
const auto letter = x3::char_("a-zA-Z0-9_");
const auto digits = +x3::char_("0-9");
const auto number = x3::raw[x3::lexeme[digits >> -('.' >> *x3::char_("0-9")) >>
                                       -(x3::char_("eE") >> -x3::char_("+-") >> digits)]];
const auto function = x3::lexeme[kFunctions >> !letter];
const auto pair = x3::lexeme[kPairs >> !letter];
const auto symbol = x3::lexeme[kSymbols >> !letter];
const auto identifier = x3::raw[x3::lexeme[x3::char_("a-zA-Z_") >> *letter]];

// The names of the rules are what a message says was expected.
const x3::rule<struct SumRule> sum = "a number, a symbol, a function or '('";
const x3::rule<struct ProductRule> product = "a number, a symbol, a function or '('";
const x3::rule<struct FactorRule> factor = "a number, a symbol, a function or '('";
const x3::rule<struct PowerRule> power = "a number, a symbol, a function or '('";
const x3::rule<struct ExponentRule, int> exponent = "a whole number (as in b^2)";
const x3::rule<struct EndRule> end_of_text = "an operator (+ - * / ^) or the end";

const auto primary = number[append_number] | (function > '(' > sum > ')')[append_function] |
                     (pair > '(' > sum > ',' > sum > ')')[append_function] | symbol[append_symbol] |
                     identifier[refuse_unknown] | ('(' > sum > ')');

const auto sum_def = product >> *(('+' > product)[Append<Op::add>()] |
                                  ('-' > product)[Append<Op::subtract>()]);
const auto product_def = factor >> *(('*' > factor)[Append<Op::multiply>()] |
                                     ('/' > factor)[Append<Op::divide>()]);
const auto factor_def = ('-' > factor)[Append<Op::negate>()] | ('+' > factor) | power;
const auto power_def = primary >> -('^' > exponent)[append_power];
const auto exponent_def = x3::int_ | ('(' >> x3::int_ >> ')');
const auto end_of_text_def = x3::eoi;

BOOST_SPIRIT_DEFINE(sum, product, factor, power, exponent, end_of_text)

/// Bounds the depth of the parser's recursion before it starts.
void check_nesting(std::string_view text, std::string_view origin) {
  int open = 0;
  for (const char c : text) {
    open += c == '(' ? 1 : (c == ')' ? -1 : 0);
    if (open > kMaxNesting) {
      throw InputError(fmt::format("{}: more than {} nested parentheses", origin, kMaxNesting));
    }
  }
  if (text.size() > kMaxLength) {
    throw InputError(fmt::format("{}: longer than {} characters", origin, kMaxLength));
  }
}

}  // namespace

Expression parse_expression(std::string_view text, std::string_view origin) {
  check_nesting(text, origin);
  Output out{text, origin, {}};
  const auto grammar = x3::with<OutputTag>(std::ref(out))[x3::eps > sum > end_of_text];
  Iterator first = text.begin();
  try {
    x3::phrase_parse(first, text.end(), grammar, kSpace);
  } catch (const x3::expectation_failure<Iterator>& failure) {
    throw InputError(fmt::format("{}: expected {}", out.at(failure.where()), failure.which()));
  }
  return std::move(out.expression);
}

}  // namespace lemmabench
