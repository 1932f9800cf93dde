#include "harness/records/request_text.hpp"

#include <fmt/format.h>

namespace lemmabench {

std::string shell_word(const std::string& text) {
  const bool plain = text.find_first_of(" ;()*?'\"$&|<>") == std::string::npos;
  return plain ? text : "'" + text + "'";
}

std::string_view name(Start start) { return start == Start::gaussian ? "gaussian" : "exact"; }

std::string command_text(const LawRequest& request) {
  std::string out = fmt::format("lemmabench law --target {} --sampler {} --steps {} --schedule {}",
                                shell_word(request.target), shell_word(request.sampler),
                                request.steps, shell_word(text(request.schedule)));
  if (request.start == Start::exact) {
    out += " --start exact";
  }
  if (request.score != "exact") {
    out += " --score " + shell_word(request.score);
  }
  if (request.arithmetic != "ball") {
    out += " --arithmetic " + request.arithmetic;
  }
  if (request.digits > 0) {
    out += fmt::format(" --digits {}", request.digits);
  }
  return out;
}

}  // namespace lemmabench
