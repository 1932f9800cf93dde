# lemmabench_add_room(<room> DEPENDS <target>... [PRIVATE_DEPENDS <target>...] [EXCLUDE <file>...]
#                     [PRECOMPILE <header>...] [APART])
#
# The library lemmabench_<room> (alias lemmabench::<room>) from every .cpp below the room's
# directory except those in test/ and the excluded, and its tests (see LemmabenchTests.cmake). Files
# of a folder are compiled together (LemmabenchUnity.cmake) unless the room is compiled APART.
# Include paths start at the root of the repository; in an installed package at include/lemmabench.
function(lemmabench_add_room room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "APART" "" "DEPENDS;PRIVATE_DEPENDS;EXCLUDE;PRECOMPILE")

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "^${CMAKE_CURRENT_SOURCE_DIR}/test/")
  foreach(file IN LISTS arg_EXCLUDE)
    list(REMOVE_ITEM sources "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  endforeach()
  if(NOT sources) # headers only, so far
    set(stub "${CMAKE_CURRENT_BINARY_DIR}/${room}_stub.cpp")
    file(CONFIGURE OUTPUT "${stub}" CONTENT "namespace lemmabench {}\n")
    set(sources "${stub}")
  endif()

  set(target lemmabench_${room})
  add_library(${target} ${sources})
  add_library(lemmabench::${room} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${room})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(
    ${target}
    PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>" "$<BUILD_INTERFACE:${LEMMABENCH_GENERATED_DIR}>"
           "$<INSTALL_INTERFACE:include/lemmabench>")
  target_link_libraries(${target} PUBLIC ${arg_DEPENDS}
                        PRIVATE ${arg_PRIVATE_DEPENDS} "$<BUILD_INTERFACE:lemmabench_flags>")
  add_dependencies(${target} lemmabench_version)
  if(NOT arg_APART)
    lemmabench_unite(${target} ${sources})
  endif()
  list(LENGTH sources count)
  if(count GREATER 20) # parsing them once takes as long as three files
    lemmabench_precompile(${target} ${arg_PRECOMPILE})
  endif()

  if(LEMMABENCH_TESTS)
    lemmabench_add_tests(${room})
  endif()
endfunction()
