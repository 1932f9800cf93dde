# lemmabench_embed(<target> SYMBOL <name> FILES <file>...)
#
# Compiles the files into the target as text. The generated header "<name>.hpp" declares
#   namespace lemmabench { struct EmbeddedFile; std::span<const EmbeddedFile> <name>(); }
# with the files sorted by name, so that the binary needs no data directory to run.
function(lemmabench_embed target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SYMBOL" "FILES")
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/embedded")
  set(source "${directory}/${arg_SYMBOL}.cpp")
  set(header "${directory}/${arg_SYMBOL}.hpp")
  add_custom_command(
    OUTPUT "${source}" "${header}"
    COMMAND "${CMAKE_COMMAND}" "-DSYMBOL=${arg_SYMBOL}" "-DSOURCE=${source}" "-DHEADER=${header}"
            "-DFILES=${arg_FILES}" -P "${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake"
    DEPENDS ${arg_FILES} "${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake"
    COMMENT "Embedding ${arg_SYMBOL}"
    VERBATIM)
  target_sources(${target} PRIVATE "${source}" "${header}")
  target_include_directories(${target} PRIVATE "${directory}")
endfunction()
