#include "reports/figures/figure.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/io/files.hpp"
#include "reports/figures/gnuplot.hpp"
#include "reports/text/typesetting.hpp"

namespace fs = std::filesystem;
using namespace lemmabench;

namespace {

struct Scratch {
  fs::path path = fs::temp_directory_path() / ("lemmabench-figure-" + std::to_string(getpid()));
  Scratch() { fs::create_directories(path); }
  ~Scratch() { fs::remove_all(path); }
};

Figure small_figure() {
  LineChart chart;
  Line line;
  line.label = "it's {odd}_";
  line.style = sampler_style("li-cai");
  line.points = {{128, 1e-2, 1e-3}, {256, 1e-3, 0}, {512, 1e-4, 0}};
  chart.lines = {line};
  chart.x = axis_for("steps T", "steps", true, {128, 512});
  chart.y = axis_for("TV", "tv", true, {1e-4, 1e-2});
  return {"a-figure", "50 % & <more>_x^2", "caption", chart};
}

}  // namespace

TEST_CASE("axes hold their values and have few round ticks") {
  const Axis decades = axis_for("y", "y", true, {3e-9, 0.2, 0});
  CHECK(decades.low < 3e-9);
  CHECK(decades.high > 0.2);
  CHECK(decades.ticks.size() >= 3);
  CHECK(decades.ticks.size() <= 8);
  CHECK(decades.ticks.front().text == "10⁻²");

  const Axis short_log = axis_for("y", "y", true, {0.3, 2});
  REQUIRE(short_log.ticks.size() >= 2);
  CHECK(short_log.ticks.front().text == "0.5");

  const Axis linear = axis_for("x", "x", false, {0, 0.31});
  CHECK(linear.low == 0);
  REQUIRE(linear.ticks.size() >= 3);
  CHECK(linear.ticks[0].text == "0");
  CHECK(linear.ticks[1].text == "0.1");

  CHECK_THROWS(axis_for("y", "y", true, {0, -1}));
}

TEST_CASE("a figure becomes SVG, PDF and CSV whatever its texts hold") {
  const Scratch scratch;
  const Figure figure = small_figure();
  write_figures({figure}, scratch.path, 1);
  CHECK(read_file(scratch.path / "a-figure.csv") ==
        "series,steps,tv,error\n"
        "it's {odd}_,128,0.01,0.001\n"
        "it's {odd}_,256,0.001,0\n"
        "it's {odd}_,512,0.0001,0\n");
  const std::string svg = read_file(scratch.path / "a-figure.svg");
  CHECK(svg.find("it's {odd}_") != std::string::npos);
  const std::string pdf = read_file(scratch.path / "a-figure.pdf");
  CHECK(pdf.find("/CreationDate (D:20000101") != std::string::npos);

  const std::string in_page = inline_svg(figure, svg);
  CHECK(in_page.substr(0, 4) == "<svg");
  CHECK(in_page.find("<title id=\"a_figure_title\">50 % &amp; &lt;more&gt;_x^2</title>") !=
        std::string::npos);
  CHECK(in_page.find("var(--fig-vermillion)") != std::string::npos);
  CHECK(in_page.find("viewBox") != std::string::npos);
  CHECK(in_page.find("rgb(") == std::string::npos);  // every colour follows the scheme
  CHECK(in_page.find("'gpPt") == std::string::npos);
  // White paper in the file that stands alone, none on the page.
  CHECK(svg.find("fill=\"#ffffff\"") != std::string::npos);
  CHECK(in_page.find("#ffffff") == std::string::npos);
}

TEST_CASE("a failing gnuplot is an error with its message, a missing one says what to install") {
  const Scratch scratch;
  write_file_atomically(scratch.path / "bad.gp", "plot 'no such file'\n");
  CHECK_THROWS_WITH_AS(run_gnuplot({"bad.gp"}, scratch.path), doctest::Contains("gnuplot failed"),
                       std::runtime_error);
  const std::string path = std::getenv("PATH");
  fs::create_symlink("/usr/bin/env", scratch.path / "env");
  setenv("PATH", scratch.path.c_str(), 1);
  CHECK_THROWS_WITH_AS(run_gnuplot({"bad.gp"}, scratch.path), doctest::Contains("gnuplot-nox"),
                       std::runtime_error);
  setenv("PATH", path.c_str(), 1);
}

TEST_CASE("numbers are rounded to what their error leaves meaningful") {
  CHECK(rounded(1.98342, 0.0123) == "1.983 ± 0.012");
  CHECK(rounded(0.99991234, 0.00038) == "0.9999 ± 0.0004");
  CHECK(rounded(6.21381e-5, 1e-12) == "6.214e-05");
  CHECK(rounded(3.51e-7, 1.13e-7) == "3.5e-07 ± 1.1e-07");
  CHECK(rounded(0, 0) == "0");
  CHECK(rounded(-4.5, 1e-10, 11) == "-4.5000000000 ± 0.0000000001");
  CHECK(typeset("-6.214e-05") == "−6.214 × 10⁻⁵");
  CHECK(typeset("3.5e-07 ± 1.1e-07") == "3.5 × 10⁻⁷ ± 1.1 × 10⁻⁷");
}
