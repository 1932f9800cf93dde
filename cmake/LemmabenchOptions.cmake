# Compiler settings shared by every target of the build.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

find_program(LEMMABENCH_CCACHE ccache)
if(LEMMABENCH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${LEMMABENCH_CCACHE}")
endif()

# Flags for our own sources only; nothing of this reaches whoever links the libraries.
add_library(lemmabench_flags INTERFACE)
# No contraction into fused multiply-add: the same command must give the same bytes on every
# machine. For the same reason the baseline instruction set is kept and -ffast-math never used.
target_compile_options(lemmabench_flags INTERFACE -ffp-contract=off -Wall -Wextra -Wconversion
                                                  -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False alarms on "literal" + std::string (GCC bug 105651, mended in 13).
  target_compile_options(lemmabench_flags INTERFACE -Wno-restrict)
endif()
if(LEMMABENCH_WERROR)
  target_compile_options(lemmabench_flags INTERFACE -Werror)
endif()

if(LEMMABENCH_SANITIZE)
  # Global, so that every object of the build has the same instrumentation.
  add_compile_options(-fsanitize=${LEMMABENCH_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LEMMABENCH_SANITIZE})
endif()

if(LEMMABENCH_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "LEMMABENCH_FUZZ needs clang (libFuzzer): cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# lemmabench_light(<target>) or lemmabench_light(FILES <file>...): code that runs once a command,
# and that takes longer to optimise than it will ever run. Optimising less changes no number: the
# compiler may not reorder or contract arithmetic at any level.
function(lemmabench_light first)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    return()
  endif()
  if(first STREQUAL "FILES")
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS -O1)
  else()
    target_compile_options(${first} PRIVATE -O1)
  endif()
endfunction()
