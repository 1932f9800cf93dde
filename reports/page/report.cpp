#include "reports/page/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "harness/io/files.hpp"
#include "lemmabench_version.hpp"
#include "numerics/error.hpp"
#include "reports/page/csv_tables.hpp"
#include "reports/page/page.hpp"
#include "reports/page/sections.hpp"

namespace lemmabench {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

std::string counted(std::size_t n, const std::string& one) {
  return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
}

ordered_json counts(const ReportData& data, const SeriesIndex& index) {
  std::set<std::string> targets;
  for (const Series& series : index.all()) targets.insert(series.target->text);
  return {{"laws", !targets.empty()},
          {"samplers", counted(index.samplers().size(), "diffusion sampler")},
          {"targets", counted(targets.size(), "target")},
          {"cells", counted(data.cells.size(), "exact law")}};
}

struct Document {
  ordered_json numbers;
  std::vector<Figure> figures;
};

Document make_document(const ReportData& data) {
  if (data.cells.empty() && !data.atlas) {
    throw InputError(data.origin + ": holds no finished cell; run `lemmabench sweep` first");
  }
  const SeriesIndex index(data);
  Document out;
  ordered_json& page = out.numbers;
  page["suite"] = data.origin;
  page["command"] = data.command;
  page["version"] = {{"number", version::number},
                     {"commit", version::commit},
                     {"compiler", version::compiler},
                     {"build_type", version::build_type}};
  page["schedule"] = index.schedule();
  page["counts"] = counts(data, index);
  page["has_left_out"] = !data.left_out.empty();
  page["left_out"] = ordered_json::array();
  for (const std::string& line : data.left_out) page["left_out"].push_back({{"text", line}});
  const auto add = [&out](Section section) {
    std::move(section.figures.begin(), section.figures.end(), std::back_inserter(out.figures));
    return std::move(section.numbers);
  };
  page.update(add(orders_section(index)));
  page["scaling"] = add(scaling_section(index));
  page["complexity"] = add(complexity_section(index));
  page["parts"] = add(parts_section(index));
  page["constants"] = add(constants_section(index));
  page["limits"] = add(limits_section(index));
  page["atlas"] = add(atlas_section(data.atlas.get()));
  page["heavy_tails"] = add(heavy_tails_section(data.heavy_tails.get()));
  page["worst_case"] = add(worst_case_section(data.worst_case.get()));
  page["audit"] = add(audit_section(data.audit.get()));
  page["mutants"] = add(mutants_section(data.mutants.get()));
  page["ledger"] = add(ledger_section(data.ledger.get()));
  page.update(add(methods_section(index)));
  return out;
}

/// A directory that is removed with everything in it at the end of the scope.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(fs::path path) : path_(std::move(path)) {
    std::error_code failed;
    fs::remove_all(path_, failed);
    fs::create_directories(path_, failed);
    if (failed) {
      throw InputError(fmt::format("-o {}: cannot be written: {}", path_.parent_path().string(),
                                   failed.message()));
    }
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void make_directory(const fs::path& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed || !fs::is_directory(directory)) {
    throw InputError(fmt::format("-o {}: cannot be written: {}", directory.string(),
                                 failed ? failed.message() : "not a directory"));
  }
}

/// Moves every file of `from` to the same place below `to`; what a former report left in figures/
/// and tables/ and this one does not have is removed.
void publish(const fs::path& from, const fs::path& to) {
  for (const char* part : {"figures", "tables"}) {
    make_directory(to / part);
    std::set<fs::path> fresh;
    for (const auto& entry : fs::directory_iterator(from / part)) {
      fs::rename(entry.path(), to / part / entry.path().filename());
      fresh.insert(entry.path().filename());
    }
    std::vector<fs::path> stale;
    for (const auto& entry : fs::directory_iterator(to / part)) {
      if (entry.is_regular_file() && fresh.count(entry.path().filename()) == 0) {
        stale.push_back(entry.path());
      }
    }
    for (const fs::path& path : stale) fs::remove(path);
  }
  for (const char* file : {"report.json", "index.html"}) {
    fs::rename(from / file, to / file);
  }
}

/// A statement that findings.md refutes is expected to be violated; everything else is not.
bool ledger_fails(const ordered_json& ledger) {
  const auto bad = [](const ordered_json& claim) {
    return claim.at("verdict_class") == "violated" && claim.at("details").at("finding").is_null();
  };
  const ordered_json& claims = ledger.at("claims");
  return std::any_of(claims.begin(), claims.end(), bad) ||
         ledger.at("caught") != ledger.at("controls");
}

Verdict worst_verdict(const ordered_json& page) {
  const auto violated = [](const ordered_json& rows) {
    return std::any_of(rows.begin(), rows.end(), [](const ordered_json& row) {
      return row.at("verdict_class") == "violated";
    });
  };
  const ordered_json& ledger = page.at("ledger");
  if (!ledger.is_null() && ledger_fails(ledger)) return Verdict::violated;
  const ordered_json& mutants = page.at("mutants");
  if (!mutants.is_null() && !mutants.at("passed")) return Verdict::violated;
  const ordered_json& atlas = page.at("atlas");
  if (!atlas.is_null() && violated(atlas.at("exponents"))) return Verdict::violated;
  const bool parts = !page.at("parts").is_null() && violated(page.at("parts").at("rows"));
  return parts || violated(page.at("orders")) ? Verdict::violated : Verdict::holds;
}

}  // namespace

std::string report_json(const ReportData& data) {
  return make_document(data).numbers.dump(1) + "\n";
}

Verdict report_verdict(const ReportData& data) {
  return worst_verdict(make_document(data).numbers);
}

WrittenReport write_report(const ReportData& data, const fs::path& directory, int threads) {
  make_directory(directory);
  const ScratchDirectory scratch(directory / fmt::format(".report.{}", getpid()));
  fs::create_directories(scratch.path() / "figures");
  fs::create_directories(scratch.path() / "tables");

  const Document document = make_document(data);
  write_figures(document.figures, scratch.path() / "figures", threads);
  std::vector<std::string> svgs;
  for (const Figure& figure : document.figures) {
    svgs.push_back(read_file(scratch.path() / "figures" / (figure.id + ".svg")));
  }
  write_file_atomically(scratch.path() / "tables" / "orders.csv",
                        orders_csv(document.numbers.at("orders")));
  write_file_atomically(scratch.path() / "tables" / "cells.csv", cells_csv(data.cells));
  write_file_atomically(scratch.path() / "report.json", document.numbers.dump(1) + "\n");
  write_file_atomically(scratch.path() / "index.html",
                        render_page(document.numbers, document.figures, svgs));
  publish(scratch.path(), directory);
  return {directory / "index.html", headline_text(document.numbers),
          worst_verdict(document.numbers)};
}

}  // namespace lemmabench
