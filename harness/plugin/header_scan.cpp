#include "harness/plugin/header_scan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "harness/io/files.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 1000;

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Where the comment, text or preprocessor line that starts at `at` ends; `at` if none starts.
std::size_t skip(std::string_view text, std::size_t at) {
  const auto end_after = [&](std::string_view closing, std::size_t from) {
    const std::size_t found = text.find(closing, from);
    return found == std::string_view::npos ? text.size() : found + closing.size();
  };
  if (text.substr(at, 2) == "//" || text[at] == '#') {
    return end_after("\n", at);
  }
  if (text.substr(at, 2) == "/*") {
    return end_after("*/", at + 2);
  }
  if (text.substr(at, 3) == "R\"(") {
    return end_after(")\"", at + 3);
  }
  if (text[at] == '"' || text[at] == '\'') {
    const char quote = text[at];
    for (std::size_t k = at + 1; k < text.size(); ++k) {
      if (text[k] == '\\') {
        ++k;
      } else if (text[k] == quote || text[k] == '\n') {
        return k + 1;
      }
    }
    return text.size();
  }
  return at;
}

/// Words, `::` and single characters of C++ text, without comments and texts.
std::vector<std::string> tokens(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t next = skip(text, at); next != at) {
      at = next;
    } else if (in_word(text[at])) {
      std::size_t end = at;
      // Digit separators belong to the number.
      while (end < text.size() &&
             (in_word(text[end]) ||
              (text[end] == '\'' && std::isdigit(static_cast<unsigned char>(text[at])) != 0))) {
        ++end;
      }
      out.emplace_back(text.substr(at, end - at));
      at = end;
    } else {
      const std::size_t length = text.substr(at, 2) == "::" ? 2 : 1;
      if (std::isspace(static_cast<unsigned char>(text[at])) == 0) {
        out.emplace_back(text.substr(at, length));
      }
      at += length;
    }
  }
  return out;
}

/// Walks through the braces of a header and keeps the classes that stand in namespaces only.
class ClassFinder {
 public:
  explicit ClassFinder(std::vector<std::string> all) : all_(std::move(all)) {}

  std::vector<std::string> find() {
    for (at_ = 0; at_ < all_.size(); ++at_) {
      const std::string& token = all_[at_];
      if (token == "{") {
        scopes_.push_back(opened());
      } else if (token == "}") {
        close();
      } else if (token == "SamplerInfo") {
        for (Scope& scope : scopes_) {
          scope.mentions = true;
        }
      }
    }
    return found_;
  }

 private:
  struct Scope {
    enum class Kind { space, type, other } kind = Kind::other;
    std::string name;
    bool mentions = false;
  };

  /// What the brace at at_ opens, from the words since the last `;`, `{` or `}`.
  Scope opened() const {
    std::size_t start = at_;
    while (start > 0 && all_[start - 1] != ";" && all_[start - 1] != "{" &&
           all_[start - 1] != "}") {
      --start;
    }
    const bool outside = std::all_of(scopes_.begin(), scopes_.end(), [](const Scope& scope) {
      return scope.kind == Scope::Kind::space;
    });
    if (start == at_ || !outside) {
      return {};
    }
    if (all_[start] == "inline" && start + 1 < at_) {
      ++start;
    }
    if (all_[start] == "namespace") {
      return {Scope::Kind::space, joined(start + 1, at_), false};
    }
    if (all_[start] == "class" || all_[start] == "struct") {
      std::size_t end = start + 1;
      while (end < at_ && all_[end] != ":" && all_[end] != "final") {
        ++end;
      }
      return {Scope::Kind::type, joined(start + 1, end), false};
    }
    return {};
  }

  std::string joined(std::size_t from, std::size_t to) const {
    std::string out;
    for (std::size_t k = from; k < to; ++k) {
      out += all_[k];
    }
    return out;
  }

  void close() {
    if (scopes_.empty()) {
      return;
    }
    const Scope closed = scopes_.back();
    scopes_.pop_back();
    if (closed.kind == Scope::Kind::type && closed.mentions && !closed.name.empty()) {
      std::string full;
      for (const Scope& scope : scopes_) {
        full += scope.name.empty() ? "" : scope.name + "::";
      }
      found_.push_back(full + closed.name);
    }
  }

  std::vector<std::string> all_;
  std::size_t at_ = 0;
  std::vector<Scope> scopes_;
  std::vector<std::string> found_;
};

/// The quoted paths of the #include lines of a text.
std::vector<std::string> quoted_includes(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    const std::size_t hash = line.find_first_not_of(" \t");
    const std::size_t open = line.find('"');
    const std::size_t close = line.find('"', open + 1);
    if (hash != std::string_view::npos && line[hash] == '#' && line.find("include") < open &&
        close != std::string_view::npos) {
      out.emplace_back(line.substr(open + 1, close - open - 1));
    }
    start = end + 1;
  }
  return out;
}

}  // namespace

std::string find_sampler_class(std::string_view header, std::string_view file) {
  const std::vector<std::string> found = ClassFinder(tokens(header)).find();
  if (found.size() == 1) {
    return found.front();
  }
  const std::string what = found.empty()
                               ? std::string("no sampler class")
                               : fmt::format("more than one sampler class ({})",
                                             quoted(fmt::format("{}", fmt::join(found, ", "))));
  throw InputError(fmt::format(
      "{}: {}; it needs one class with static const SamplerInfo& info(), explicit Name(Spec&), "
      "std::string text() const and template <class State, class Real> void step(const "
      "Step<Real>&, Walk<State, Real>&) const, as in examples/own_header",
      file, what));
}

std::vector<fs::path> included_files(const fs::path& header) {
  std::vector<fs::path> out{header};
  for (std::size_t k = 0; k < out.size() && out.size() < kMaxFiles; ++k) {
    for (const std::string& name : quoted_includes(read_file(out[k]))) {
      const fs::path path = (out[k].parent_path() / name).lexically_normal();
      std::error_code unreadable;
      if (fs::is_regular_file(path, unreadable) &&
          std::find(out.begin(), out.end(), path) == out.end()) {
        out.push_back(path);
      }
    }
  }
  return out;
}

}  // namespace lemmabench
