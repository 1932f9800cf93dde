# Script: writes OUTPUT, a C++ header with the file in which each claim's record stands, read off the
# literal ids in FILES (separated by |, relative to ROOT).

string(REPLACE "|" ";" files "${FILES}")
set(rows "")
foreach(file IN LISTS files)
  file(READ "${ROOT}/${file}" text)
  string(
    REGEX MATCHALL
          "(id = |_claim\\(|record\\(|instances_of\\([a-z0-9_]+\\(\\),)[ \n]*\"[A-Z][0-9]+(-[a-z0-9]+)?\""
          found "${text}")
  foreach(one IN LISTS found)
    string(REGEX REPLACE ".*\"([^\"]+)\"" "\\1" id "${one}")
    string(APPEND rows "    {\"${id}\", \"${file}\"},\n")
  endforeach()
endforeach()
file(
  WRITE "${OUTPUT}"
  "#pragma once

#include <string_view>
#include <utility>

namespace lemmabench {

inline constexpr std::pair<std::string_view, std::string_view> kClaimFiles[] = {
${rows}};

}  // namespace lemmabench
")
