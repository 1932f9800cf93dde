#include "reports/figures/figure.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "harness/io/files.hpp"
#include "numerics/parallel.hpp"
#include "reports/figures/gnuplot.hpp"
#include "reports/text/typesetting.hpp"

namespace lemmabench {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t i = text.find(from); i != std::string::npos;
       i = text.find(from, i + to.size())) {
    text.replace(i, from.size(), to);
  }
}

/// The one thing in a PDF of cairo's that depends on the hour. Same length, so offsets stay right.
void drop_date(std::string& pdf) {
  static constexpr std::string_view key = "/CreationDate (D:";
  for (std::size_t i = pdf.find(key); i != std::string::npos; i = pdf.find(key, i + 1)) {
    for (std::size_t k = i + key.size(); k < pdf.size() && pdf[k] != ')'; ++k) {
      if (pdf[k] >= '0' && pdf[k] <= '9') pdf[k] = '0';
    }
    pdf.replace(i + key.size(), 8, "20000101");
  }
}

/// Throws unless the files hold a whole drawing.
void check_drawing(const Figure& figure, const std::string& svg, const std::string& pdf) {
  if (svg.find("</svg>") == std::string::npos ||
      svg.find(fmt::format("id=\"{}_plot_1\"", id_prefix(figure))) == std::string::npos) {
    throw std::runtime_error(fmt::format("gnuplot left figure {}.svg empty", figure.id));
  }
  if (pdf.rfind("%PDF-", 0) != 0 || pdf.find("%%EOF") == std::string::npos) {
    throw std::runtime_error(fmt::format("gnuplot left figure {}.pdf empty", figure.id));
  }
}

/// A gnuplot of its own for each figure: what one leaves in the program's state shows in the next
/// one's bytes.
void draw(const Figure& figure, const std::filesystem::path& directory) {
  write_file_atomically(directory / (figure.id + ".gp"), gnuplot_script(figure));
  write_file_atomically(directory / (figure.id + ".csv"), csv(figure));
  run_gnuplot({figure.id + ".gp"}, directory);
  const auto pdf_path = directory / (figure.id + ".pdf");
  const std::string svg = read_file(directory / (figure.id + ".svg"));
  std::string pdf = read_file(pdf_path);
  check_drawing(figure, svg, pdf);
  drop_date(pdf);
  write_file_atomically(pdf_path, pdf);
}

}  // namespace

void write_figures(const std::vector<Figure>& figures, const std::filesystem::path& directory,
                   int threads) {
  parallel_for(figures.size(), threads, [&](std::size_t i) { draw(figures[i], directory); });
}

std::string inline_svg(const Figure& figure, const std::string& svg) {
  const std::size_t start = svg.find("<svg");
  const std::size_t body = svg.find('>', start);
  const std::size_t end = svg.rfind("</svg>");
  if (start == std::string::npos || body == std::string::npos || end == std::string::npos) {
    throw std::runtime_error(fmt::format("figure {}: this is no SVG", figure.id));
  }
  const std::string prefix = id_prefix(figure);
  std::string opening = svg.substr(start, body - start);
  std::string inner = svg.substr(body + 1, end - body - 1);

  // The program's own title and description give way to ours.
  for (const std::string_view tag : {"title", "desc"}) {
    const std::string open = fmt::format("<{}>", tag);
    const std::string close = fmt::format("</{}>", tag);
    for (std::size_t i = inner.find(open); i != std::string::npos; i = inner.find(open)) {
      const std::size_t stop = inner.find(close, i);
      if (stop == std::string::npos) break;
      inner.erase(i, stop + close.size() - i);
    }
  }
  for (const std::string_view id : {"gpPt", "gpDot", "gnuplot_canvas", "textbox", "greybox"}) {
    for (const std::string_view quote : {"'", "\""}) {
      replace_all(inner, fmt::format("id={}{}", quote, id),
                  fmt::format("id={}{}_{}", quote, prefix, id));
      replace_all(inner, fmt::format("href={}#{}", quote, id),
                  fmt::format("href={}#{}_{}", quote, prefix, id));
    }
  }
  // On the page the card is the paper.
  replace_all(inner, fmt::format("fill=\"{}\"", light_value("paper")), "fill=\"none\"");
  replace_all(inner, "xlink:href", "href");
  replace_all(opening, "\n xmlns:xlink=\"http://www.w3.org/1999/xlink\"", "");
  // gnuplot writes rgb(213,  94,   0), with and without the blanks.
  for (const Ink& ink : inks()) {
    const auto part = [&ink](std::size_t at) {
      return std::stoi(std::string(ink.light.substr(at, 2)), nullptr, 16);
    };
    const std::string variable = fmt::format("var(--fig-{})", ink.name);
    replace_all(inner, fmt::format("rgb({:3},{:4},{:4})", part(1), part(3), part(5)), variable);
    replace_all(inner, fmt::format("rgb({:3}, {:3}, {:3})", part(1), part(3), part(5)), variable);
    replace_all(inner, fmt::format("rgb({},{},{})", part(1), part(3), part(5)), variable);
  }
  for (const std::string_view quote : {"'", "\""}) {
    replace_all(inner, fmt::format("fill={}black{}", quote, quote), "fill=\"var(--fig-text)\"");
    replace_all(inner, fmt::format("stroke={}black{}", quote, quote), "stroke=\"var(--fig-text)\"");
    replace_all(inner, fmt::format("color={}black{}", quote, quote), "color=\"var(--fig-text)\"");
  }
  replace_all(inner, " font-family=\"sans-serif\"", "");
  return fmt::format(
      "{} role=\"img\" aria-labelledby=\"{}_title\">\n<title id=\"{}_title\">{}</title>{}</svg>\n",
      opening, prefix, prefix, escape_xml(figure.title), inner);
}

}  // namespace lemmabench
