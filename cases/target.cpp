#include "cases/target.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <type_traits>
#include <utility>

#include "cases/targets/fashion.hpp"
#include "cases/targets/gaussian.hpp"
#include "cases/targets/mixture.hpp"
#include "cases/targets/product.hpp"
#include "cases/targets/radial.hpp"
#include "catalogue_files.hpp"
#include "numerics/error.hpp"
#include "numerics/quoted.hpp"

namespace lemmabench {
namespace {

constexpr std::size_t kMaxFileSize = 10'000'000;

constexpr std::array<TargetKind, 13> kKinds{{
    {"gaussian", "N(mean, diag(spectrum)) in any dimension",
     "dim=D,variance=V | spectrum=VxM+VxM..., mean=M[/M...] (default 0)", "gaussian law (proved)"},
    {"mixture", "sum of Gaussians on the line", "weights=W/W..., means=M/M..., variances=V/V...",
     "line law (computed)"},
    {"product", "independent coordinates: mixtures on the line and a Gaussian",
     "weights=.., means=.., variances=.., copies=N, spectrum=VxM+..; more: weights2=.., copies2=N",
     "product law (computed)"},
    {"hypercube", "vertices (+-S, ..., +-S), smoothed by N(0, V I)",
     "dim=D, separation=S, variance=V", "product law (computed)"},
    {"two-point", "+-mu with |mu| = S, smoothed by N(0, V I)",
     "dim=D, separation=S, variance=V, along=V (default V)", "product law (computed)"},
    {"cloud", "Gaussian mixture in R^d, or points of a file smoothed by a bandwidth",
     "means=X/Y..;X/Y.., variances=V | V/V.. | V/V..;V/V.., weights=W/W.. (default equal), "
     "factors=U/U..;U/U.. (low-rank covariances, default none) | file=F.npy|F.csv, bandwidth=H, "
     "count=N, scale=S, factors=G.npy|G.csv",
     "path certificate (sampled); product or plane law (computed) if the centres span no more"},
    {"fashion", "images of Fashion-MNIST smoothed by a bandwidth (package dataset-fashion-mnist)",
     "count=N (1 to 4096), side=28|14|7, bandwidth=H", "path certificate (sampled)"},
    {"student-t", "multivariate Student-t, identity scale matrix", "dim=D, nu=N (1 to 1000)",
     "radial law (computed)"},
    {"laplace", "multivariate Laplace, covariance V I", "dim=D, variance=V (default 1)",
     "radial law (computed)"},
    {"two-scale", "W N(0, V1 I) + (1-W) N(0, V2 I)", "dim=D, weight=W, variances=V1/V2",
     "radial law (computed)"},
    {"contaminated", "(1-E) N(0, I) + E N(0, V I)", "dim=D, fraction=E, variance=V",
     "radial law (computed)"},
    {"scale-mixture", "sum of W_k N(0, V_k I), any list", "dim=D, weights=W/W.., variances=V/V..",
     "radial law (computed)"},
    {"shell", "uniform on the sphere of radius C sqrt(d)", "dim=D, radius=C (default 1)",
     "radial law (computed)"},
}};

std::string read_file(const std::string& path, std::string_view origin) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw InputError(fmt::format("{}: cannot read the file '{}'", origin, quoted(path)));
  }
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || text.size() > kMaxFileSize) {
    throw InputError(fmt::format("{}: '{}' cannot be read, or has more than {} bytes", origin,
                                 quoted(path), kMaxFileSize));
  }
  return text;
}

std::string position(const std::string& file, const toml::node& node) {
  return fmt::format("{}:{}", file, node.source().begin.line);
}

/// A TOML scalar as the text of an exact number or word.
std::string scalar_text(const std::string& file, std::string_view key, const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) {
    return *text;
  }
  if (const auto whole = node.value_exact<int64_t>()) {
    return fmt::format("{}", *whole);
  }
  if (const auto real = node.value_exact<double>()) {
    return fmt::format("{}", *real);  // the shortest decimal that reads back as this double
  }
  throw InputError(fmt::format("{}: {} must be a number, a string, or a list of them",
                               position(file, node), quoted(key)));
}

/// An item of a list: a scalar, or a list of scalars joined as in an inline spec (a centre of a
/// cloud).
std::string item_text(const std::string& file, std::string_view key, const toml::node& node) {
  const toml::array* row = node.as_array();
  if (row == nullptr) {
    return scalar_text(file, key, node);
  }
  std::string out;
  for (const toml::node& element : *row) {
    out += (out.empty() ? "" : " / ") + scalar_text(file, key, element);
  }
  return out;
}

