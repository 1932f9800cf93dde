#pragma once

#include <string>

#include "harness/studies/claims/verification.hpp"

namespace lemmabench {

/// The ledger as JSON, indented, with a final newline:
///   {"suite":"quick|full","claims_glob","cases_glob","targets":[..],"digits":D,
///    "summary":{"claims":n,"verdicts":n,"holds":n,"violated":n,"inconclusive":n,
///               "not_applicable":n,"proved":n,"proved_on_instances":n,"comparisons":n},
///    "claims":[{"id","title","kind","statement","latex","source","reference","covers","verdict",
///               "finding","smallest_constant":Q|null,"rows":[row,..]},..],
///    "controls":[{"claim","title","case","overrides":{..},"verdict","caught","reason"},..],
///    "version"}
///   row = {"case","verdict","reason","evidence","worth","coverage":{"whole":b,"instances":n|null,
///          "of"}|null,"left":Q,"right":Q,"margin":x|null,"margin_in":"log|digits|exponent","place",
///          "resolution":{"difference","asked","anywhere"}|null,
///          "smallest_constant":Q|null,"smallest_constant_place",
///          "constants":[{"steps","dim","value":Q,"place"}],
///          "trends":[{"variable","fixed","exponent","low","high","verdict","reason"}],
///          "comparisons":n,"bits":n,"notes":[..],"command"}
/// with Q as in the JSON of `law`. "evidence" is that of the comparisons; "worth" says in words
/// what the verdict proves: "proved" only when "coverage" is whole or the verdict is a certain
/// counterexample, else "proved on n instances". "claims" are worst first, rows in catalogue order;
/// "margin" is null where it is infinite. The bytes depend on the ledger and the release only.
std::string ledger_json(const Ledger& ledger);

}  // namespace lemmabench
