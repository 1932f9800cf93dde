# Everything found on the system; Debian's package names are in ./run. The installed package
# config repeats this list (cmake/lemmabenchConfig.cmake.in).

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# numerics
find_package(FLINT REQUIRED) # cmake/FindFLINT.cmake; brings GMP and MPFR
find_package(Boost 1.74 REQUIRED CONFIG)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt REQUIRED)

# cases
find_package(tomlplusplus REQUIRED)
find_package(ZLIB REQUIRED)

# harness
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLiteCpp REQUIRED)
find_package(TBB REQUIRED)
find_package(NLopt 2.7 REQUIRED CONFIG) # libnlopt-cxx-dev; nlopt.hpp needs the C library only

# reports: kainjow's mustache is one header without a package of its own
find_path(LEMMABENCH_MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp REQUIRED)

if(LEMMABENCH_TESTS)
  find_package(doctest REQUIRED)
endif()
if(LEMMABENCH_BENCH)
  find_package(benchmark QUIET) # libbenchmark-dev; without it there are no benchmarks
endif()
