#include "reports/page/report.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/io/files.hpp"
#include "numerics/error.hpp"
#include "reports/test/fake_cells.hpp"
#include "test/support/accuracy.hpp"

namespace fs = std::filesystem;
using namespace lemmabench;

namespace {

/// A directory of this process alone, removed at the end.
struct Scratch {
  fs::path path = fs::temp_directory_path() / ("lemmabench-report-" + std::to_string(getpid()));
  Scratch() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Scratch() { fs::remove_all(path); }
};

std::map<std::string, std::string> all_files(const fs::path& directory) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) {
      out[fs::relative(entry.path(), directory).string()] = read_file(entry.path());
    }
  }
  return out;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a report holds every figure in three formats, its tables and its numbers") {
  const Scratch scratch;
  const WrittenReport report = write_report(made_up_report(), scratch.path / "out", 2);
  CHECK(report.index == scratch.path / "out" / "index.html");
  CHECK(report.verdict == Verdict::holds);
  CHECK(report.headline.find("mixture-three  li-cai") != std::string::npos);

  const auto files = all_files(scratch.path / "out");
  const auto page = nlohmann::json::parse(files.at("report.json"));
  std::vector<nlohmann::json> figures = {page.at("headline").at("figure")};
  for (const auto& figure : page.at("scaling")) figures.push_back(figure);
  for (const char* section : {"complexity", "constants"}) {
    for (const auto& figure : page.at(section).at("figures")) figures.push_back(figure);
  }
  for (const auto& figure : page.at("parts").at("bars")) figures.push_back(figure);
  CHECK(figures.size() >= 8);
  for (const auto& figure : figures) {
    const std::string id = figure.at("id");
    CAPTURE(id);
    CHECK(files.count("figures/" + id + ".svg") == 1);
    CHECK(files.count("figures/" + id + ".csv") == 1);
    REQUIRE(files.count("figures/" + id + ".pdf") == 1);
    CHECK(files.at("figures/" + id + ".pdf").substr(0, 5) == "%PDF-");
    CHECK(count(files.at("index.html"), "<figure id=\"" + id + "\">") == 1);
  }
  // Nothing else is left behind: 4 files a figure, 2 tables, the page and its numbers.
  CHECK(files.size() == 4 * figures.size() + 4);
}

TEST_CASE("the page loads nothing and repeats no id") {
  const Scratch scratch;
  write_report(made_up_report(), scratch.path, 1);
  const std::string html = read_file(scratch.path / "index.html");
  // The namespace of SVG is a name, not an address that is fetched.
  const std::size_t names = count(html, "xmlns=\"http://www.w3.org/2000/svg\"");
  CHECK(names > 0);
  CHECK(count(html, "http://") == names);
  CHECK(count(html, "https://") == 0);
  CHECK(count(html, "<link ") == 1);
  CHECK(html.find("<link rel=\"icon\" href=\"data:,\">") != std::string::npos);
  CHECK(count(html, "@import") == 0);
  CHECK(count(html, "url(") == 0);
  CHECK(count(html, "{{") == 0);

  std::set<std::string> ids;
  for (const std::string quote : {"\"", "'"}) {
    const std::string key = " id=" + quote;
    for (std::size_t at = html.find(key); at != std::string::npos; at = html.find(key, at + 1)) {
      const std::size_t from = at + key.size();
      const std::string id = html.substr(from, html.find(quote, from) - from);
      CAPTURE(id);
      CHECK(ids.insert(id).second);
    }
  }
  // Every symbol a figure uses is defined.
  for (std::size_t at = html.find("href='#"); at != std::string::npos;
       at = html.find("href='#", at + 1)) {
    const std::string id = html.substr(at + 7, html.find('\'', at + 7) - at - 7);
    CAPTURE(id);
    CHECK(ids.count(id) == 1);
  }
}

