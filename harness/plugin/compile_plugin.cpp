#include "harness/plugin/compile_plugin.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <system_error>
#include <vector>

#include "cases/samplers/expression_sampler.hpp"
#include "harness/io/files.hpp"
#include "harness/plugin/child_process.hpp"
#include "harness/plugin/header_scan.hpp"
#include "harness/plugin/plugin_entry.hpp"
#include "harness/plugin/toolchain.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

constexpr ChildLimits kCompilerLimits{.seconds = 120, .memory_gigabytes = 4};

/// Our own headers that a plug-in is made of, in the order of their names.
std::vector<fs::path> library_headers(const fs::path& root) {
  std::vector<fs::path> out{root / "harness/plugin/plugin_entry.hpp"};
  for (const char* room : {"numerics", "theory", "cases"}) {
    std::error_code unreadable;
    for (const auto& entry : fs::recursive_directory_iterator(root / room, unreadable)) {
      if (entry.path().extension() == ".hpp" && entry.path().parent_path().filename() != "test") {
        out.push_back(entry.path());
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string cache_key(const fs::path& header, const PluginToolchain& tools) {
  std::string all = plugin_abi() + '\n' + tools.compiler + '\n' + header.string() + '\n';
  for (const std::string& option : tools.options) {
    all += option + '\n';
  }
  for (const fs::path& file : included_files(header)) {
    all += file.string() + '\n' + read_file(file);
  }
  for (const fs::path& file : library_headers(tools.headers)) {
    all += read_file(file);
  }
  return content_hash(all);
}

std::vector<std::string_view> lines(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    out.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return out;
}

/// "12" of "/path/mine.hpp:12:5: ...", "" if the line does not name a place in `header`.
std::string line_number(std::string_view line, const std::string& header) {
  const std::size_t at = line.find(header + ":");
  if (at == std::string_view::npos) {
    return "";
  }
  std::string digits;
  for (const char c : line.substr(at + header.size() + 1)) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) {
      break;
    }
    digits += c;
  }
  return digits;
}

/// What a line reports as an error ("fatal error: " too), "" if it reports none; of a failed
/// static_assert its own text alone.
std::string_view error_message(std::string_view line) {
  constexpr std::string_view kMark = "error: ";
  constexpr std::string_view kAssertion = "static assertion failed: ";
  const std::size_t at = line.find(kMark);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view message = line.substr(at + kMark.size());
  return message.starts_with(kAssertion) ? message.substr(kAssertion.size()) : message;
}

[[noreturn]] void fail_to_compile(const fs::path& header, const ChildOutcome& outcome,
                                  const fs::path& log) {
  const std::string where = header.string();
  if (outcome.end != ChildOutcome::End::exited) {
    throw NumericalFailure(fmt::format(
        "{}: the compiler did not come to an end ({} s and {} GB are allowed); its log is {}",
        where, kCompilerLimits.seconds, kCompilerLimits.memory_gigabytes, log.string()));
  }
  std::string message = first_error(outcome.err, where);
  if (message.empty()) {
    message = fmt::format("{}: the compiler failed (exit code {})", where, outcome.code);
  }
  throw InputError(fmt::format("{}; the compiler's log is {}", message, log.string()));
}

}  // namespace

std::string first_error(std::string_view log, const std::string& header) {
  const std::vector<std::string_view> all = lines(log);
  const auto error = std::find_if(
      all.begin(), all.end(), [](std::string_view line) { return !error_message(line).empty(); });
  if (error == all.end()) {
    return "";
  }
  const std::string message(error_message(*error));
  const auto names_header = [&](std::string_view line) {
    return !line_number(line, header).empty();
  };
  // GCC says before the error how it got there, Clang after it.
  auto place = error;
  if (!names_header(*error)) {
    const auto before = std::find_if(std::make_reverse_iterator(error), all.rend(), names_header);
    place = before != all.rend() ? before.base() - 1 : std::find_if(error, all.end(), names_header);
  }
  return place == all.end()
             ? fmt::format("{}: {}", header, message)
             : fmt::format("{}:{}: {}", header, line_number(*place, header), message);
}

CompiledPlugin compile_plugin(const fs::path& header) {
  // One at a time: who waits for the same header finds it in the cache.
  static std::mutex compiling;
  const std::lock_guard<std::mutex> lock(compiling);
  const fs::path full = fs::absolute(header).lexically_normal();
  const std::string name = find_sampler_class(read_file(header), header.string());
  const PluginToolchain tools = plugin_toolchain();
  const fs::path cache = plugin_cache();
  const std::string key = cache_key(full, tools);
  CompiledPlugin out;
  out.library = cache / (key + ".so");
  std::error_code unreadable;
  if (fs::exists(out.library, unreadable)) {
    out.cached = true;
    return out;
  }
  const auto start = std::chrono::steady_clock::now();
  const std::string own = fmt::format("{}.{}", key, ::getpid());
  const fs::path source = cache / (own + ".cpp");
  const fs::path fresh = cache / (own + ".so");
  const fs::path log = cache / (key + ".log");
  write_file_atomically(
      source, fmt::format("#include \"{}\"\n#include \"harness/plugin/plugin_entry.hpp\"\n"
                          "using namespace lemmabench;\nLEMMABENCH_PLUGIN({})\n",
                          full.string(), name));
  std::vector<std::string> command{tools.compiler};
  command.insert(command.end(), tools.options.begin(), tools.options.end());
  command.insert(command.end(), {"-o", fresh.string(), source.string()});
  const ChildOutcome outcome = run_child(command, {"LC_ALL=C"}, kCompilerLimits);
  fs::remove(source, unreadable);
  if (outcome.end != ChildOutcome::End::exited || outcome.code != 0) {
    fs::remove(fresh, unreadable);
    write_file_atomically(log, fmt::format("{}\n{}", fmt::join(command, " "), outcome.err));
    fail_to_compile(full, outcome, log);
  }
  fs::rename(fresh, out.library);
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return out;
}

}  // namespace lemmabench
