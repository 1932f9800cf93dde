#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "harness/law/law.hpp"
#include "harness/test/engines/law_parts.hpp"
#include "harness/test/law_request.hpp"
#include "numerics/error.hpp"

/// What the tests of the plane law share.
namespace lemmabench {

inline LawRequest request_of(const std::string& target, const std::string& sampler) {
  return request_for(target, sampler, 20, "li-cai:c0=2,c1=3");
}

inline constexpr LawOptions kPlain{.decomposition = false, .local_errors = false, .threads = 2};

inline LawResult law(const std::string& target, const std::string& sampler,
                     const LawOptions& options = kPlain) {
  return compute_law(request_of(target, sampler), options);
}

inline void check_same(const Quantity& ours, const Quantity& theirs, double most_error) {
  CAPTURE(ours.value());
  CAPTURE(theirs.value());
  CHECK(std::abs(ours.value() - theirs.value()) <= ours.error() + theirs.error());
  CHECK(ours.error() <= most_error);
}

inline void check_all_same(const LawResult& ours, const LawResult& theirs, double most_error) {
  check_same(ours.tv, theirs.tv, most_error);
  check_same(ours.kl_pq, theirs.kl_pq, most_error);
  check_same(ours.kl_qp, theirs.kl_qp, most_error);
  check_same(ours.hellinger, theirs.hellinger, most_error);
}

inline std::string refusal(const LawRequest& request, const LawOptions& options = kPlain) {
  try {
    compute_law(request, options);
  } catch (const EngineRefusal& error) {
    return error.what();
  }
  return "accepted";
}

// Centres at the corners of a rectangle: independent coordinates.
inline const std::string kRectangle = "cloud:means=1/0.7;1/-0.7;-1/0.7;-1/-0.7,variances=0.3";
inline const std::string kFactors =
    "product:weights=1/2;1/2,means=-1/1,variances=0.3/0.3,weights2=1/2;1/2,means2=-0.7/0.7,"
    "variances2=0.3/0.3";

inline std::string with_zeros(const std::string& rectangle, int count) {
  std::string out = rectangle;
  for (std::size_t at = 0; (at = out.find_first_of(";,", at)) != std::string::npos;) {
    std::string zeros;
    for (int i = 0; i < count; ++i) {
      zeros += "/0";
    }
    out.insert(at, zeros);
    at += zeros.size() + 1;
    if (out[at - 1] == ',') {
      break;
    }
  }
  return out;
}

}  // namespace lemmabench