/// The spec a document means: every key but title and law, with its line.
Spec document_spec(const std::string& file, const toml::table& document, const toml::node& law) {
  Spec::Values values;
  Spec::Origins origins;
  const bool rows = law.value_exact<std::string>() == "cloud";
  for (const auto& [key, node] : document) {
    const std::string name(key.str());
    if (name == "title" || name == "law") {
      continue;
    }
    std::vector<std::string> items;
    if (const toml::array* list = node.as_array()) {
      for (const toml::node& element : *list) {
        items.push_back(rows ? item_text(file, name, element) : scalar_text(file, name, element));
      }
    } else {
      items.push_back(scalar_text(file, name, node));
    }
    if (items.empty()) {
      throw InputError(fmt::format("{}: {} is an empty list", position(file, node), quoted(name)));
    }
    values.emplace(name, std::move(items));
    origins.emplace(name, position(file, node));
  }
  return Spec(*law.value_exact<std::string>(), std::move(values), position(file, law),
              std::move(origins));
}

Target target_of(TargetLaw law, std::string text) {
  return {.name = {}, .title = {}, .spec = std::move(text), .law = std::move(law)};
}

Target read_law(Spec& spec) {
  if (spec.name() == "gaussian") {
    GaussianLaw law = make_gaussian(spec);
    std::string text = gaussian_text(law);
    return target_of(std::move(law), std::move(text));
  }
  if (spec.name() == "mixture") {
    CoordinateLaw law = make_mixture(spec);
    std::string text = mixture_text(law);
    return target_of(std::move(law), std::move(text));
  }
  if (spec.name() == "cloud" || spec.name() == "fashion") {
    CloudTarget law = spec.name() == "cloud" ? make_cloud(spec) : make_fashion(spec);
    std::string text = law.text();
    return target_of(std::move(law), std::move(text));
  }
  if (is_product(spec.name())) {
    ReadLaw<ProductLaw> read = make_product(spec);
    return target_of(std::move(read.law), std::move(read.text));
  }
  if (is_radial(spec.name())) {
    ReadLaw<RadialLaw> read = make_radial(spec);
    return target_of(std::move(read.law), std::move(read.text));
  }
  std::vector<std::string> known;
  for (const TargetKind& kind : kKinds) {
    known.emplace_back(kind.id);
  }
  for (const Target& target : catalogue_targets()) {
    known.push_back(target.name);
  }
  throw_unknown_name(spec.origin(), "target", spec.name(), known);
}

Target read_spec(Spec spec) {
  Target target = read_law(spec);
  spec.finish();
  return target;
}

bool ends_in_toml(std::string_view text) {
  constexpr std::string_view kEnding = ".toml";
  return text.size() > kEnding.size() && text.substr(text.size() - kEnding.size()) == kEnding;
}

std::string stem(std::string_view path) {
  const std::size_t slash = path.find_last_of('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return std::string(name.substr(0, name.size() - std::string_view(".toml").size()));
}

}  // namespace

long Target::dim() const {
  const auto dim_of = [](const auto& any) {
    if constexpr (std::is_same_v<decltype(any), const CoordinateLaw&>) {
      return 1L;
    } else {
      return any.dim();
    }
  };
  return std::visit(dim_of, law);
}

Target parse_target_toml(std::string_view document, const std::string& file) {
  toml::table table;
  try {
    table = toml::parse(document, file);
  } catch (const toml::parse_error& error) {
    throw InputError(
        fmt::format("{}:{}: {}", file, error.source().begin.line, quoted(error.description())));
  }
  const toml::node* law = table.get("law");
  if (law == nullptr || !law->is_string()) {
    throw InputError(fmt::format(
        "{}:1: needs law = \"gaussian\", \"mixture\" or another kind at the top", file));
  }
  const toml::node* title = table.get("title");
  if (title != nullptr && !title->is_string()) {
    throw InputError(fmt::format("{}: title must be a string", position(file, *title)));
  }
  Target target = read_spec(document_spec(file, table, *law));
  target.title = title != nullptr ? *title->value_exact<std::string>() : "";
  return target;
}

Target make_target(std::string_view text, std::string_view origin) {
  for (const Target& target : catalogue_targets()) {
    if (target.name == text) {
      return target;
    }
  }
  if (ends_in_toml(text)) {
    const std::string path(text);
    Target target = parse_target_toml(read_file(path, origin), path);
    target.name = stem(text);
    return target;
  }
  return read_spec(Spec::parse(text, origin));
}

const std::vector<Target>& catalogue_targets() {
  static const std::vector<Target> kTargets = [] {
    std::vector<Target> out;
    for (const EmbeddedFile& file : catalogue_files()) {
      out.push_back(parse_target_toml(file.text, "catalogue/" + std::string(file.name)));
      out.back().name = stem(file.name);
    }
    return out;
  }();
  return kTargets;
}

const std::vector<TargetKind>& target_kinds() {
  static const std::vector<TargetKind> kAll(kKinds.begin(), kKinds.end());
  return kAll;
}

}  // namespace lemmabench
