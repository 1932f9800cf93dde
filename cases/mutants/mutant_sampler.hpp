#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cases/mutants/bug.hpp"
#include "cases/sampler.hpp"

namespace lemmabench {

/// A sampler with a planted bug, by name:
///   mutant:base=SAMPLER,bug=KIND[,of=C][,for=C][,by=X][,on=N][,at=first|middle|last]
/// e.g. `mutant:base=ddpm,bug=score-level,by=1`. In the name of the base `;` stands for `,`:
/// `mutant:base=li-cai:clip=1;kappa=1/2,bug=scale,of=b,by=2`. It runs wherever its base does, on
/// every state; its text() gives the same sampler again. With a bug of no amount it computes what
/// the base does, to the byte. Of a sampler with random times every draw has the bug.
/// `spec` is what follows `mutant:`. Throws InputError for an unknown base or bug, a base that is a
/// mutant or a C++ header (which runs in a process of its own), or a key that the bug does not
/// take.
std::unique_ptr<Sampler> make_mutant(Spec& spec);

/// The name of the mutant of `base` with the bug of these keys (Bug::text()).
std::string mutant_text(std::string_view base, std::string_view bug);

/// True for the text of a mutant.
bool is_mutant(std::string_view text);

}  // namespace lemmabench
