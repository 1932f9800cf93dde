#include "harness/studies/audit/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "cases/target.hpp"
#include "harness/engines/scheme/scheme_law.hpp"
#include "harness/io/files.hpp"
#include "harness/io/progress.hpp"
#include "harness/records/scheme_catalogue.hpp"
#include "harness/records/scheme_json.hpp"
#include "harness/studies/claims/verification.hpp"
#include "numerics/error.hpp"
#include "numerics/parallel.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

constexpr long kMostOrder = 20;

std::string source_of(const AuditScheme& scheme) {
  return scheme.scheme.source.empty() ? scheme.name : scheme.scheme.source;
}

std::optional<long> advertised_order(const AuditedSampler& sampler,
                                     const std::vector<AdvertisedOrder>& said) {
  for (const AdvertisedOrder& each : said) {
    if (matches_globs(sampler.source, each.sources)) {
      return each.order;
    }
  }
  for (const AuditScheme& scheme : sampler.schemes) {
    if (scheme.scheme.advertised_order) {
      return scheme.scheme.advertised_order;
    }
  }
  return std::nullopt;
}

void require_orders(const AuditRequest& request) {
  for (const AdvertisedOrder& each : request.advertised) {
    if (each.order < 1 || each.order > kMostOrder) {
      throw InputError(fmt::format("advertised order {} of '{}': use 1 to {}", each.order,
                                   each.sources, kMostOrder));
    }
    const bool used = std::any_of(
        request.schemes.begin(), request.schemes.end(),
        [&](const AuditScheme& scheme) { return matches_globs(source_of(scheme), each.sources); });
    if (!used) {
      throw InputError(
          fmt::format("advertised order of '{}': no sampler of this audit has such a "
                      "name; the names are the files' \"source\"",
                      each.sources));
    }
  }
}

/// The samplers of the request, without anything computed.
std::vector<AuditedSampler> grouped(const AuditRequest& request) {
  std::map<std::string, AuditedSampler> samplers;
  for (const AuditScheme& scheme : request.schemes) {
    AuditedSampler& sampler = samplers[source_of(scheme)];
    sampler.source = source_of(scheme);
    sampler.schemes.push_back(scheme);
  }
  std::vector<AuditedSampler> out;
  for (auto& [source, sampler] : samplers) {
    std::stable_sort(
        sampler.schemes.begin(), sampler.schemes.end(),
        [](const AuditScheme& a, const AuditScheme& b) { return a.steps() < b.steps(); });
    for (std::size_t i = 1; i < sampler.schemes.size(); ++i) {
      const AuditScheme& one = sampler.schemes[i - 1];
      const AuditScheme& other = sampler.schemes[i];
      if (one.steps() == other.steps()) {
        throw InputError(fmt::format(
            "{} and {} are both '{}' at {} steps; an audit takes one scheme for each number of "
            "steps: give them different \"source\" or \"steps\"",
            one.name, other.name, source, one.steps()));
      }
    }
    sampler.advertised = advertised_order(sampler, request.advertised);
    out.push_back(std::move(sampler));
  }
  return out;
}

struct AuditTarget {
  std::string label;
  Target target;
  bool variance;
};

std::vector<AuditTarget> audit_targets(const AuditRequest& request) {
  std::vector<AuditTarget> out;
  for (const std::string& text : request.targets) {
    Target target = make_target(text, "--target");
    const bool gaussian = std::holds_alternative<GaussianLaw>(target.law);
    if (!gaussian && !std::holds_alternative<CoordinateLaw>(target.law)) {
      throw InputError(fmt::format(
          "--target {}: orders of schemes are measured on gaussian targets and on mixtures on the "
          "line",
          target.label()));
    }
    std::string label = target.label();
    out.push_back({std::move(label), std::move(target), gaussian});
  }
  return out;
}

/// The eigenvalue whose relative variance error is largest.
Quantity worst_variance(const LawResult& law) {
  const VarianceError* worst = &law.relative_variance_error.front();
  for (const VarianceError& each : law.relative_variance_error) {
    if (std::abs(each.value.value()) > std::abs(worst->value.value())) {
      worst = &each;
    }
  }
  return worst->value;
}

