#include "harness/records/store.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <string_view>
#include <utility>

#include "cases/parse_schedule.hpp"
#include "harness/io/files.hpp"
#include "harness/records/request_text.hpp"
#include "lemmabench_version.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

namespace fs = std::filesystem;

constexpr int kApplicationId = 0x4c4d424e;  // "LMBN", what file(1) and SQLite show
constexpr int kSchema = 1;

constexpr const char* kCreate =
    "CREATE TABLE cells ("
    " target TEXT NOT NULL, sampler TEXT NOT NULL, schedule TEXT NOT NULL, start TEXT NOT NULL,"
    " score TEXT NOT NULL, digits INTEGER NOT NULL, arithmetic TEXT NOT NULL,"
    " steps INTEGER NOT NULL,"
    " status TEXT NOT NULL CHECK (status IN ('done', 'failed')), result TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " PRIMARY KEY (target, sampler, schedule, start, score, digits, arithmetic, steps)"
    ") WITHOUT ROWID";
constexpr const char* kPut =
    "INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr const char* kFind =
    "SELECT * FROM cells WHERE target = ? AND sampler = ? AND schedule = ? AND start = ?"
    " AND score = ? AND digits = ? AND arithmetic = ? AND steps = ?";
constexpr const char* kAll =
    "SELECT * FROM cells ORDER BY target, sampler, schedule, start, score, digits, arithmetic,"
    " steps";

[[noreturn]] void refuse(const fs::path& path, std::string_view why) {
  throw InputError(fmt::format("store '{}': {}", path.string(), why));
}

/// Turns what SQLite says into what the user can do about it.
[[noreturn]] void translate(const fs::path& path, const SQLite::Exception& error) {
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      refuse(path, "another lemmabench is writing it; wait until that one is done");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      refuse(path, "not a store of lemmabench sweep, or damaged; give another file");
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      refuse(path, "cannot be opened for writing; check the directory and the permissions");
    default:
      throw std::runtime_error(fmt::format("store '{}': {}", path.string(), error.what()));
  }
}

/// Calls `work`, with SQLite's exceptions translated.
template <class Work>
auto guarded(const fs::path& path, Work work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    translate(path, error);
  }
}

void bind_key(SQLite::Statement& statement, const LawRequest& request) {
  statement.bind(1, request.target);
  statement.bind(2, request.sampler);
  statement.bind(3, text(request.schedule));
  statement.bind(4, std::string(name(request.start)));
  statement.bind(5, request.score);
  statement.bind(6, static_cast<int64_t>(request.digits));
  statement.bind(7, request.arithmetic.text());
  statement.bind(8, static_cast<int64_t>(request.steps));
}

StoreCell cell_of(SQLite::Statement& row, const fs::path& path) {
  StoreCell cell;
  LawRequest& request = cell.request;
  request.target = row.getColumn(0).getString();
  request.sampler = row.getColumn(1).getString();
  const std::string origin = fmt::format("store '{}'", path.string());
  request.schedule = recorded_schedule(row.getColumn(2).getString(), origin + ": schedule");
  request.start = parse_start(row.getColumn(3).getString(), origin);
  request.score = row.getColumn(4).getString();
  request.digits = static_cast<long>(row.getColumn(5).getInt64());
  request.arithmetic = LawArithmetic::parse(row.getColumn(6).getString(), origin);
  request.steps = static_cast<long>(row.getColumn(7).getInt64());
  cell.failed = row.getColumn(8).getString() == "failed";
  cell.result = row.getColumn(9).getString();
  cell.version = row.getColumn(10).getString();
  return cell;
}

void put_cell(SQLite::Database& database, const StoreCell& cell) {
  SQLite::Statement statement(database, kPut);
  bind_key(statement, cell.request);
  statement.bind(9, cell.failed ? "failed" : "done");
  statement.bind(10, cell.result);
  statement.bind(11, cell.version);
  statement.exec();
}

std::vector<StoreCell> all_cells(SQLite::Database& database, const fs::path& path) {
  std::vector<StoreCell> out;
  SQLite::Statement statement(database, kAll);
  while (statement.executeStep()) {
    out.push_back(cell_of(statement, path));
  }
  return out;
}

/// SQLite would put a journal beside a device or a pipe.
void require_regular(const fs::path& path) {
  std::error_code unknown;
  if (fs::exists(path, unknown) && !fs::is_regular_file(path, unknown)) {
    refuse(path, "not a regular file; give another path");
  }
}

