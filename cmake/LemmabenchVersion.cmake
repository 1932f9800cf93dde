# lemmabench_version.hpp, found by `#include "lemmabench_version.hpp"`. Brought up to date before
# each build and rewritten only when its text changes, so a build without a commit in between
# compiles nothing again.

set(LEMMABENCH_GENERATED_DIR "${PROJECT_BINARY_DIR}/generated")
set(_version_arguments
    -D VERSION=${PROJECT_VERSION} -D "BUILD_TYPE=${CMAKE_BUILD_TYPE}"
    -D "COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
    -D SOURCE_DIR=${PROJECT_SOURCE_DIR}
    -D TEMPLATE=${PROJECT_SOURCE_DIR}/cmake/lemmabench_version.hpp.in
    -D OUTPUT=${LEMMABENCH_GENERATED_DIR}/lemmabench_version.hpp
    -P ${PROJECT_SOURCE_DIR}/cmake/write_version.cmake)
execute_process(COMMAND ${CMAKE_COMMAND} ${_version_arguments} COMMAND_ERROR_IS_FATAL ANY)
add_custom_target(
  lemmabench_version
  COMMAND ${CMAKE_COMMAND} ${_version_arguments}
  BYPRODUCTS ${LEMMABENCH_GENERATED_DIR}/lemmabench_version.hpp
  COMMENT "Reading the version"
  VERBATIM)
