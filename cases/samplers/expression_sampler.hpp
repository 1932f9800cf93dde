#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "cases/sampler.hpp"

namespace lemmabench {

/// A sampler given by a TOML file of coefficient expressions (docs/own_sampler.md):
///   [[stage]]                    # one linear combination of known vectors a stage
///   name = "mid"
///   y = "1/sqrt(alpha)"          # times Y_t
///   s = "b/(2*sqrt(alpha))"      # times s_t(Y_t)
///   [[stage]]                    # the last is the update
///   y = "1/sqrt(alpha)"
///   "s(t-1, mid)" = "b/sqrt(alpha)"
///   z = "sqrt(b/alpha)"          # times fresh noise
/// It runs on every state; its coefficients are evaluated once a step, not once a point.
///
/// `spec` names the file; its key `hash`, which text() gives, says which content was meant: a file
/// that has changed since is refused. Throws InputError.
std::unique_ptr<Sampler> make_expression_sampler(Spec& spec);

/// The same from the document itself; `file` names it in messages and in text().
std::unique_ptr<Sampler> parse_expression_sampler(std::string_view document,
                                                  const std::string& file);

/// The 64-bit FNV-1a hash of a text in 16 hexadecimal digits: tells one version of a file from
/// another. No protection against somebody who wants two files to look the same.
std::string content_hash(std::string_view text);

}  // namespace lemmabench
