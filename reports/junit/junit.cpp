#include "reports/junit/junit.hpp"

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

namespace lemmabench {
namespace {

using Tree = boost::property_tree::ptree;

struct Counts {
  long tests = 0;
  long failures = 0;
  long skipped = 0;
};

Counts counts_of(const JunitSuite& suite) {
  const auto count = [&suite](const auto& holds) {
    return std::count_if(suite.cases.begin(), suite.cases.end(), holds);
  };
  return {static_cast<long>(suite.cases.size()),
          count([](const JunitCase& test) { return test.failure.has_value(); }),
          count([](const JunitCase& test) { return test.skipped.has_value(); })};
}

void put_head(Tree& tree, const std::string& name, const Counts& counts) {
  tree.put("<xmlattr>.name", name);
  tree.put("<xmlattr>.tests", counts.tests);
  tree.put("<xmlattr>.failures", counts.failures);
  tree.put("<xmlattr>.errors", 0);
  tree.put("<xmlattr>.skipped", counts.skipped);
}

Tree case_tree(const JunitCase& test) {
  Tree out;
  out.put("<xmlattr>.classname", test.class_name);
  out.put("<xmlattr>.name", test.name);
  for (const auto& [key, value] : test.properties) {
    Tree property;
    property.put("<xmlattr>.name", key);
    property.put("<xmlattr>.value", value);
    out.add_child("properties.property", property);
  }
  if (test.skipped) {
    out.put("skipped.<xmlattr>.message", *test.skipped);
  }
  if (test.failure) {
    Tree failure;
    failure.put("<xmlattr>.type", test.failure->type);
    failure.put("<xmlattr>.message", test.failure->message);
    failure.put_value(test.failure->body);
    out.add_child("failure", failure);
  }
  return out;
}

}  // namespace

std::string junit_xml(const std::string& title, const std::vector<JunitSuite>& suites) {
  Tree root;
  Tree& all = root.put_child("testsuites", {});
  Counts total;
  for (const JunitSuite& suite : suites) {
    const Counts counts = counts_of(suite);
    total.tests += counts.tests;
    total.failures += counts.failures;
    total.skipped += counts.skipped;
  }
  put_head(all, title, total);
  for (const JunitSuite& suite : suites) {
    Tree one;
    put_head(one, suite.name, counts_of(suite));
    for (const JunitCase& test : suite.cases) {
      one.add_child("testcase", case_tree(test));
    }
    all.add_child("testsuite", one);
  }
  std::ostringstream out;
  boost::property_tree::write_xml(out, root,
                                  boost::property_tree::xml_writer_settings<std::string>(' ', 2));
  return out.str();
}

}  // namespace lemmabench
