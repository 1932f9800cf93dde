#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/plugin/child_process.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// Samplers from headers run somebody's machine code, which may crash, allocate without bound or
/// never return. With LawOptions::guard compute_law() hands their laws to a child process with
/// limits, `program law ... --format json`; without it, as by default, the library starts no
/// processes. The command line asks for it.

/// The guard of this process: the limits, or none in a child of guarded_answer(), whose environment
/// says so and where the code is to run.
std::optional<ChildLimits> guard_with(const ChildLimits& limits);

/// True for a sampler from a header where there is a guard: its laws go to a child.
bool needs_guard(const std::string& sampler, const std::optional<ChildLimits>& guard);

/// What a child leaves in the file `answer`: this program run with `arguments` under the limits,
/// for whatever runs the code of `sampler`. What the sampler prints goes to stderr. Throws the
/// InputError or NumericalFailure that ended the child (exit codes 2 and 3), and a NumericalFailure
/// that says so if it crashed, reached a limit or left no answer.
std::string guarded_answer(const std::string& sampler, std::vector<std::string> arguments,
                           const std::filesystem::path& answer, const ChildLimits& limits);

/// What a child has printed, and whether what was asked of it holds: its exit code, 0 or 1.
struct GuardedOutput {
  std::string text;
  int exit_code = 0;
};

/// What this very command line prints, from a child under the limits, where the sampler needs one;
/// none otherwise. With --output the child has written there too.
std::optional<GuardedOutput> guarded_output(const std::string& sampler,
                                            const std::optional<ChildLimits>& guard);

/// Throws what ends a child that loads the header of `sampler`, makes its class and tries its steps
/// (`program show`), so that the same is safe here. Once a text.
void require_harmless(const std::string& sampler, const ChildLimits& limits);

/// The law as the child computes it, under options.guard, which there must be. Its numbers have
/// been printed and read back: they enclose what they enclosed and are wider by what printing
/// rounds away. Throws the InputError or NumericalFailure that ended the child, and a
/// NumericalFailure that says so if it crashed or reached a limit.
LawResult guarded_law(const LawRequest& request, const LawOptions& options);

}  // namespace lemmabench
