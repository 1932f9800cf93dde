# One ctest test a file of tests: those of python/test look at the pure part in the source tree,
# those of python/test_core at the package in the build tree.

execute_process(COMMAND "${Python_EXECUTABLE}" -c "import numpy, pytest" RESULT_VARIABLE no_pytest
                OUTPUT_QUIET ERROR_QUIET)
file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/test/test_*.py"
     "${CMAKE_CURRENT_SOURCE_DIR}/test_core/test_*.py")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  get_filename_component(folder "${file}" DIRECTORY)
  get_filename_component(folder "${folder}" NAME)
  string(REGEX REPLACE "^test_" "" topic "${name}")
  set(test "python: ${topic}")
  if(folder STREQUAL "test_core")
    set(test "python, compiled: ${topic}")
  endif()
  if(no_pytest)
    add_test(NAME "${test}" COMMAND "${CMAKE_COMMAND}" -E echo
                                    "skipped: python3-pytest or python3-numpy is missing")
    set_tests_properties("${test}" PROPERTIES SKIP_REGULAR_EXPRESSION "^skipped:")
  else()
    add_test(NAME "${test}" COMMAND "${Python_EXECUTABLE}" -m pytest -q -p no:cacheprovider "${file}")
  endif()
  # pytest's 5: a file whose module (torch) is not installed has no test.
  set_tests_properties("${test}" PROPERTIES SKIP_RETURN_CODE 5)
  # Tracing is Python: slow on a loaded machine, however little it computes.
  set_tests_properties(
    "${test}"
    PROPERTIES TIMEOUT ${LEMMABENCH_SLOW_TIMEOUT} LABELS "quick;python" ENVIRONMENT
               "PYTHONPATH=${CMAKE_CURRENT_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1;LEMMABENCH=$<TARGET_FILE:lemmabench>")
endforeach()

add_test(NAME "python: the installed package works from its prefix alone"
         COMMAND bash "${CMAKE_CURRENT_SOURCE_DIR}/installed.sh" "${PROJECT_BINARY_DIR}"
                 "${Python_EXECUTABLE}" "${LEMMABENCH_PYTHON_DIR}")
set_tests_properties("python: the installed package works from its prefix alone"
                     PROPERTIES TIMEOUT ${LEMMABENCH_SLOW_TIMEOUT} LABELS "slow;python")
