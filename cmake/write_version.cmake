# Script: writes OUTPUT from TEMPLATE, with the version and what git says of SOURCE_DIR.
set(GIT_DESCRIBE "")
find_program(GIT git)
# Only the checkout's own repository counts: a release tarball unpacked inside some other
# repository must not claim that one's commit.
if(GIT AND EXISTS "${SOURCE_DIR}/.git")
  set(ENV{GIT_OPTIONAL_LOCKS} 0) # never take the index lock away from somebody's commit
  execute_process(
    COMMAND ${GIT} -C ${SOURCE_DIR} describe --always --tags --dirty --abbrev=12
    OUTPUT_VARIABLE GIT_DESCRIBE
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
configure_file("${TEMPLATE}" "${OUTPUT}" @ONLY)
