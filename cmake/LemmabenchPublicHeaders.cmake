# The headers that a program outside this repository may include; everything else is ours and may
# change. What they include themselves is found here and installed with them.
set(LEMMABENCH_PUBLIC_HEADERS
    harness/law/law.hpp # compute_law: the exact law of a sampler's output
    harness/studies/claims/verification.hpp # run_ledger: verdicts on the claims
    harness/plugin/plugin_entry.hpp # what a sampler's header is compiled with
    cases/sampler.hpp # Walk, Step: to write a sampler
    theory/process/schedule.hpp # levels
    numerics/ball.hpp # enclosures
    numerics/error.hpp # InputError, EngineRefusal
    numerics/evidence.hpp) # Quantity: a number and what is known of it

# lemmabench_closure(<variable> <header>...): the headers and all that they include, paths from the
# root of the repository.
function(lemmabench_closure variable)
  set(found "")
  set(open ${ARGN})
  while(open)
    list(POP_FRONT open header)
    if(header IN_LIST found OR NOT EXISTS "${PROJECT_SOURCE_DIR}/${header}")
      continue() # generated: lemmabench_version.hpp
    endif()
    list(APPEND found "${header}")
    file(STRINGS "${PROJECT_SOURCE_DIR}/${header}" lines REGEX "^#include \"")
    foreach(line IN LISTS lines)
      string(REGEX REPLACE "^#include \"([^\"]+)\".*" "\\1" included "${line}")
      list(APPEND open "${included}")
    endforeach()
    # Configure again when what it includes changes.
    set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${header}")
  endwhile()
  list(SORT found)
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()
