#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string_view>

#include "theory/process/output_law.hpp"

namespace lemmabench {

/// The part of the error with this name; nothing if the law does not have it.
inline std::optional<Quantity> find_part(const LawResult& law, std::string_view name) {
  for (const NamedPart<Quantity>& part : kErrorParts<Quantity>) {
    if (part.name == name) {
      return law.parts.*part.member;
    }
  }
  FAIL("no part of the error is named ", std::string(name));
  return std::nullopt;
}

/// The same of a law that must have it.
inline Quantity term(const LawResult& law, std::string_view name) {
  const std::optional<Quantity> found = find_part(law, name);
  REQUIRE_MESSAGE(found.has_value(), "the law has no ", std::string(name));
  return *found;
}

}  // namespace lemmabench
