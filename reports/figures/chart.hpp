#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/figures/figure.hpp"
#include "reports/figures/series.hpp"

namespace lemmabench {

/// `text` with everything but letters and digits turned into single hyphens: fit for a file name.
std::string slug(std::string_view text);

/// The points (T, |value|) of a series for a log-log chart, without those that drown in their own
/// error (value below twice the error).
std::vector<DataPoint> tv_points(const Series& series);

/// The line of a sampler in its colours.
Line sampler_line(const std::string& sampler, std::vector<DataPoint> points);

/// y = anchor * (h(T)/h(T_last))^order over the T of `steps`, h = log T/T, as a guide named
/// "(log T/T)^order".
Line slope_guide(int order, double anchor, const std::vector<double>& steps);

/// One slope_guide for each expected order among the series, a little above the highest series of
/// that order at the largest T.
std::vector<Line> slope_guides(const std::vector<const Series*>& series);

/// TV against T of one target and some of the samplers, with slope guides.
Figure tv_figure(const SeriesIndex& index, const TargetEntry& target,
                 const std::vector<std::string>& samplers, const std::string& id);

/// All x and y values of the lines that are no guides.
std::vector<double> all_x(const std::vector<Line>& lines);
std::vector<double> all_y(const std::vector<Line>& lines);

/// An axis of step counts with ticks at (every other, every fourth ...) power of two.
Axis steps_axis(const std::vector<double>& steps);

/// Puts the samplers the report is about on top: drawn last.
void raise_subject(std::vector<Line>& lines);

}  // namespace lemmabench
