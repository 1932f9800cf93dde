#pragma once

#include <string>

#include "harness/monte_carlo/certificate/path_certificate.hpp"

namespace lemmabench {

/// The same as a person reads it; of the summands the largest few.
std::string certificate_text(const PathCertificate& certificate);

}  // namespace lemmabench
