#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "harness/plugin/child_process.hpp"

/// Options that several commands have, so that they are named and explained alike.
namespace lemmabench {

/// --format text|json and -o/--output, of commands whose result is one text.
void add_output_options(CLI::App& command, std::string& format, std::string& output);

/// `text` to the file `output` (written whole or not at all), or to stdout if that is empty. Throws
/// InputError where it cannot be written.
void put_output(const std::string& output, const std::string& text);

/// --threads, 1 to 1024; sets `threads` to the number of processors.
void add_threads_option(CLI::App& command, int& threads, const char* old_name = nullptr);

/// --confidence of a command's intervals; its old name is --level.
void add_confidence_option(CLI::App& command, double& level);

/// --time-limit and --memory-limit: what a law of a sampler from a header may use.
void add_limit_options(CLI::App& command, ChildLimits& limits);

/// The name that an option had in version 0.1: still read, no longer shown; not beside the new one.
CLI::Option* as_old_name(CLI::Option* old_option, const CLI::Option* option);

template <class Value>
CLI::Option* add_old_name(CLI::App& command, const std::string& old_name, const CLI::Option* option,
                          Value& value) {
  return as_old_name(command.add_option(old_name, value), option);
}

}  // namespace lemmabench