int pragma(SQLite::Database& database, const std::string& key) {
  return database.execAndGet("PRAGMA " + key).getInt();
}

bool is_blank(SQLite::Database& database) {
  return pragma(database, "application_id") == 0 && pragma(database, "user_version") == 0 &&
         database.execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0;
}

void create_schema(SQLite::Database& database) {
  SQLite::Transaction transaction(database);
  database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database.exec(fmt::format("PRAGMA user_version = {}", kSchema));
  database.exec(kCreate);
  transaction.commit();
}

void check_schema(SQLite::Database& database, const fs::path& path) {
  if (pragma(database, "application_id") != kApplicationId) {
    refuse(path, "not a store of lemmabench sweep; give another file");
  }
  const int schema = pragma(database, "user_version");
  if (schema != kSchema) {
    refuse(path,
           fmt::format("has schema {}, this lemmabench knows {}; use the version that made it",
                       schema, kSchema));
  }
}

/// The bytes of a fresh database with these cells: nothing of it depends on how they came to be.
std::string canonical_bytes(const std::vector<StoreCell>& cells) {
  SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  fresh.exec("PRAGMA page_size = 4096");
  fresh.exec("PRAGMA encoding = 'UTF-8'");
  create_schema(fresh);
  SQLite::Transaction transaction(fresh);
  for (const StoreCell& cell : cells) {
    put_cell(fresh, cell);
  }
  transaction.commit();
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, void (*)(void*)> bytes(
      sqlite3_serialize(fresh.getHandle(), "main", &size, 0), sqlite3_free);
  if (!bytes) {
    throw std::bad_alloc();
  }
  return {reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size)};
}

}  // namespace

struct Store::Connection {
  fs::path path;
  SQLite::Database database;

  explicit Connection(const fs::path& where)
      : path(where), database(where.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    // Exclusive: the lock taken here is held until the connection closes, so that nobody writes
    // between two cells, or into the old file while finish() renames the new one over it.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec("BEGIN EXCLUSIVE");
    database.exec("COMMIT");
    if (is_blank(database)) {
      create_schema(database);
    }
    check_schema(database, path);
    // A write-ahead log needs no fsync a cell (25 ms on a slow disk) and still survives both a
    // kill and a power cut with all but the last cells.
    database.exec("PRAGMA journal_mode = WAL");
  }
};

Store::Store(const fs::path& path) {
  require_regular(path);
  guarded(path, [&] { connection_ = std::make_unique<Connection>(path); });
}

Store::~Store() = default;

std::optional<StoreCell> Store::find(const LawRequest& request) const {
  return guarded(connection_->path, [&]() -> std::optional<StoreCell> {
    SQLite::Statement statement(connection_->database, kFind);
    bind_key(statement, request);
    if (!statement.executeStep()) {
      return std::nullopt;
    }
    return cell_of(statement, connection_->path);
  });
}

void Store::put(const StoreCell& cell) {
  guarded(connection_->path, [&] { put_cell(connection_->database, cell); });
}

std::vector<StoreCell> Store::cells() const {
  return guarded(connection_->path,
                 [&] { return all_cells(connection_->database, connection_->path); });
}

void Store::finish() {
  const fs::path path = connection_->path;
  guarded(path, [&] {
    // First the log into the file and away: left behind by a kill just after the rename, it would
    // be taken for a log of the new file.
    connection_->database.exec("PRAGMA journal_mode = DELETE");
    write_file_atomically(path, canonical_bytes(cells()));
    // The old connection holds the lock of a file that has no name any more.
    connection_.reset();
    connection_ = std::make_unique<Connection>(path);
  });
}

std::vector<StoreCell> read_store(const fs::path& path) {
  if (!fs::exists(path)) {
    refuse(path, "no such file; `lemmabench sweep GRID.toml --store FILE` makes one");
  }
  require_regular(path);
  return guarded(path, [&] {
    // Not read-only: what a killed run left half-written is rolled back first.
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE);
    check_schema(database, path);
    return all_cells(database, path);
  });
}

std::string store_version() {
  std::string out(version::number);
  if (!version::commit.empty()) {
    out += fmt::format(" ({})", version::commit);
  }
  return out;
}

}  // namespace lemmabench
