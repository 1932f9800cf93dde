# lemmabench_add_tests(<room>)
#
# <room>/test/*_test.cpp (but not *_slow_test.cpp) -> executable <room>_test, label "quick";
# <room>/test/*_slow_test.cpp -> <room>_slow_test, label "slow". Every doctest case is one ctest
# test, "<room>: <case name>". Both carry the room's name as a label too.

include(doctest)

# A sanitized program is several times slower, and more so where it allocates.
set(LEMMABENCH_QUICK_TIMEOUT 30)
set(LEMMABENCH_SLOW_TIMEOUT 300)
if(LEMMABENCH_SANITIZE)
  math(EXPR LEMMABENCH_QUICK_TIMEOUT "10 * ${LEMMABENCH_QUICK_TIMEOUT}")
  math(EXPR LEMMABENCH_SLOW_TIMEOUT "10 * ${LEMMABENCH_SLOW_TIMEOUT}")
endif()

# doctest's implementation and main(), compiled once for all rooms.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/test_main.cpp" CONTENT
"#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
")
add_library(lemmabench_test_main STATIC "${PROJECT_BINARY_DIR}/generated/test_main.cpp")
target_link_libraries(lemmabench_test_main PUBLIC doctest::doctest)

function(lemmabench_add_test_executable target room label timeout)
  add_executable(${target} ${ARGN})
  target_link_libraries(${target} PRIVATE lemmabench::${room} lemmabench_test_main lemmabench_flags)
  target_compile_definitions(
    ${target} PRIVATE LEMMABENCH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # A filter that matches no test case makes doctest succeed: that must fail.
  doctest_discover_tests(
    ${target}
    TEST_PREFIX "${room}: "
    PROPERTIES TIMEOUT ${timeout} FAIL_REGULAR_EXPRESSION "test cases: +0 "
    ADD_LABELS 0)
endfunction()

function(lemmabench_add_tests room)
  file(GLOB_RECURSE slow CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/test/*_slow_test.cpp")
  file(GLOB_RECURSE quick CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/test/*_test.cpp")
  list(FILTER quick EXCLUDE REGEX "_slow_test\\.cpp$")
  if(quick)
    lemmabench_add_test_executable(${room}_test ${room} quick ${LEMMABENCH_QUICK_TIMEOUT} ${quick})
  endif()
  if(slow)
    lemmabench_add_test_executable(
      ${room}_slow_test ${room} slow ${LEMMABENCH_SLOW_TIMEOUT} ${slow})
  endif()
endfunction()
