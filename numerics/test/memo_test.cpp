#include "numerics/memo.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace lemmabench {

TEST_CASE("memo: what is remembered is made once, the oldest is forgotten first") {
  Memo<int> memo(2);
  int made = 0;
  const auto make = [&made] { return ++made; };
  CHECK(*memo.get("a", make) == 1);
  CHECK(*memo.get("b", make) == 2);
  CHECK(*memo.get("a", make) == 1);
  CHECK(*memo.get("c", make) == 3);  // forgets b, asked for longest ago
  CHECK(*memo.get("a", make) == 1);
  CHECK(*memo.get("b", make) == 4);
}

TEST_CASE("memo: a failure is not remembered") {
  Memo<int> memo(2);
  CHECK_THROWS_AS(memo.get("a", []() -> int { throw std::runtime_error("no"); }),
                  std::runtime_error);
  CHECK(*memo.get("a", [] { return 7; }) == 7);
}

}  // namespace lemmabench
