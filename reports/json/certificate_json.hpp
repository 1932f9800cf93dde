#pragma once

#include <string>

#include "harness/monte_carlo/certificate/path_certificate.hpp"

namespace lemmabench {

/// The certificate as JSON: the request, "dim", "path_kl", "initial_kl", "kl_bound", "tv_bound" and
/// "summands" as quantities (harness/records/quantity_json.hpp), "confidence", "flow_error",
/// "samples", "score_calls", "notes", "version" and the command that repeats it.
std::string certificate_json(const PathCertificate& certificate);

/// The command that repeats a request.
std::string command_text(const CertificateRequest& request);

}  // namespace lemmabench
