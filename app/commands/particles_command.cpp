#include "app/commands/particles_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "app/commands/shared_options.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/schemes/scheme_name.hpp"
#include "harness/io/files.hpp"
#include "harness/io/npy_writer.hpp"
#include "harness/monte_carlo/particles/particles.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/records/steps_text.hpp"
#include "numerics/error.hpp"
#include "numerics/rational.hpp"
#include "reports/json/particles_json.hpp"
#include "reports/text/particles_text.hpp"

namespace lemmabench {
namespace {

struct ParticlesFlags {
  ParticleRequest request;
  std::string schedule;
  std::string steps;
  std::string start = "gaussian";
  std::string format = "text";
  std::string output;
  std::string save;
  std::string at;
  int threads = 1;
  ChildLimits limits{.seconds = 600};
};

/// The parts between separators; a text that ends with one has an empty last part.
std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out{""};
  for (const char c : text) {
    if (c == separator) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

/// "25,50,100"; nothing where the schedule says it.
std::vector<long> steps_list(const std::string& text, const ScheduleKind& schedule) {
  std::vector<long> out;
  for (const std::string& one : split(text, ',')) {
    out.push_back(text.empty() ? steps_of("", schedule) : parse_steps(one));
  }
  return out;
}

/// "0/1;2/3": two points of the plane.
std::vector<std::vector<double>> points_list(const std::string& text) {
  std::vector<std::vector<double>> out;
  if (text.empty()) return out;
  for (const std::string& point : split(text, ';')) {
    out.emplace_back();
    for (const std::string& one : split(point, '/')) {
      out.back().push_back(Rational::parse(one, "--at").to_double());
    }
  }
  return out;
}

/// The steps and the schedule that were asked for; a scheme has its own.
void set_levels(const ParticlesFlags& flags, ParticleRequest& request) {
  if (!names_scheme(request.sampler)) {
    request.schedule =
        make_schedule(flags.schedule.empty() ? "li-cai" : flags.schedule, "--schedule");
    request.steps = steps_list(flags.steps, request.schedule);
  } else if (!flags.steps.empty() || !flags.schedule.empty()) {
    throw InputError(fmt::format("--sampler {}: a scheme has its own levels; leave {} out",
                                 request.sampler, flags.steps.empty() ? "--schedule" : "--steps"));
  }
}

void run_particles_command(const ParticlesFlags& flags) {
  ParticleRequest request = flags.request;
  set_levels(flags, request);
  request.at = points_list(flags.at);
  request.start = flags.start == "exact" ? Start::exact : Start::gaussian;
  if (!flags.save.empty() && request.steps.size() > 1) {
    throw InputError("--save: takes the samples of one number of --steps, not of several");
  }
  if (!flags.save.empty()) {
    require_writable(flags.save);
  }
  if (const auto guarded = guarded_output(request.sampler, guard_with(flags.limits))) {
    if (flags.output.empty()) put_output("", guarded->text);
    return;
  }
  const ParticleReport report =
      measure_particles(request, flags.threads, [&](const ParticleRun& particles) {
        if (!flags.save.empty()) {
          write_file_atomically(flags.save,
                                npy_bytes(particles.samples.values, particles.samples.columns));
        }
      });
  const std::string text = flags.format == "json" ? particles_json(report) : particles_text(report);
  put_output(flags.output, text);
}

void add_question(CLI::App& command, ParticlesFlags& flags) {
  command
      .add_option("--target", flags.request.target,
                  "catalogue name, TOML file or inline spec, in at most 4096 dimensions")
      ->required();
  command
      .add_option(
          "--sampler", flags.request.sampler,
          "any sampler, e.g. li-cai, dpmpp-2m, ./mine.toml or ./mine.hpp, or a traced scheme "
          "./mine.json (docs/audit.md)")
      ->required();
  command.add_option("--steps", flags.steps,
                     "T, the number of levels; several, as 25,50,100, for an order (a list of "
                     "levels and a scheme have their own)");
  command.add_option("--schedule", flags.schedule,
                     "schedule, e.g. logit:from=-6,to=2 (default li-cai; a scheme has its own)");
  command.add_option("--start", flags.start, "law of Y_T: N(0, I), or the exact law of X_T")
      ->check(CLI::IsMember({"gaussian", "exact"}))
      ->capture_default_str();
  command
      .add_option("--score", flags.request.score,
                  "score estimate the sampler runs on: exact or affine:size=S,shift=H")
      ->capture_default_str();
}

}  // namespace

void add_particles_command(CLI::App& app, CommandOutcome&) {
  auto flags = std::make_shared<ParticlesFlags>();
  CLI::App* command = app.add_subcommand(
      "particles", "Samples of any sampler on any target, and what they say of its law");
  add_question(*command, *flags);
  command
      ->add_option("--samples", flags->request.samples,
                   "particles; the floor is about their "
                   "number to the power -1/2")
      ->capture_default_str();
  add_confidence_option(*command, flags->request.level);
  command
      ->add_option("--resolution", flags->request.resolution,
                   "of TV in one or two dimensions; 0: by the number of particles")
      ->capture_default_str();
  command->add_option("--at", flags->at,
                      "points to know the density of Y_1 at, e.g. 0;1.5 or 0/0;1/-1");
  command->add_option("--seed", flags->request.seed, "of the random numbers")
      ->capture_default_str();
  command->add_option("--save", flags->save, "write the samples of Y_1, one a row, to this .npy");
  add_output_options(*command, flags->format, flags->output);
  add_threads_option(*command, flags->threads);
  add_limit_options(*command, flags->limits);
  command->footer(
      "Examples:\n"
      "  lemmabench particles --target fashion --sampler dpmpp-2m --steps 100 --samples 2000 "
      "--save "
      "y.npy\n"
      "  lemmabench particles --target mixture-three --sampler ddpm --steps 25,50,100 --schedule "
      "logit:from=-6,to=1 --samples 200000\n"
      "  lemmabench particles --target \"cloud:means=-1/0/0;1/0/0,variances=0.25\" --sampler "
      "edm-stochastic --steps 40 --schedule karras\n"
      "  lemmabench particles --target fashion --sampler k-diffusion_heun_16.json --start exact");
  command->callback([flags] { run_particles_command(*flags); });
}

}  // namespace lemmabench
