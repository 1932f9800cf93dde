#include "harness/records/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <string>

#include "harness/io/files.hpp"
#include "harness/records/request_text.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

StoreCell cell(const std::string& sampler, long steps, const std::string& result = "{}") {
  StoreCell out;
  out.request.target = "gaussian:spectrum=0.3x5";
  out.request.sampler = sampler;
  out.request.steps = steps;
  out.result = result;
  out.version = "test";
  return out;
}

std::string message_of(const std::filesystem::path& path) {
  try {
    Store store(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("store: a cell comes back as it was put, others are not found") {
  const Scratch scratch;
  StoreCell one = cell("li-cai", 200, R"({"tv":"0.1"})");
  one.request.schedule = LogitSchedule{Rational(-8), Rational(17, 2)};
  one.request.start = Start::exact;
  one.request.score = "affine:size=0.01";
  one.request.digits = 30;
  one.request.arithmetic = LawArithmetic::mp();
  one.failed = true;
  {
    Store store(scratch / "s.sqlite");
    CHECK_FALSE(store.find(one.request));
    store.put(one);
  }
  const Store store(scratch / "s.sqlite");
  const auto found = store.find(one.request);
  REQUIRE(found);
  CHECK(canonical_text(found->request) == canonical_text(one.request));
  CHECK(found->failed);
  CHECK(found->result == one.result);
  CHECK(found->version == "test");
  // Every field of the request is part of the key.
  for (int field = 0; field < 8; ++field) {
    LawRequest other = one.request;
    switch (field) {
      case 0:
        other.target += " ";
        break;
      case 1:
        other.sampler = "ddpm";
        break;
      case 2:
        other.schedule = LogitSchedule{Rational(-8), Rational(8)};
        break;
      case 3:
        other.start = Start::gaussian;
        break;
      case 4:
        other.score = "exact";
        break;
      case 5:
        other.digits = 0;
        break;
      case 6:
        other.arithmetic = LawArithmetic::ball();
        break;
      case 7:
        other.steps = 201;
        break;
    }
    CHECK_FALSE(store.find(other));
    CHECK(canonical_text(other) != canonical_text(one.request));
  }
}

TEST_CASE("store: the finished bytes depend on the cells alone") {
  const Scratch scratch;
  std::string forwards;
  {
    Store store(scratch / "a.sqlite");
    for (long steps = 100; steps <= 3000; steps += 100) {
      store.put(cell("ddpm", steps, std::string(300, 'x')));
    }
    store.finish();
    forwards = read_file(scratch / "a.sqlite");
  }
  {  // backwards, in two runs, with a cell that is replaced, finished twice
    Store store(scratch / "b.sqlite");
    for (long steps = 3000; steps > 1500; steps -= 100) {
      store.put(cell("ddpm", steps, "other"));
    }
  }
  {
    Store store(scratch / "b.sqlite");
    for (long steps = 3000; steps >= 100; steps -= 100) {
      store.put(cell("ddpm", steps, std::string(300, 'x')));
    }
    CHECK(read_file(scratch / "b.sqlite") != forwards);  // finish() is what makes them equal
    store.finish();
    store.finish();
  }
  CHECK(read_file(scratch / "b.sqlite") == forwards);
  CHECK(scratch.entries() == 2);  // no journals, no temporary files
  const auto cells = read_store(scratch / "b.sqlite");
  REQUIRE(cells.size() == 30);
  CHECK(cells[0].request.steps == 100);
  CHECK(cells[9].request.steps == 1000);  // steps are ordered as numbers
}

TEST_CASE("store: one writer at a time") {
  const Scratch scratch;
  Store store(scratch / "s.sqlite");
  store.put(cell("ddpm", 100));
  CHECK(message_of(scratch / "s.sqlite").find("another lemmabench is writing it") !=
        std::string::npos);
  CHECK_THROWS_AS(read_store(scratch / "s.sqlite"), InputError);
  store.finish();
  CHECK(message_of(scratch / "s.sqlite").find("another lemmabench is writing it") !=
        std::string::npos);
}

TEST_CASE("store: what is no store is refused and left as it is") {
  const Scratch scratch;
  write_file_atomically(scratch / "text", "hello, this is no database at all\n");
  CHECK(message_of(scratch / "text").find("not a store of lemmabench sweep") != std::string::npos);
  CHECK(read_file(scratch / "text") == "hello, this is no database at all\n");
  CHECK_THROWS_AS(read_store(scratch / "text"), InputError);
  {
    SQLite::Database other((scratch / "other").string(),
                           SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    other.exec("CREATE TABLE cells (x)");
  }
  const std::string bytes = read_file(scratch / "other");
  CHECK(message_of(scratch / "other").find("not a store of lemmabench sweep") != std::string::npos);
  CHECK(read_file(scratch / "other") == bytes);
  { Store store(scratch / "newer"); }
  {
    SQLite::Database newer((scratch / "newer").string(), SQLite::OPEN_READWRITE);
    newer.exec("PRAGMA user_version = 2");
  }
  CHECK(message_of(scratch / "newer").find("has schema 2, this lemmabench knows 1") !=
        std::string::npos);
  CHECK_THROWS_AS(read_store(scratch / "newer"), InputError);
  CHECK(message_of(scratch / "no/such/directory").find("cannot be opened") != std::string::npos);
  CHECK_THROWS_AS(read_store(scratch / "missing"), InputError);
  CHECK_FALSE(std::filesystem::exists(scratch / "missing"));
  std::filesystem::create_directory(scratch / "directory");
  CHECK(message_of(scratch / "directory").find("not a regular file") != std::string::npos);
  CHECK_THROWS_AS(read_store(scratch / "directory"), InputError);
  write_file_atomically(scratch / "empty", "");
  CHECK_THROWS_AS(read_store(scratch / "empty"), InputError);
  CHECK(message_of(scratch / "empty").empty());  // for writing, an empty file is a new store
}

}  // namespace lemmabench
