// Points as text: a row a line, numbers separated by ',' ';' tabs or spaces.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/points/point_reader.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMostShown = 60;

[[noreturn]] void refuse_table(const std::string& where, const std::string& what) {
  throw InputError(fmt::format("{}: {}", where, what));
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// What separates the items of a file, by its first line: ';' where there is one (then ',' may be
/// a decimal comma, which is refused as such), ',', a tab, or runs of spaces.
char separator_of(std::string_view line) {
  bool inside = false;
  char found = ' ';
  for (const char c : line) {
    inside = inside != (c == '"');
    if (inside) continue;
    if (c == ';') return ';';
    if (c == ',' || (c == '\t' && found == ' ')) found = c;
  }
  return found;
}

/// The items of a line, without the quotes around them.
std::vector<std::string_view> items_of(std::string_view line, char separator,
                                       const std::string& where) {
  std::vector<std::string_view> out;
  for (bool last = false; !last;) {
    if (separator == ' ') line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (separator != '\t') line = line.substr(std::min(line.find_first_not_of(' '), line.size()));
    std::size_t end = 0;
    const bool in_quotes = !line.empty() && line.front() == '"';
    if (in_quotes) {
      end = line.find('"', 1);
      if (end == std::string_view::npos) refuse_table(where, "a quote is not closed");
    }
    end = separator == ' ' ? line.find_first_of(" \t", end) : line.find(separator, end);
    std::string_view item = trimmed(line.substr(0, end));
    last = end == std::string_view::npos;
    line.remove_prefix(last ? line.size() : end + 1);
    if (separator == ' ' && trimmed(line).empty()) last = true;
    if (in_quotes) {
      if (item.size() < 2 || item.back() != '"') refuse_table(where, "text follows a closed quote");
      item = trimmed(item.substr(1, item.size() - 2));
    }
    out.push_back(item);
  }
  return out;
}

/// A number, not finite ones included; none for other text.
std::optional<double> number_in(std::string_view item) {
  if (item.size() > 1 && item[0] == '+' && item[1] != '-') item.remove_prefix(1);
  double value = 0;
  const auto [stop, error] = std::from_chars(item.data(), item.data() + item.size(), value);
  if (item.empty() || stop != item.data() + item.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range)
    return std::strtod(std::string(item).c_str(), nullptr);
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

std::string shown(std::string_view line) {
  return quoted(line.substr(0, kMostShown)) + (line.size() > kMostShown ? "..." : "");
}

/// True for 0,1,2,... and 1,2,3,...: what programs name columns by that have no names.
bool counts_up(const std::vector<double>& row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] != row[0] + static_cast<double>(i)) return false;
  }
  return row.size() > 1 && (row[0] == 0 || row[0] == 1);
}

class CsvReader {
 public:
  CsvReader(std::size_t most_rows, const std::string& name) : most_rows_(most_rows), name_(name) {}

  ReadPoints read(std::string_view text) {
    text = without_mark(text);
    while (!text.empty() && (most_rows_ == 0 || out_.rows < most_rows_)) {
      ++line_number_;
      const std::size_t end = text.find_first_of("\r\n");
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      if (end != std::string_view::npos && line.data()[end] == '\r' && !text.empty() &&
          text.front() == '\n') {
        text.remove_prefix(1);
      }
      if (!trimmed(line).empty() && line.front() != '#') read_line(line);
    }
    if (out_.rows == 0)
      refuse_table(quoted(name_), names_ ? "has column names and no points" : "has no points");
    if (counts_up({out_.values.begin(),
                   out_.values.begin() + static_cast<std::ptrdiff_t>(out_.columns)}) &&
        !names_) {
      notes_.push_back(fmt::format(
          "{}: its first row counts up and was taken as a point; if these are the names "
          "of the columns, take the line out",
          quoted(name_)));
    }
    return {std::move(out_), std::move(notes_)};
  }

 private:
  std::string where() const { return fmt::format("{}:{}", quoted(name_), line_number_); }

  std::string_view without_mark(std::string_view text) const {
    if (text.starts_with("\xef\xbb\xbf")) return text.substr(3);
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
      refuse_table(quoted(name_), "is UTF-16 text; save it as UTF-8");
    }
    if (text.starts_with("\x93NUMPY"))
      refuse_table(quoted(name_), "is a .npy file by its content; name it so");
    return text;
  }

  void read_line(std::string_view line) {
    const bool first = separator_ == 0;
    if (first) separator_ = separator_of(line);
    const std::vector<std::string_view> items = items_of(line, separator_, where());
    if (first && names_columns(items)) {
      names_ = items.size();
      notes_.push_back(fmt::format("{}: taken as the names of {} columns: {}", where(),
                                   items.size(), shown(line)));
      return;
    }
    add_row(items);
  }

  /// Whether the first line has no numbers; a line of both is refused, since either guess loses.
  bool names_columns(const std::vector<std::string_view>& items) const {
    std::optional<std::string_view> name;
    std::optional<std::string_view> number;
    for (const std::string_view item : items) {
      (number_in(item) ? number : name) = item;
    }
    if (name && items.front().empty()) {
      refuse_table(
          where(),
          "the first column has no name: it numbers the rows, as pandas does; write the file "
          "without (index=False)");
    }
    if (name && number) {
      refuse_table(where(),
                   fmt::format("has numbers and other text ('{}', '{}'); a first line names all "
                               "columns or is a point",
                               quoted(*number), quoted(*name)));
    }
    return name.has_value();
  }

  void add_row(const std::vector<std::string_view>& items) {
    const std::size_t columns = out_.rows > 0 ? out_.columns : names_.value_or(items.size());
    if (items.size() != columns) {
      refuse_table(where(), fmt::format("has {} numbers, the {} has {}", items.size(),
                                        out_.rows > 0 ? "first row" : "line of names", columns));
    }
    for (std::size_t i = 0; i < items.size(); ++i) add_number(items[i], i + 1);
    out_.columns = columns;
    ++out_.rows;
    if (out_.values.size() > kMaxPointNumbers) {
      refuse_table(where(), fmt::format("more than {} numbers; take fewer rows", kMaxPointNumbers));
    }
  }

  void add_number(std::string_view item, std::size_t column) {
    const std::optional<double> value = number_in(item);
    if (item.empty()) {
      refuse_table(where(),
                   fmt::format("column {} is empty; take rows with missing values out", column));
    }
    if (!value) {
      const bool comma = separator_ == ';' && item.find(',') != std::string_view::npos;
      refuse_table(where(), fmt::format("column {}: '{}' is no number{}", column, shown(item),
                                        comma ? "; write 1.5, not 1,5" : ""));
    }
    if (!std::isfinite(*value)) {
      refuse_table(
          where(),
          fmt::format("column {}: '{}' is not finite; take rows that diverged out, or make them "
                      "finite",
                      column, shown(item)));
    }
    out_.values.push_back(*value);
  }

  std::size_t most_rows_;
  const std::string& name_;
  PointTable out_;
  std::vector<std::string> notes_;
  std::size_t line_number_ = 0;
  char separator_ = 0;
  std::optional<std::size_t> names_;  ///< how many columns the first line names
};

}  // namespace

ReadPoints read_csv(std::string_view text, std::size_t most_rows, const std::string& name) {
  return CsvReader(most_rows, name).read(text);
}

}  // namespace lemmabench