bool costly(const AuditScheme& scheme, const AuditTarget& target, const AuditRequest& request) {
  const bool pairs = scheme.facts.kind == SchemeKind::memory_of_one ||
                     scheme.facts.kind == SchemeKind::noise_inside_step;
  return request.most_calls > 0 && !target.variance && pairs &&
         static_cast<long>(scheme.facts.calls) > request.most_calls;
}

AuditCell audit_cell(const AuditScheme& scheme, const AuditTarget& target,
                     const AuditRequest& request) {
  AuditCell out;
  out.steps = scheme.steps();
  out.scheme = scheme.name;
  if (costly(scheme, target, request)) {
    out.refusal = fmt::format("left out: {} with {} calls, and the limit is {}",
                              name(scheme.facts.kind), scheme.facts.calls, request.most_calls);
    return out;
  }
  LawRequest asked;
  asked.target = target.label;
  asked.sampler = scheme.name;
  asked.steps = scheme.steps();
  asked.start = request.start;
  try {
    out.law = compute_scheme_law(scheme.scheme, target.target, asked, LawOptions{});
    out.law->request = asked;
    out.error = target.variance ? worst_variance(*out.law) : out.law->tv;
  } catch (const InputError& error) {  // EngineRefusal too
    out.refusal = error.what();
  } catch (const NumericalFailure& error) {
    out.refusal = error.what();
  }
  return out;
}

void fit(AuditSeries& series, std::optional<long> advertised) {
  std::vector<ScalingPoint> points;
  for (const AuditCell& cell : series.cells) {
    if (cell.error && cell.steps >= 3) {
      points.push_back(scaling_point(cell.steps, *cell.error));
    }
  }
  series.fit = fit_exponent(std::move(points), ScalingModel::power);
  if (series.fit.refused()) {
    series.judgement.reason = series.fit.refusal;
    return;
  }
  const long nearest = std::lround(series.fit.limit);
  series.nearest_order = nearest;
  series.constant = constant_at(series.fit, static_cast<double>(nearest));
  if (advertised) {
    series.judgement = judge_order(series.fit, static_cast<double>(*advertised));
  } else {
    series.judgement.reason = series.fit.range_reason;
    series.judgement.evidence = series.fit.evidence;
  }
}

std::string order_text(const AuditSeries& series) {
  return fmt::format("order {:.2f} in [{:.2f}, {:.2f}] on {}", series.fit.order, series.fit.low,
                     series.fit.high, series.target);
}

void judge(AuditedSampler& sampler) {
  const auto with = [&](OrderVerdict verdict) {
    std::vector<const AuditSeries*> out;
    for (const AuditSeries& series : sampler.series) {
      if (series.judgement.verdict == verdict) out.push_back(&series);
    }
    return out;
  };
  const auto listed = [](const std::vector<const AuditSeries*>& all) {
    std::string out;
    for (const AuditSeries* each : all) {
      out += (out.empty() ? "" : "; ") + order_text(*each);
    }
    return out;
  };
  if (!sampler.advertised) {
    sampler.verdict = AuditVerdict::not_advertised;
    return;
  }
  const auto slower = with(OrderVerdict::slower);
  auto reached = with(OrderVerdict::consistent);
  for (const AuditSeries* each : with(OrderVerdict::faster)) reached.push_back(each);
  if (!slower.empty()) {
    sampler.verdict = AuditVerdict::lower;
    sampler.reason = listed(slower);
    return;
  }
  // Where too few laws are known no order is measured, and none is missed.
  auto open = with(OrderVerdict::inconclusive);
  const auto measured = [](const AuditSeries* series) { return !series->fit.refused(); };
  const auto drifting = std::find_if(open.begin(), open.end(), measured);
  if (drifting == open.end() && !reached.empty()) {
    sampler.verdict = AuditVerdict::as_advertised;
    sampler.reason = listed(reached);
  } else {
    const AuditSeries* why = drifting == open.end() ? open.front() : *drifting;
    sampler.verdict = AuditVerdict::open;
    sampler.reason = fmt::format("on {}: {}", why->target, why->judgement.reason);
  }
}

