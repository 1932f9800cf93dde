#include "app/commands.hpp"

#include <CLI/CLI.hpp>

#include "harness/cli/atlas_command.hpp"
#include "harness/cli/certificate_command.hpp"
#include "harness/cli/compare_command.hpp"
#include "harness/cli/fit_command.hpp"
#include "harness/cli/heavy_tails_command.hpp"
#include "harness/cli/judge_command.hpp"
#include "harness/cli/law_command.hpp"
#include "harness/cli/list_command.hpp"
#include "harness/cli/mutants_command.hpp"
#include "harness/cli/particles_command.hpp"
#include "harness/cli/selftest_command.hpp"
#include "harness/cli/sweep_command.hpp"
#include "harness/cli/verify_command.hpp"
#include "harness/cli/worst_case_command.hpp"
#include "reports/report_command.hpp"

namespace lemmabench {

void add_commands(CLI::App& app, CommandOutcome& outcome) {
  add_law_command(app, outcome);
  add_certificate_command(app, outcome);
  add_particles_command(app, outcome);
  add_judge_command(app, outcome);
  add_verify_command(app, outcome);
  add_compare_command(app, outcome);
  add_mutants_command(app, outcome);
  add_selftest_command(app, outcome);
  add_sweep_command(app, outcome);
  add_fit_command(app, outcome);
  add_atlas_command(app, outcome);
  add_heavy_tails_command(app, outcome);
  add_worst_case_command(app, outcome);
  add_report_command(app, outcome);
  add_list_command(app, outcome);
  add_show_command(app, outcome);
}

}  // namespace lemmabench
