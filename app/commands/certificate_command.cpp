#include "app/commands/certificate_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "app/commands/shared_options.hpp"
#include "cases/parse_schedule.hpp"
#include "harness/monte_carlo/certificate/path_certificate.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/records/steps_text.hpp"
#include "reports/json/certificate_json.hpp"
#include "reports/text/certificate_text.hpp"

namespace lemmabench {
namespace {

struct CertificateFlags {
  CertificateRequest request;
  std::string schedule = "li-cai";
  std::string steps;
  std::string format = "text";
  std::string output;
  int threads = 1;
  ChildLimits limits{.seconds = 600};
};

void run_certificate(const CertificateFlags& flags) {
  CertificateRequest request = flags.request;
  request.schedule = make_schedule(flags.schedule, "--schedule");
  request.steps = steps_of(flags.steps, request.schedule);
  if (const auto guarded = guarded_output(request.sampler, guard_with(flags.limits))) {
    if (flags.output.empty()) put_output("", guarded->text);
    return;
  }
  const PathCertificate certificate = certify_path(request, flags.threads);
  const std::string text =
      flags.format == "json" ? certificate_json(certificate) : certificate_text(certificate);
  put_output(flags.output, text);
}

}  // namespace

void add_certificate_command(CLI::App& app, CommandOutcome&) {
  auto flags = std::make_shared<CertificateFlags>();
  CLI::App* command = app.add_subcommand(
      "certificate",
      "An upper bound of KL and TV in any dimension, by Monte Carlo without a floor");
  command
      ->add_option("--target", flags->request.target,
                   "catalogue name, TOML file, or inline spec such as "
                   "cloud:file=points.npy,bandwidth=0.1")
      ->required();
  command
      ->add_option("--sampler", flags->request.sampler,
                   "a sampler whose step is one kernel: ddpm, ddpm-posterior, li-cai, "
                   "li-cai-momentum")
      ->required();
  command->add_option(
      "--steps", flags->steps,
      "T, the number of levels; T-1 steps are taken (a list of levels has its own)");
  command->add_option("--schedule", flags->schedule, "schedule, e.g. li-cai:c0=2,c1=9")
      ->capture_default_str();
  command
      ->add_option("--relative-error", flags->request.relative_error,
                   "of the path's KL: samples are drawn until it is reached (1e-6 to 0.5)")
      ->capture_default_str();
  add_confidence_option(*command, flags->request.level);
  command
      ->add_option("--score", flags->request.score,
                   "score estimate the sampler runs on: exact or affine:size=S,shift=H")
      ->capture_default_str();
  command->add_option("--seed", flags->request.seed, "of the random numbers")
      ->capture_default_str();
  command->add_option("--max-samples", flags->request.max_samples, "give up after so many samples")
      ->capture_default_str();
  add_output_options(*command, flags->format, flags->output);
  add_threads_option(*command, flags->threads);
  add_limit_options(*command, flags->limits);
  command->footer(
      "Examples:\n"
      "  lemmabench certificate --target mixture-three --sampler li-cai --steps 200\n"
      "  lemmabench certificate --target \"cloud:means=-1/0/0;1/0/0,variances=0.25\" --sampler "
      "ddpm "
      "--steps 400\n"
      "  lemmabench certificate --target fashion --sampler li-cai --steps 100 --relative-error "
      "0.05\n"
      "  lemmabench certificate --target cloud:file=points.npy,bandwidth=0.2 --sampler li-cai "
      "--steps 400");
  command->callback([flags] { run_certificate(*flags); });
}

}  // namespace lemmabench