TEST_CASE("tags of the page are balanced") {
  const Scratch scratch;
  write_report(made_up_report(), scratch.path, 1);
  const std::string html = read_file(scratch.path / "index.html");
  for (const std::string tag :
       {"section", "table",   "thead", "tbody", "tr",     "figure", "figcaption", "div", "dl",
        "ul",      "ol",      "li",    "main",  "header", "footer", "svg",        "g",   "a",
        "abbr",    "details", "p",     "h1",    "h2",     "h3",     "span"}) {
    CAPTURE(tag);
    const std::size_t open =
        count(html, "<" + tag + ">") + count(html, "<" + tag + " ") + count(html, "<" + tag + "\n");
    CHECK(open > 0);
    CHECK(open == count(html, "</" + tag + ">"));
  }
}

TEST_CASE("the numbers of the page are those of report.json") {
  const Scratch scratch;
  write_report(made_up_report(), scratch.path, 1);
  const std::string html = read_file(scratch.path / "index.html");
  const auto page = nlohmann::json::parse(read_file(scratch.path / "report.json"));
  REQUIRE(page.at("orders").size() == 4);
  for (const auto& row : page.at("orders")) {
    const auto& order = row.at("order");
    const std::string cell = "<span title=\"" + order.at("value").get<std::string>() + " ± " +
                             order.at("error").get<std::string>() + "\">" +
                             order.at("typeset").get<std::string>() +
                             "</span><abbr class=\"ev computed\" title=\"computed\">C</abbr>";
    CAPTURE(cell);
    CHECK(html.find(cell) != std::string::npos);
    // TV was made as (log T/T)^k exactly.
    const double truth = row.at("sampler") == "ddpm" ? 1 : 2;
    CHECK_CLOSE(std::stod(order.at("value").get<std::string>()), truth, Bound::relative(1e-6),
                "the table prints the order to seven digits");
    CHECK(row.at("verdict") == "consistent");
  }
}

TEST_CASE("the bytes of a report do not depend on the threads nor on the hour") {
  const Scratch scratch;
  write_report(made_up_report(), scratch.path / "one", 1);
  write_report(made_up_report(), scratch.path / "two", 2);
  const auto one = all_files(scratch.path / "one");
  const auto two = all_files(scratch.path / "two");
  REQUIRE(one.size() == two.size());
  for (const auto& file : one) {
    CAPTURE(file.first);
    CHECK((file.second == two.at(file.first)));
  }
}

TEST_CASE("a second report replaces the first and leaves other files alone") {
  const Scratch scratch;
  write_report(made_up_report(), scratch.path, 1);
  std::ofstream(scratch.path / "cells.sqlite") << "mine";
  ReportData less = made_up_report();
  less.cells.pop_back();
  write_report(less, scratch.path, 1);
  CHECK(read_file(scratch.path / "cells.sqlite") == "mine");
  CHECK(fs::exists(scratch.path / "figures" / "overview.svg"));
  CHECK_FALSE(fs::exists(scratch.path / "figures" / "parts-mixture-three.svg"));
}

TEST_CASE("parts that do not add up to the total are a violation") {
  ReportData data = made_up_report();
  data.cells.back().parts.discretisation = Quantity::computed(0, 0);
  const Scratch scratch;
  CHECK(write_report(data, scratch.path, 1).verdict == Verdict::violated);
}

TEST_CASE("a report that cannot be written says where and leaves nothing") {
  const Scratch scratch;
  std::ofstream(scratch.path / "file") << "in the way";
  CHECK_THROWS_WITH_AS(write_report(made_up_report(), scratch.path / "file" / "out", 1),
                       doctest::Contains("cannot be written"), InputError);
  CHECK_THROWS_WITH_AS(write_report(made_up_report(), scratch.path / "file", 1),
                       doctest::Contains("cannot be written"), InputError);
  CHECK_THROWS_AS(write_report(ReportData{{}, "empty.sqlite", "", {}}, scratch.path / "out", 1),
                  InputError);
  CHECK(all_files(scratch.path).size() == 1);
}

TEST_CASE("a store without anything to fit still makes a page") {
  ReportData data;
  data.origin = "small.sqlite";
  data.cells = {made_up_law("mixture-three", "ddim", 128, 1)};
  const Scratch scratch;
  const WrittenReport report = write_report(data, scratch.path, 1);
  CHECK(report.headline.find("No sampler") == 0);
  CHECK(read_file(scratch.path / "index.html").find("class=\"absent\"") != std::string::npos);
}
