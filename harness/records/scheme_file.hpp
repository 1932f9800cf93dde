#pragma once

#include <string>
#include <string_view>

#include "cases/schemes/scheme.hpp"

namespace lemmabench {

/// A scheme as a request names it.
struct SchemeFile {
  Scheme scheme;
  std::string text;  ///< canonical: the path with the hash of the content

  /// N: what the file says, else the number of model calls.
  long steps() const;
};

/// The scheme of a sampler's name that names_scheme() (cases/schemes/scheme_name.hpp): a file, or,
/// where there is no such file, one of the catalogue (scheme_catalogue.hpp). Its key
/// `hash` says which content was meant. Throws InputError, one line that starts with `origin`: what
/// read_scheme refuses, another key, a file that has changed.
SchemeFile open_scheme(std::string_view sampler, std::string_view origin);

}  // namespace lemmabench
