# Find FLINT with its ball arithmetic (Arb), in either of its two shapes:
#   FLINT 3 and later: one library, headers <flint/arb.h>
#   FLINT 2 + Arb 2:   libflint and libarb (Debian: libflint-arb), headers <arb.h>
#
# Sets FLINT_FOUND, FLINT_VERSION and FLINT_IS_3 and defines the imported targets
#   FLINT::FLINT (with the compile definition LEMMABENCH_FLINT3=1 for FLINT 3),
#   FLINT::MPFR and FLINT::GMP, on which it depends.

find_path(FLINT_INCLUDE_DIR flint/flint.h)
find_library(FLINT_LIBRARY flint)
find_path(FLINT_MPFR_INCLUDE_DIR mpfr.h)
find_library(FLINT_MPFR_LIBRARY mpfr)
find_path(FLINT_GMP_INCLUDE_DIR gmp.h)
find_library(FLINT_GMP_LIBRARY gmp)

set(FLINT_VERSION "")
set(FLINT_IS_3 FALSE)
if(FLINT_INCLUDE_DIR)
  file(STRINGS "${FLINT_INCLUDE_DIR}/flint/flint.h" _flint_version_line
       REGEX "^#define FLINT_VERSION +\"")
  string(REGEX MATCH "[0-9]+(\\.[0-9]+)*" FLINT_VERSION "${_flint_version_line}")
  if(EXISTS "${FLINT_INCLUDE_DIR}/flint/arb.h")
    set(FLINT_IS_3 TRUE)
  endif()
endif()

set(_flint_required FLINT_LIBRARY FLINT_INCLUDE_DIR FLINT_MPFR_LIBRARY FLINT_MPFR_INCLUDE_DIR
                    FLINT_GMP_LIBRARY FLINT_GMP_INCLUDE_DIR)
if(FLINT_INCLUDE_DIR AND NOT FLINT_IS_3)
  find_path(FLINT_ARB_INCLUDE_DIR arb.h)
  find_library(FLINT_ARB_LIBRARY NAMES flint-arb arb)
  list(APPEND _flint_required FLINT_ARB_LIBRARY FLINT_ARB_INCLUDE_DIR)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  FLINT
  REQUIRED_VARS ${_flint_required}
  VERSION_VAR FLINT_VERSION)
mark_as_advanced(${_flint_required})

if(FLINT_FOUND AND NOT TARGET FLINT::FLINT)
  add_library(FLINT::GMP UNKNOWN IMPORTED)
  set_target_properties(
    FLINT::GMP PROPERTIES IMPORTED_LOCATION "${FLINT_GMP_LIBRARY}"
                          INTERFACE_INCLUDE_DIRECTORIES "${FLINT_GMP_INCLUDE_DIR}")

  add_library(FLINT::MPFR UNKNOWN IMPORTED)
  set_target_properties(
    FLINT::MPFR
    PROPERTIES IMPORTED_LOCATION "${FLINT_MPFR_LIBRARY}"
               INTERFACE_INCLUDE_DIRECTORIES "${FLINT_MPFR_INCLUDE_DIR}"
               INTERFACE_LINK_LIBRARIES FLINT::GMP)

  add_library(FLINT::FLINT UNKNOWN IMPORTED)
  if(FLINT_IS_3)
    set_target_properties(
      FLINT::FLINT
      PROPERTIES IMPORTED_LOCATION "${FLINT_LIBRARY}"
                 INTERFACE_INCLUDE_DIRECTORIES "${FLINT_INCLUDE_DIR}"
                 INTERFACE_COMPILE_DEFINITIONS LEMMABENCH_FLINT3=1
                 INTERFACE_LINK_LIBRARIES FLINT::MPFR)
  else()
    # Arb stands on FLINT: its library first, for the static case.
    set_target_properties(
      FLINT::FLINT
      PROPERTIES IMPORTED_LOCATION "${FLINT_ARB_LIBRARY}"
                 INTERFACE_INCLUDE_DIRECTORIES "${FLINT_ARB_INCLUDE_DIR};${FLINT_INCLUDE_DIR}"
                 INTERFACE_LINK_LIBRARIES "${FLINT_LIBRARY};FLINT::MPFR")
  endif()
endif()
