# `cmake --install`: the libraries with their public headers and CMake package, the program, the
# data.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(rooms numerics theory cases harness reports)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/lemmabench")

list(TRANSFORM rooms PREPEND lemmabench_ OUTPUT_VARIABLE targets)
install(TARGETS ${targets} EXPORT lemmabenchTargets)
if(TARGET lemmabench)
  install(TARGETS lemmabench)
endif()

# include/lemmabench is the include directory: "theory/process/schedule.hpp" there as here.
include(LemmabenchPublicHeaders)
lemmabench_closure(headers ${LEMMABENCH_PUBLIC_HEADERS})
foreach(header IN LISTS headers)
  get_filename_component(folder "${header}" DIRECTORY)
  install(FILES "${PROJECT_SOURCE_DIR}/${header}"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/lemmabench/${folder}")
endforeach()
install(FILES "${LEMMABENCH_GENERATED_DIR}/lemmabench_version.hpp"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/lemmabench")

if(EXISTS "${PROJECT_SOURCE_DIR}/cases/catalogue")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/cases/catalogue"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/lemmabench")
endif()

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/lemmabenchConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/lemmabenchConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/lemmabenchConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(EXPORT lemmabenchTargets NAMESPACE lemmabench:: DESTINATION "${package_dir}")
install(FILES "${PROJECT_BINARY_DIR}/lemmabenchConfig.cmake"
              "${PROJECT_BINARY_DIR}/lemmabenchConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FindFLINT.cmake"
        DESTINATION "${package_dir}")
