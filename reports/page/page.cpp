#include "reports/page/page.hpp"

#include <fmt/format.h>

#include <kainjow/mustache.hpp>
#include <map>
#include <stdexcept>

#include "report_files.hpp"
#include "reports/figures/palette.hpp"

namespace lemmabench {

namespace {

using TemplateData = kainjow::mustache::data;
using nlohmann::ordered_json;

std::string embedded(std::string_view name) {
  for (const EmbeddedFile& file : report_files()) {
    if (file.name == name) return std::string(file.text);
  }
  throw std::logic_error("no embedded file " + std::string(name));
}

/// A stretch of a sampler's line with its marker, as in the figures.
std::string swatch(const std::string& sampler) {
  const Style style = sampler_style(sampler);
  const std::string colour = fmt::format("var(--fig-{})", style.ink);
  std::string marker;
  const auto polygon = [&](const char* points) {
    marker = fmt::format("<polygon points=\"{}\" fill=\"{}\"/>", points, colour);
  };
  switch (style.marker) {
    case 4:
      marker = fmt::format(
          "<rect x=\"14\" y=\"3\" width=\"6\" height=\"6\" fill=\"var(--fig-paper)\" "
          "stroke=\"{}\"/>",
          colour);
      break;
    case 5:
      marker = fmt::format("<rect x=\"14\" y=\"3\" width=\"6\" height=\"6\" fill=\"{}\"/>", colour);
      break;
    case 6:
      marker = fmt::format(
          "<circle cx=\"17\" cy=\"6\" r=\"3\" fill=\"var(--fig-paper)\" stroke=\"{}\"/>", colour);
      break;
    case 9:
      polygon("17,2 13,9 21,9");
      break;
    case 11:
      polygon("17,10 13,3 21,3");
      break;
    case 13:
      polygon("17,1.5 21,6 17,10.5 13,6");
      break;
    default:
      marker = fmt::format("<circle cx=\"17\" cy=\"6\" r=\"3\" fill=\"{}\"/>", colour);
  }
  return fmt::format(
      "<svg class=\"swatch\" viewBox=\"0 0 34 12\" aria-hidden=\"true\"><path d=\"M1,6 H33\" "
      "stroke=\"{}\" stroke-width=\"{}\" stroke-dasharray=\"{}\"/>{}</svg>",
      colour, style.width, style.dash.empty() ? "none" : style.dash, marker);
}

std::string figure_css() {
  std::string light;
  std::string dark;
  for (const Ink& ink : inks()) {
    light += fmt::format(" --fig-{}: {};", ink.name, ink.light);
    dark += fmt::format(" --fig-{}: {};", ink.name, ink.dark);
  }
  return fmt::format(
      ":root {{{}}}\n@media screen and (prefers-color-scheme: dark) {{ :root {{{}}} }}\n", light,
      dark);
}

/// JSON as the template engine's data. Null becomes false, so that `{{^x}}` shows and no outer
/// value of the same name is taken instead. A row of a sampler gets its swatch, a figure its SVG.
TemplateData to_data(const ordered_json& json, const std::map<std::string, std::string>& svgs) {
  if (json.is_object()) {
    TemplateData out{TemplateData::type::object};
    for (const auto& [key, value] : json.items()) {
      out.set(key, to_data(value, svgs));
      if (key == "sampler" && value.is_string()) out.set("swatch", swatch(value));
      if (key == "caption") {
        const auto svg = svgs.find(json.at("id"));
        if (svg == svgs.end()) {
          throw std::logic_error("no figure " + json.at("id").get<std::string>());
        }
        out.set("svg", svg->second);
      }
    }
    return out;
  }
  if (json.is_array()) {
    TemplateData out{TemplateData::type::list};
    for (const ordered_json& item : json) out << to_data(item, svgs);
    return out;
  }
  if (json.is_boolean()) return json.get<bool>() ? TemplateData(true) : TemplateData(false);
  if (json.is_null()) return TemplateData(false);
  return json.is_string() ? TemplateData(json.get<std::string>()) : TemplateData(json.dump());
}

}  // namespace

std::string render_page(const ordered_json& document, const std::vector<Figure>& figures,
                        const std::vector<std::string>& svgs) {
  std::map<std::string, std::string> by_id;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    by_id.emplace(figures[i].id, inline_svg(figures[i], svgs.at(i)));
  }
  TemplateData page = to_data(document, by_id);
  page.set("css", embedded("report.css"));
  page.set("js", embedded("report.js"));
  page.set("figure_css", figure_css());
  for (const char* part : {"figure_box", "quantity_cell"}) {
    const std::string text = embedded(std::string(part) + ".mustache");
    // A partial stands in the middle of a line: its last newline would show as a blank.
    page.set(part, kainjow::mustache::partial([text] { return text.substr(0, text.rfind('\n')); }));
  }
  kainjow::mustache::mustache shell(embedded("page.mustache"));
  if (!shell.is_valid()) {
    throw std::logic_error("page.mustache: " + shell.error_message());
  }
  return shell.render(page);
}

}  // namespace lemmabench
