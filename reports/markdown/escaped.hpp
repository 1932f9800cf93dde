#pragma once

#include <string>

namespace lemmabench {

/// Text for a cell of a Markdown table: what would be read as markup is escaped, lines are joined.
inline std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '*' || c == '_' || c == '<' || c == '`' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace lemmabench
