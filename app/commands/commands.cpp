#include "app/commands/commands.hpp"

#include <CLI/CLI.hpp>

#include "app/commands/atlas_command.hpp"
#include "app/commands/audit_command.hpp"
#include "app/commands/certificate_command.hpp"
#include "app/commands/compare_command.hpp"
#include "app/commands/fit_command.hpp"
#include "app/commands/heavy_tails_command.hpp"
#include "app/commands/judge_command.hpp"
#include "app/commands/law_command.hpp"
#include "app/commands/list_command.hpp"
#include "app/commands/losses_command.hpp"
#include "app/commands/mutants_command.hpp"
#include "app/commands/particles_command.hpp"
#include "app/commands/report_command.hpp"
#include "app/commands/selftest_command.hpp"
#include "app/commands/sweep_command.hpp"
#include "app/commands/verify_command.hpp"
#include "app/commands/worst_case_command.hpp"

namespace lemmabench {

void add_commands(CLI::App& app, CommandOutcome& outcome) {
  add_law_command(app, outcome);
  add_certificate_command(app, outcome);
  add_particles_command(app, outcome);
  add_judge_command(app, outcome);
  add_verify_command(app, outcome);
  add_compare_command(app, outcome);
  add_audit_command(app, outcome);
  add_mutants_command(app, outcome);
  add_selftest_command(app, outcome);
  add_sweep_command(app, outcome);
  add_fit_command(app, outcome);
  add_atlas_command(app, outcome);
  add_heavy_tails_command(app, outcome);
  add_worst_case_command(app, outcome);
  add_losses_command(app, outcome);
  add_report_command(app, outcome);
  add_list_command(app, outcome);
  add_show_command(app, outcome);
}

}  // namespace lemmabench
