# lemmabench_precompile(<target> [<header>...])
#
# Most of a file's compile time is parsing the same headers of others. A target of many files parses
# them once: the standard library, formatting, and <header>... that most of its files include. What
# few include does not belong here: every file pays for the size of what was parsed. No header of ours is in the
# list, so that a change of one rebuilds what includes it and nothing else. Off in the presets of
# clang, tidy and the sanitizers: there every file must find what it uses by its own includes.
option(LEMMABENCH_PRECOMPILE "Parse the headers of others once a target" ON)

set(LEMMABENCH_PRECOMPILED_HEADERS
    <algorithm> <array> <cmath> <functional> <map> <memory> <optional> <span> <string>
    <string_view> <utility> <variant> <vector> <fmt/format.h>)

function(lemmabench_precompile target)
  if(LEMMABENCH_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${LEMMABENCH_PRECOMPILED_HEADERS} ${ARGN})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # False alarms inside std::string, which g++ 12 silences as a system header's only when it
      # reads the header itself (the kin of GCC bug 105651; `cmake -D LEMMABENCH_PRECOMPILE=OFF`
      # compiles without these).
      target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow
                                                -Wno-stringop-overread)
    endif()
  endif()
endfunction()
