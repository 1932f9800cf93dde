# lemmabench_add_tests(<room>)
#
# <room>/test/*_test.cpp (but not *_slow_test.cpp) -> executable <room>_test, label "quick";
# <room>/test/*_slow_test.cpp -> <room>_slow_test, label "slow". Every doctest case is one ctest
# test, "<room>: <case name>". Both carry the room's name as a label too.

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
  lemmabench_light(${target})
  list(LENGTH ARGN count)
  if(count GREATER 10)
    lemmabench_precompile(${target} <boost/multiprecision/mpfr.hpp>)
  endif()
  set(script ${PROJECT_SOURCE_DIR}/cmake/discover_tests.cmake)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${script})
  set(list "${CMAKE_CURRENT_BINARY_DIR}/${target}_cases.cmake")
  add_custom_command(
    TARGET ${target}
    POST_BUILD
    COMMAND
      ${CMAKE_COMMAND} -D EXECUTABLE=$<TARGET_FILE:${target}> -D PREFIX=${room}
      -D "LABELS=${label} ${room}" -D TIMEOUT=${timeout}
      -D WORKING_DIRECTORY=${CMAKE_CURRENT_BINARY_DIR} -D OUTPUT=${list} -P ${script}
    BYPRODUCTS ${list}
    VERBATIM)
  # A test executable that was not built is a failed test, not a missing one.
  file(
    WRITE "${CMAKE_CURRENT_BINARY_DIR}/${target}_include.cmake"
    "if(EXISTS \"${list}\")\n  include(\"${list}\")\n"
    "else()\n  add_test(${target}_not_built ${target}_not_built)\nendif()\n")
  set_property(
    DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${CMAKE_CURRENT_BINARY_DIR}/${target}_include.cmake")
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
