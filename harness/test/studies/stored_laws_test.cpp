#include "harness/studies/sweep/stored_laws.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "harness/studies/complexity/complexity.hpp"
#include "harness/test/law_request.hpp"
#include "harness/test/scratch.hpp"
#include "numerics/error.hpp"

namespace lemmabench {
namespace {

LawRequest request_of(long steps) { return request_for("gaussian:spectrum=1x1", "ddpm", steps); }

}  // namespace

TEST_CASE("stored laws: computed once, failures too, and tried again by another version") {
  const Scratch scratch;
  Store store(scratch / "s.sqlite");
  int calls = 0;
  StoredLaws laws(store, [&](const LawRequest& request) -> LawResult {
    ++calls;
    if (request.steps == 7) {
      throw EngineRefusal("seven");
    }
    LawResult out;
    out.request = request;
    out.tv = Quantity::computed(1.0 / 3, 1e-12);
    return out;
  });
  for (int i = 0; i < 2; ++i) {
    CHECK(laws.law(request_of(5)).has_value());
    CHECK_FALSE(laws.law(request_of(7)).has_value());
    CHECK(laws.cell(request_of(7)).result == "seven");
  }
  CHECK(calls == 2);
  CHECK(laws.computed() == 2);
  CHECK(laws.resumed() == 4);
  store.put({request_of(8), true, "no engine yet", "0.0.1"});
  CHECK(laws.law(request_of(8)).has_value());
  CHECK(calls == 3);
}

TEST_CASE("stored laws: the first answer has the same bits as the one from the store") {
  const Scratch scratch;
  Store store(scratch / "s.sqlite");
  StoredLaws laws(store, [](const LawRequest& request) {
    LawResult out;
    out.request = request;
    out.tv = Quantity::computed(1.0 / 3, 1e-7);  // printing rounds it to some ten digits
    return out;
  });
  const double first = laws.law(request_of(5))->tv.value();
  const double second = laws.law(request_of(5))->tv.value();
  CHECK(first == second);
  CHECK(first != 1.0 / 3);
}

TEST_CASE("stored laws: a certificate, which knows no kl_qp, comes back as it was written") {
  const Scratch scratch;
  LawRequest request = request_of(100);
  request.target = "gaussian:dim=2,variance=0.3";
  request.arithmetic = LawArithmetic::certificate(Rational(1, 2), "test");
  const LawResult direct = atlas_laws()(request);
  {
    Store store(scratch / "s.sqlite");
    StoredLaws laws(store, [&](const LawRequest&) { return direct; });
    REQUIRE(laws.law(request).has_value());
  }
  Store store(scratch / "s.sqlite");
  StoredLaws laws(store, [](const LawRequest&) -> LawResult { throw EngineRefusal("again"); });
  const auto law = laws.law(request);
  REQUIRE(law.has_value());
  CHECK(laws.resumed() == 1);
  CHECK(law->kl_qp.extent() == Extent::unknown);  // nothing is known, not even an infinity
  CHECK(law->kl_qp.reason() == direct.kl_qp.reason());
  REQUIRE(law->tv.extent() == Extent::bounded_above);
  const Quantity after = law->tv.bound();
  const Quantity before = direct.tv.bound();
  // Wider by what printing rounded away, some 1e-3 of the error.
  CHECK(after.error() >= before.error());
  CHECK(after.error() <= 1.01 * before.error());
  CHECK(std::abs(after.value() - before.value()) <= after.error() - before.error());
}

}  // namespace lemmabench
