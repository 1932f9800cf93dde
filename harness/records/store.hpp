#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// One cell of a sweep: a question and what came of it.
struct StoreCell {
  /// In canonical texts (harness/records/canonical_names.hpp): two cells are the same exactly if
  /// canonical_text() of their requests is.
  LawRequest request;
  bool failed = false;
  std::string result;   ///< law_json_line() of the law, or the message if it failed
  std::string version;  ///< of the lemmabench that computed it, e.g. "0.1.0 (c80ce86)"
};

/// A file of cells (SQLite), written by `sweep` and read by `fit` and `report`.
///
/// Each put() is a transaction of its own: a run that is killed loses the cells it was computing
/// and nothing else. finish() rewrites the file from its cells alone, in the order of the key. A
/// file that was finished therefore depends only on its cells: a sweep that was killed and resumed,
/// or ran on more threads, ends with the same bytes as one that ran through. For that reason the
/// store holds no times of day and no seconds.
///
/// Schema 1: table `cells` with the columns target, sampler, schedule, start, score, digits,
/// arithmetic, steps (together the primary key), status ("done" or "failed"), result, version.
class Store {
 public:
  /// Opens the store for writing, making it if the file does not exist or is empty, and locks it:
  /// a second writer is refused. Throws InputError naming the path if it cannot be opened or
  /// written, is no store of lemmabench, has a newer schema, or is in use.
  explicit Store(const std::filesystem::path& path);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  std::optional<StoreCell> find(const LawRequest& request) const;
  /// Adds the cell or replaces the one with the same request.
  void put(const StoreCell& cell);
  /// All cells in the order of the key: target, sampler, schedule, start, score, digits,
  /// arithmetic as text, then steps as numbers.
  std::vector<StoreCell> cells() const;
  /// Puts the file into its canonical bytes (see above), by a rename. The store stays usable.
  void finish();

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

/// The cells of an existing store, in the order of the key. Throws InputError as Store does, and
/// for a file that does not exist.
std::vector<StoreCell> read_store(const std::filesystem::path& path);

/// This program's version as cells record it.
std::string store_version();

}  // namespace lemmabench
