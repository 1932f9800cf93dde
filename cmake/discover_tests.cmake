# Script, run after each link of a doctest executable: writes OUTPUT, a CTest script with one test
# for every test case of EXECUTABLE. Ours, because doctest 2.4.9's own loses the labels and breaks
# at a semicolon in a name.
#
# PREFIX, LABELS (separated by spaces), TIMEOUT in seconds, WORKING_DIRECTORY

cmake_minimum_required(VERSION 3.22)

execute_process(
  COMMAND "${EXECUTABLE}" --list-test-cases --no-colors
  OUTPUT_VARIABLE output
  COMMAND_ERROR_IS_FATAL ANY)

# Keep semicolons and brackets out of the way of CMake's lists.
string(REPLACE ";" "<semicolon>" output "${output}")
string(REPLACE "[" "<open>" output "${output}")
string(REPLACE "]" "<close>" output "${output}")
string(REPLACE "\n" ";" lines "${output}")
string(REPLACE " " ";" labels "${LABELS}")

set(script "")
set(seen "")
foreach(line IN LISTS lines)
  if(line STREQUAL "" OR line MATCHES "^(<open>doctest<close>|=====)")
    continue()
  endif()
  string(REPLACE "<semicolon>" ";" name "${line}")
  string(REPLACE "<open>" "[" name "${name}")
  string(REPLACE "<close>" "]" name "${name}")
  if(line IN_LIST seen)
    message(FATAL_ERROR "two test cases of ${EXECUTABLE} are named '${name}'; rename one")
  endif()
  list(APPEND seen "${line}")
  # doctest splits the filter at commas. A filter that matches nothing succeeds: that must fail.
  string(REPLACE "," "\\," filter "${name}")
  string(APPEND script "add_test([==[${PREFIX}: ${name}]==] [==[${EXECUTABLE}]==]"
         " [==[--test-case=${filter}]==])\n"
         "set_tests_properties([==[${PREFIX}: ${name}]==] PROPERTIES TIMEOUT ${TIMEOUT}\n"
         "  FAIL_REGULAR_EXPRESSION [==[test cases: +0 ]==]\n"
         "  WORKING_DIRECTORY [==[${WORKING_DIRECTORY}]==] LABELS [==[${labels}]==])\n")
endforeach()
if(seen STREQUAL "")
  message(FATAL_ERROR "${EXECUTABLE} has no test cases")
endif()
file(WRITE "${OUTPUT}" "${script}")
