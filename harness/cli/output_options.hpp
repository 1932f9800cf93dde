#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace lemmabench {

/// --format text|json and --output, of commands whose result is one text.
void add_output_options(CLI::App& command, std::string& format, std::string& output);

/// `text` to the file `output` (written whole or not at all), or to stdout if that is empty. Throws
/// InputError where it cannot be written.
void put_output(const std::string& output, const std::string& text);

}  // namespace lemmabench
