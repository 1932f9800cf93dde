#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/figures/figure.hpp"

namespace lemmabench {

/// The HTML page: the templates of reports/page/html filled with the document, style sheet, script
/// and figures inside. `svgs[i]` is the SVG file of `figures[i]`.
std::string render_page(const nlohmann::ordered_json& document, const std::vector<Figure>& figures,
                        const std::vector<std::string>& svgs);

}  // namespace lemmabench
