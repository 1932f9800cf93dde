#include "harness/plugin/header_sampler.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "harness/plugin/child_process.hpp"
#include "harness/plugin/compile_plugin.hpp"
#include "harness/plugin/header_scan.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"

using namespace lemmabench;

namespace {

std::string refusal(const std::string& header) {
  try {
    return "taken: " + find_sampler_class(header, "mine.hpp");
  } catch (const InputError& error) {
    return error.what();
  }
}

ChildOutcome shell(const std::string& script, const ChildLimits& limits = {}) {
  return run_child({"/bin/sh", "-c", script}, {"LEMMABENCH_TEST=x"}, limits);
}

}  // namespace

TEST_CASE("the sampler class of a header is found with its namespaces") {
  CHECK(find_sampler_class("class A { SamplerInfo i; };", "f") == "A");
  CHECK(find_sampler_class("namespace a::b { struct A final : B { SamplerInfo i(); }; }", "f") ==
        "a::b::A");
  CHECK(find_sampler_class(
            "inline namespace v { namespace { struct A : B<int> { SamplerInfo i; }; } }", "f") ==
        "v::A");
  // Comments, texts, other classes, nested ones and templates' parameters do not count.
  CHECK(find_sampler_class("// class C { SamplerInfo\n/* struct D { SamplerInfo */\n"
                           "const char* t = \"struct E { SamplerInfo } \\\" }\";\n"
                           "const char* r = R\"(struct F { SamplerInfo)\";\n"
                           "char c = '{'; int n = 1'000;\n"
                           "struct Helper { int x; };\n"
                           "template <class State> struct G { SamplerInfo i; };\n"
                           "class A { struct Inner { SamplerInfo i; }; void f() { if (1) {} } };",
                           "f") == "A");
  CHECK(
      refusal("struct A { int x; };").find("mine.hpp: no sampler class; it needs one class with") ==
      0);
  CHECK(refusal("struct A { SamplerInfo x; }; struct B { SamplerInfo x; };")
            .find("mine.hpp: more than one sampler class (A, B)") == 0);
  CHECK(refusal("}}}} /* ").find("no sampler class") != std::string::npos);
  CHECK(refusal("\"").find("no sampler class") != std::string::npos);
}

TEST_CASE("a change of what a header includes changes its text") {
  const Scratch scratch;
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(scratch / name.c_str()) << text;
  };
  write("mine.hpp", "#include <cmath>\n# include \"part.hpp\"\n#include \"not_there.hpp\"\n");
  write("part.hpp", "#include \"mine.hpp\"\n");
  const std::string header = (scratch / "mine.hpp").string();
  CHECK(included_files(header).size() == 2);
  const auto text = [&] {
    Spec spec = Spec::parse(header + ":weight=0.5", "test");
    return make_header_sampler(spec, std::nullopt)->text();
  };
  const std::string before = text();
  CHECK(before.find("mine.hpp:hash=") != std::string::npos);
  CHECK(before.find(",weight=0.5") != std::string::npos);
  CHECK(text() == before);
  write("part.hpp", "#include \"mine.hpp\"\nint x;\n");
  CHECK(text() != before);
  Spec stale = Spec::parse(before, "test");
  CHECK_THROWS_AS(make_header_sampler(stale, std::nullopt), InputError);
  CHECK(is_header_sampler(before));
  CHECK_FALSE(is_header_sampler("li-cai:kappa=1/2"));
}

TEST_CASE("the first error of a compiler's log is placed in the user's header") {
  const std::string own = "/home/me/mine.hpp";
  CHECK(first_error("/home/me/mine.hpp:12:5: error: expected ';'\nmore\n", own) ==
        "/home/me/mine.hpp:12: expected ';'");
  // GCC names the way before the error, Clang after it.
  CHECK(first_error("In file included from x.cpp:1:\n"
                    "numerics/batch.hpp: In instantiation of 'f':\n"
                    "/home/me/mine.hpp:33:7:   required from 'step'\n"
                    "numerics/batch.hpp:9:1: error: no match\n"
                    "/home/me/mine.hpp:40:7: error: second\n",
                    own) == "/home/me/mine.hpp:33: no match");
  CHECK(first_error("numerics/batch.hpp:9:1: error: no match\n"
                    "/home/me/mine.hpp:34:7: note: in instantiation\n",
                    own) == "/home/me/mine.hpp:34: no match");
  CHECK(first_error(
            "a/plugin_entry.hpp:3:1: error: static assertion failed: the class must offer: x\n",
            own) == "/home/me/mine.hpp: the class must offer: x");
  CHECK(first_error("/home/me/mine.hpp:3:10: fatal error: cmth: No such file\n", own) ==
        "/home/me/mine.hpp:3: cmth: No such file");
  CHECK(first_error("all is well\n", own).empty());
}

TEST_CASE("a child's end is told: exit code, crash, time limit") {
  const ChildOutcome said = shell("echo out; echo err >&2; echo $LEMMABENCH_TEST; exit 7");
  CHECK(said.end == ChildOutcome::End::exited);
  CHECK(said.code == 7);
  CHECK(said.out == "out\nx\n");
  CHECK(said.err == "err\n");
  const ChildOutcome crashed = shell("kill -SEGV $$");
  CHECK(crashed.end == ChildOutcome::End::crashed);
  CHECK(crashed.code == 11);
  CHECK(run_child({"/no/such/program"}, {}, {}).code == 127);
  // What it started is killed too, or its open streams would keep us waiting.
  const ChildOutcome slow = shell("sleep 60 & sleep 60", {.seconds = 0.2});
  CHECK(slow.end == ChildOutcome::End::too_slow);
  // A child that closes its streams and goes on is no way around the limit.
  const ChildOutcome quiet = shell("exec >&- 2>&-; sleep 60", {.seconds = 0.2});
  CHECK(quiet.end == ChildOutcome::End::too_slow);
}
