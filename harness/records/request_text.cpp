#include "harness/records/request_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/schemes/scheme_name.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) {
    return text;
  }
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? "'\\''" : std::string(1, c);
  }
  return out + "'";
}

std::string_view name(Start start) { return start == Start::gaussian ? "gaussian" : "exact"; }

Start parse_start(std::string_view text, std::string_view origin) {
  for (const Start start : {Start::gaussian, Start::exact}) {
    if (text == name(start)) {
      return start;
    }
  }
  throw InputError(fmt::format("{}: start '{}' is none of gaussian, exact", origin, quoted(text)));
}

std::vector<std::string> request_options(const LawRequest& request) {
  std::vector<std::string> out{"--target", request.target, "--sampler", request.sampler};
  const auto add = [&out](const char* flag, std::string value) {
    out.emplace_back(flag);
    out.push_back(std::move(value));
  };
  if (!names_scheme(request.sampler)) {
    add("--steps", fmt::format("{}", request.steps));
    add("--schedule", text(request.schedule));
  }
  const LawRequest plain;
  if (request.start != plain.start) {
    add("--start", std::string(name(request.start)));
  }
  if (request.score != plain.score) {
    add("--score", request.score);
  }
  if (request.arithmetic != plain.arithmetic) {
    add("--arithmetic", request.arithmetic.text());
  }
  if (request.digits != plain.digits) {
    add("--digits", fmt::format("{}", request.digits));
  }
  return out;
}

std::string canonical_text(const LawRequest& request) {
  std::vector<std::string> words;
  for (const std::string& word : request_options(request)) {
    words.push_back(shell_word(word));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::string series_text(LawRequest request) {
  request.steps = 0;
  return canonical_text(request);
}

std::string command_text(const LawRequest& request) {
  return "lemmabench law " + canonical_text(request);
}

}  // namespace lemmabench
