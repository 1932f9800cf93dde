#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

/// JUnit XML, the one format of test results that every CI system reads.
namespace lemmabench {

struct JunitFailure {
  std::string type;
  std::string message;  ///< one line
  std::string body;
};

struct JunitCase {
  std::string class_name;
  std::string name;
  std::vector<std::pair<std::string, std::string>> properties = {};
  std::optional<JunitFailure> failure = {};
  std::optional<std::string> skipped = {};  ///< why
};

struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases = {};
};

/// The suites as one document, indented, with their counts of tests, failures and skipped cases.
std::string junit_xml(const std::string& title, const std::vector<JunitSuite>& suites);

}  // namespace lemmabench
