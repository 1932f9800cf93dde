#include "harness/laws/factor_memo.hpp"

#include <doctest/doctest.h>

#include <memory>

#include "cases/score_estimate.hpp"
#include "cases/target.hpp"

namespace lemmabench {

TEST_CASE("factor memo: what is remembered is made once, the oldest is forgotten first") {
  FactorMemo memo(2);
  int made = 0;
  const auto make = [&made] {
    FactorEnd end;
    end.score_calls = ++made;
    return end;
  };
  CHECK(memo.get("a", make)->score_calls == 1);
  CHECK(memo.get("b", make)->score_calls == 2);
  CHECK(memo.get("a", make)->score_calls == 1);
  CHECK(memo.get("c", make)->score_calls == 3);  // forgets b, asked for longest ago
  CHECK(memo.get("a", make)->score_calls == 1);
  CHECK(memo.get("b", make)->score_calls == 4);
}

TEST_CASE("factor memo: the key tells apart everything a propagation depends on, and copies not") {
  const auto key = [](const char* target, const char* sampler, long steps, Start start) {
    const Target made = make_target(target, "test");
    const auto& product = std::get<ProductTarget>(made.law);
    const auto model_sampler = make_sampler(sampler, "test");
    const auto score = make_score("exact", "test");
    LawRequest request;
    request.schedule = LiCaiSchedule{};
    request.steps = steps;
    request.start = start;
    const ProductModel model{product, *model_sampler, *score, request};
    return factor_key(model, product.factors.front().law, "fine");
  };
  const std::string base =
      key("hypercube:dim=4,separation=1,variance=0.1", "ddpm", 200, Start::gaussian);
  CHECK(key("hypercube:dim=64,separation=1,variance=0.1", "ddpm", 200, Start::gaussian) == base);
  CHECK(key("hypercube:dim=4,separation=2,variance=0.1", "ddpm", 200, Start::gaussian) != base);
  CHECK(key("hypercube:dim=4,separation=1,variance=0.1", "li-cai", 200, Start::gaussian) != base);
  CHECK(key("hypercube:dim=4,separation=1,variance=0.1", "ddpm", 201, Start::gaussian) != base);
  CHECK(key("hypercube:dim=4,separation=1,variance=0.1", "ddpm", 200, Start::exact) != base);
}

}  // namespace lemmabench
