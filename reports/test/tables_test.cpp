#include <doctest/doctest.h>

#include <string>

#include "reports/page/csv_tables.hpp"
#include "reports/page/document.hpp"
#include "reports/test/fake_cells.hpp"

namespace lemmabench {

TEST_CASE("a table of cells writes what is not finite as what it is, never as a number") {
  LawResult law = made_up_law("mixture-three", "ddpm", 128, 1, 1);
  law.kl_pq = Quantity::infinite(Evidence::computed, "tails");
  law.kl_qp = Quantity::unknown(Evidence::computed, "lost");
  law.hellinger = Quantity::at_most(Quantity::computed(0.25, 0));
  const std::string csv = cells_csv({law});
  const std::string row = csv.substr(csv.find('\n') + 1);
  // kl_pq, its error, kl_qp, its error, hellinger, its error
  CHECK(row.find(",inf,,,,<=0.25") != std::string::npos);
  law.hellinger = Quantity::at_least(Quantity::computed(0.25, 0));
  CHECK(cells_csv({law}).find(",>=0.25") != std::string::npos);
}

TEST_CASE("the page shows what is not finite with its reason") {
  const auto infinite = to_json(Quantity::infinite(Evidence::computed, "tails"));
  CHECK(infinite["value"].is_null());
  CHECK(infinite["text"] == "∞");
  CHECK(infinite["title"] == "tails");
  CHECK(to_json(Quantity::unknown(Evidence::proved, "lost"))["text"] == "not known");
  CHECK(to_json(Quantity::at_most(Quantity::computed(0.25, 0)))["text"] == "≤ 0.2500");
  const auto number = to_json(Quantity::computed(0.25, 0.001));
  CHECK(number["title"] ==
        number["value"].get<std::string>() + " ± " + number["error"].get<std::string>());
}

}  // namespace lemmabench
