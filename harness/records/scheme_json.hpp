#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "cases/schemes/scheme.hpp"

namespace lemmabench {

/// Reads a scheme from a JSON file:
///   {"sigmas": [20, ..., 0.05],      K+1 levels; the first may be "inf", the last 0
///    "model_calls": K, "draws": M,
///    "rows": [[a, c_0, ..., c_{K-1}, e_0, ..., e_{M-1}], ...],     K+1 of them, dense, or
///    "recursion": [{"x": 1}, {"y0": 0.5, "D0": 0.5, "z0": 0.1}, ...],   the same without zeros
///    "source": text, "steps": N, "parametrisation": text, "gaussian_start_variance": v,
///    "advertised_order": p, "linearity_defect": r, "float32": yes or no,
///    "rounding_floor": r, "levels_rise": yes or no}                 all of these optional
/// Row k is the input of model call k, the last row the output (cases/schemes/scheme.hpp). Numbers
/// are read to the nearest double, which is the number that was written if a double was written.
///
/// Throws InputError, one line that starts with `origin` and the path, for a file that cannot be
/// read, text that is not such JSON (NaN and keys that stand twice included), unknown keys (with
/// the nearest), rows of the wrong length, and what require_sound refuses. O(length of the file).
Scheme read_scheme(const std::filesystem::path& path, std::string_view origin);

/// False for JSON that is another thing: an object without "sigmas", or no object. What is no JSON
/// at all may have been meant as a scheme.
bool is_scheme(std::string_view json);

/// The same from the text of the file.
Scheme parse_scheme(std::string_view json, std::string_view origin);

}  // namespace lemmabench
