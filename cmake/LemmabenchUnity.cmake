# lemmabench_unite(<target> <source>...)
#
# Compiles the sources of one folder together, at most eight a unit: most of a file's compile time
# is reading headers, and files of a folder read the same ones. The whole build takes half the time;
# a changed file costs its unit, two to ten seconds. Names without linkage (`namespace {`) must
# therefore differ within a folder. Off in the presets of clang and tidy, where every file must find
# what it uses by its own includes.
option(LEMMABENCH_UNITY "Compile the files of a folder together" ON)

set(LEMMABENCH_UNITY_FILES 8)

function(lemmabench_unite target)
  if(NOT LEMMABENCH_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # It takes every file of a unit for a header, whose types must not use unnamed namespaces.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
  set(folders "")
  foreach(source IN LISTS ARGN)
    get_filename_component(folder "${source}" DIRECTORY)
    file(RELATIVE_PATH folder "${CMAKE_CURRENT_SOURCE_DIR}" "${folder}")
    string(REGEX REPLACE "[^a-zA-Z0-9]" "_" folder "of_${folder}")
    list(APPEND folders ${folder})
    list(APPEND files_${folder} "${source}")
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    # Units of equal size, so that none is a tail that one core waits for.
    list(LENGTH files_${folder} count)
    math(EXPR units "(${count} + ${LEMMABENCH_UNITY_FILES} - 1) / ${LEMMABENCH_UNITY_FILES}")
    set(index 0)
    foreach(source IN LISTS files_${folder})
      math(EXPR unit "${index} * ${units} / ${count}")
      set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${folder}_${unit}")
      math(EXPR index "${index} + 1")
    endforeach()
  endforeach()
endfunction()
