#include "app/commands/law_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "app/commands/shared_options.hpp"
#include "cases/parse_schedule.hpp"
#include "cases/schemes/scheme_name.hpp"
#include "cases/target.hpp"
#include "harness/io/files.hpp"
#include "harness/law/law.hpp"
#include "harness/plugin/guarded_law.hpp"
#include "harness/records/canonical_names.hpp"
#include "harness/records/law_json.hpp"
#include "harness/records/request_text.hpp"
#include "harness/records/scheme_file.hpp"
#include "harness/records/steps_text.hpp"
#include "numerics/error.hpp"
#include "reports/text/law_text.hpp"

namespace lemmabench {
namespace {

struct LawFlags {
  LawRequest request;
  std::string schedule;
  std::string steps;
  std::string start = "gaussian";
  std::string arithmetic;
  std::string width;
  std::string format = "text";
  std::string output;
  std::optional<std::string> certificate;
  LawOptions options;
  ChildLimits limits;
};

/// Ball is what a Gaussian law is without being asked. Who asks for it on a mixture, or gives a
/// width, asks for a proof.
LawArithmetic arithmetic_of(const LawFlags& flags) {
  if (flags.arithmetic.empty() && flags.width.empty()) {
    return {};
  }
  const auto asked =
      LawArithmetic::parse(flags.arithmetic.empty() ? "double" : flags.arithmetic, "--arithmetic");
  if (!flags.width.empty()) {
    if (asked != LawArithmetic::ball()) {
      throw InputError(
          fmt::format("--width {}: goes with --arithmetic ball, whose total variation is enclosed "
                      "to that length",
                      flags.width));
    }
    return LawArithmetic::ball_to(Rational::parse(flags.width, "--width"), "--width");
  }
  if (asked == LawArithmetic::ball() && !names_scheme(flags.request.sampler) &&
      std::holds_alternative<CoordinateLaw>(make_target(flags.request.target, "--target").law)) {
    return LawArithmetic::ball_to(Rational(1, 100'000'000), "--width");
  }
  return asked;
}

void run_law(const LawFlags& flags) {
  LawRequest request = flags.request;
  if (!names_scheme(request.sampler)) {
    request.schedule =
        make_schedule(flags.schedule.empty() ? "li-cai" : flags.schedule, "--schedule");
    request.steps = steps_of(flags.steps, request.schedule);
  } else if (!flags.steps.empty() || !flags.schedule.empty()) {
    throw InputError(fmt::format("{} {}: a scheme has its own levels; leave {} out", "--sampler",
                                 request.sampler, flags.steps.empty() ? "--schedule" : "--steps"));
  }
  request.start = parse_start(flags.start, "--start");
  request.arithmetic = arithmetic_of(flags);
  request.score = canonical_score(request.score, "--score");
  LawOptions options = flags.options;
  options.guard = guard_with(flags.limits);
  // The target keeps the user's words, and so does the sampler of a header: the child that reads it
  // gives its canonical text back.
  if (names_scheme(request.sampler)) {
    request.sampler = open_scheme(request.sampler, "--sampler").text;
  } else if (!needs_guard(request.sampler, options.guard)) {
    request.sampler = canonical_sampler(request.sampler, "--sampler");
  }
  std::string certificate;
  if (flags.certificate) {
    if (flags.certificate->empty()) {
      throw InputError("--certificate: is empty; give the name of the file to write");
    }
    require_writable(*flags.certificate);
    if (needs_guard(request.sampler, options.guard)) {
      throw EngineRefusal(
          "--certificate: the law of a header's sampler comes from a child process, which hands "
          "over no certificate; give the sampler as a TOML file, or leave --certificate out");
    }
    options.certificate = &certificate;
  }
  const LawResult result = compute_law(request, options);
  if (flags.certificate) {
    write_file_atomically(*flags.certificate, certificate);
  }
  const std::string text = flags.format == "json" ? law_json(result) : law_text(result);
  put_output(flags.output, text);
}

}  // namespace

void add_law_command(CLI::App& app, CommandOutcome&) {
  auto flags = std::make_shared<LawFlags>();
  CLI::App* law = app.add_subcommand(
      "law", "One output law: its exact distances to the truth and the parts of the error");
  law->add_option("--target", flags->request.target,
                  "catalogue name, TOML file, or inline spec such as gaussian:dim=5,variance=0.3")
      ->required();
  law->add_option(
         "--sampler", flags->request.sampler,
         "sampler, e.g. li-cai or li-cai:kappa=1/2, or your own: ./mine.toml or ./mine.hpp "
         "(docs/own_sampler.md), or a traced scheme ./mine.json (docs/audit.md)")
      ->required();
  law->add_option("--steps", flags->steps,
                  "T, the number of levels; T-1 steps are taken (a list of levels and a scheme "
                  "have their own)");
  law->add_option("--schedule", flags->schedule,
                  "schedule, e.g. li-cai:c0=2,c1=9, or levels:file=mine.json of one's own "
                  "(docs/schedules.md; default li-cai; a scheme has its own)");
  law->add_option("--start", flags->start, "law of Y_T: N(0, I), or the exact law of X_T")
      ->check(CLI::IsMember({"gaussian", "exact"}))
      ->capture_default_str();
  law->add_option("--score", flags->request.score, "score estimate, e.g. affine:size=0.01")
      ->capture_default_str();
  law->add_option("--digits", flags->request.digits,
                  "significant digits (default: 40 proved on a Gaussian target, double on a "
                  "mixture; above 15 a mixture runs in multiprecision)")
      ->check(CLI::Range(1, 1000));
  law->add_option("--arithmetic", flags->arithmetic,
                  "of the Gaussian law: ball (proved, the default), mp or double (computed); ball "
                  "on a mixture: total variations proved (docs/proved.md); certificate:R in the "
                  "place of any law: a bound by the path certificate, to the relative error R");
  law->add_option("--width", flags->width,
                  "with --arithmetic ball on a mixture: the length of the enclosure of the total "
                  "variation (default 1e-8)");
  law->add_option(
      "--certificate", flags->certificate,
      "with --arithmetic ball on a mixture: write what the proof rests on to this file, "
      "for tools/check_certificate.py (docs/proved.md)");
  law->add_flag("--local", flags->options.local_errors,
                "also the local error TV(K_t p_t, p_{t-1}) of every step");
  add_output_options(*law, flags->format, flags->output);
  add_threads_option(*law, flags->options.threads);
  add_limit_options(*law, flags->limits);
  law->footer(
      "Examples:\n"
      "  lemmabench law --target gaussian:spectrum=0.25x2+4x2 --sampler ddpm --steps 400\n"
      "  lemmabench law --target mixture-three --sampler li-cai --steps 200 --start exact\n"
      "  lemmabench law --target gauss-flat --sampler ddpm --steps 200 --score affine:size=0.01");
  law->callback([flags] { run_law(*flags); });
}

}  // namespace lemmabench
