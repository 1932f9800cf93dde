#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/plugin/child_process.hpp"
#include "theory/process/output_law.hpp"

namespace lemmabench {

/// Samplers from headers run somebody's machine code, which may crash, allocate without bound or
/// never return. Where this is on, compute_law() hands their laws to a child process with limits:
/// `program law ... --format json`. Off at first, so that the library starts no processes of its
/// own accord; the command line switches it on, but not in the child (its environment has
/// LEMMABENCH_CHILD). Call before threads start.
void guard_laws(const ChildLimits& limits);
/// The limits in force for samplers from headers: those of guard_laws() or the defaults.
ChildLimits guard_limits();

/// True if compute_law() has to hand this request on.
bool needs_guard(const LawRequest& request);

/// What a child leaves in the file `answer`: this program run with `arguments` under the limits,
/// for whatever runs the code of `sampler`. What the sampler prints goes to stderr. Throws the
/// InputError or NumericalFailure that ended the child (exit codes 2 and 3), and a NumericalFailure
/// that says so if it crashed, reached a limit or left no answer.
std::string guarded_answer(const std::string& sampler, std::vector<std::string> arguments,
                           const std::filesystem::path& answer);

/// What this very command line prints, from a child under the limits, where `sampler` is somebody's
/// code and we are not that child; none otherwise. With --output the child has written there too.
std::optional<std::string> guarded_output(const std::string& sampler);

/// Where laws are guarded: throws what ends a child that loads the header of `sampler`, makes its
/// class and tries its steps (`program show`), so that the same is safe here. Once a text.
void require_harmless(const std::string& sampler);

/// The law as the child computes it. Its numbers have been printed and read back: they enclose what
/// they enclosed and are wider by what printing rounds away. Throws the InputError or
/// NumericalFailure that ended the child, and a NumericalFailure that says so if it crashed or
/// reached a limit.
LawResult guarded_law(const LawRequest& request, const LawOptions& options);

}  // namespace lemmabench