/// Whether KL is unknown for a fold: scheme_line_law says so of a deterministic map alone.
std::optional<bool> folds(const AuditedSampler& sampler) {
  std::optional<bool> out;
  for (const AuditSeries& series : sampler.series) {
    for (std::size_t i = 0; i < series.cells.size(); ++i) {
      const bool deterministic = sampler.schemes[i].facts.kind == SchemeKind::deterministic;
      if (series.variance || !deterministic || !series.cells[i].law) continue;
      const bool here = series.cells[i].law->kl_pq.extent() == Extent::unknown;
      out = out.value_or(false) || here;
    }
  }
  return out;
}

}  // namespace

long AuditScheme::steps() const { return scheme.steps.value_or(static_cast<long>(scheme.calls())); }

std::string_view name(AuditVerdict verdict) {
  switch (verdict) {
    case AuditVerdict::lower:
      return "lower than advertised";
    case AuditVerdict::as_advertised:
      return "as advertised";
    case AuditVerdict::not_advertised:
      return "no order advertised";
    case AuditVerdict::open:
      return "open";
  }
  return "open";
}

int Audit::exit_code() const {
  return std::any_of(samplers.begin(), samplers.end(), [](const AuditedSampler& sampler) {
    return sampler.verdict == AuditVerdict::lower;
  });
}

std::vector<std::string> default_audit_targets() {
  return {"gaussian:dim=1,variance=0.25,mean=0.7", "mixture-three", "mixture-near"};
}

FoundSchemes read_schemes(const fs::path& path, std::string_view origin) {
  FoundSchemes out;
  std::error_code unreadable;
  if (path == kCatalogueOfSchemes && !fs::exists(path, unreadable)) {
    for (const CatalogueScheme& known : catalogue_schemes()) {
      Scheme scheme = parse_scheme(known.text, known.name);
      const SchemeFacts facts = scheme_facts(scheme);
      out.schemes.push_back({std::string(known.name), std::move(scheme), facts});
    }
    return out;
  }
  if (!fs::is_directory(path, unreadable)) {
    Scheme scheme = read_scheme(path, origin);
    const SchemeFacts facts = scheme_facts(scheme);
    out.schemes.push_back({path.filename().string(), std::move(scheme), facts});
    return out;
  }
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, unreadable)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    if (!is_scheme(read_file(file))) {
      out.others.push_back(file.filename().string());
      continue;
    }
    FoundSchemes one = read_schemes(file, origin);
    out.schemes.push_back(std::move(one.schemes.front()));
  }
  if (out.schemes.empty()) {
    throw InputError(
        fmt::format("{} {}: there is no scheme in this directory: a *.json with "
                    "\"sigmas\" (docs/audit.md)",
                    origin, path.string()));
  }
  return out;
}

Audit run_audit(AuditRequest request) {
  if (request.schemes.empty()) {
    throw InputError("audit: no scheme to look at");
  }
  require_orders(request);
  Audit out;
  out.samplers = grouped(request);
  const std::vector<AuditTarget> targets = audit_targets(request);
  struct CellPlace {
    AuditedSampler* sampler;
    std::size_t series;
    std::size_t cell;
  };
  std::vector<CellPlace> places;
  for (AuditedSampler& sampler : out.samplers) {
    for (std::size_t k = 0; k < targets.size(); ++k) {
      AuditSeries series;
      series.target = targets[k].label;
      series.variance = targets[k].variance;
      series.cells.resize(sampler.schemes.size());
      sampler.series.push_back(std::move(series));
      for (std::size_t i = 0; i < sampler.schemes.size(); ++i) places.push_back({&sampler, k, i});
    }
  }
  {
    ProgressBar progress("laws", places.size());
    parallel_for(places.size(), request.threads, [&](std::size_t i) {
      const auto& [sampler, series, cell] = places[i];
      sampler->series[series].cells[cell] =
          audit_cell(sampler->schemes[cell], targets[series], request);
      progress.advance();
    });
  }
  for (AuditedSampler& sampler : out.samplers) {
    for (AuditSeries& series : sampler.series) fit(series, sampler.advertised);
    judge(sampler);
    sampler.folds = folds(sampler);
  }
  out.request = std::move(request);
  return out;
}

}  // namespace lemmabench
