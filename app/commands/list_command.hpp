#pragma once

#include "app/commands/command.hpp"

namespace CLI {
class App;
}

namespace lemmabench {

/// `lemmabench list targets|samplers|schedules|scores|bounds`: what there is, a line each.
void add_list_command(CLI::App& app, CommandOutcome& outcome);

/// `lemmabench show ID`: one target, sampler, schedule, score or bound in full, found by its id.
void add_show_command(CLI::App& app, CommandOutcome& outcome);

}  // namespace lemmabench
