# How every room is built: flags in one place, one target a room, tests found
# by ctest under the name of their folder.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(STEELYARD_BUILD_TESTS "Build the tests" ON)
set(STEELYARD_SANITIZE "" CACHE STRING "address,undefined or thread; empty for none")

# Same object for the same source wherever the checkout lies, so that ccache
# serves every build folder.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(STEELYARD_SANITIZE)
  add_compile_options(-fsanitize=${STEELYARD_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${STEELYARD_SANITIZE})
endif()

add_library(steelyard_flags INTERFACE)
target_compile_options(steelyard_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wunused -Wvla -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC bug 105651: optimized, it sees overlaps inside std::string that are not there.
  target_compile_options(steelyard_flags INTERFACE -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees these where they are not once it inlines std::string.
  target_compile_options(steelyard_flags INTERFACE -Wno-maybe-uninitialized -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(steelyard_flags INTERFACE -Wthread-safety)
endif()
target_include_directories(steelyard_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})

# steelyard_room(storage_model SRCS money.cc HDRS money.h DEPS storage_base)
# makes the library steelyard_storage_model, alias steelyard::storage_model.
# Plain DEPS name rooms; anything with :: is taken as it is.
function(steelyard_room name)
  cmake_parse_arguments(ROOM "" "" "SRCS;HDRS;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(steelyard_${name} STATIC ${ROOM_SRCS} ${ROOM_HDRS})
  set_target_properties(steelyard_${name} PROPERTIES LINKER_LANGUAGE CXX)
  add_library(steelyard::${name} ALIAS steelyard_${name})
  target_link_libraries(steelyard_${name} PRIVATE steelyard_flags)
  target_include_directories(steelyard_${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  _steelyard_link(steelyard_${name} PUBLIC ${ROOM_DEPS})
  _steelyard_link(steelyard_${name} PRIVATE ${ROOM_PRIVATE_DEPS})
endfunction()

function(steelyard_program name)
  cmake_parse_arguments(ROOM "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${ROOM_SRCS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  target_link_libraries(${name} PRIVATE steelyard_flags)
  _steelyard_link(${name} PRIVATE ${ROOM_DEPS})
endfunction()

# steelyard_test(storage_model LABEL unit SRCS money_test.cc DEPS storage_model)
# One binary a room; ctest names its cases and runs them under the label. SERIAL
# is for those that measure: nothing else runs meanwhile.
function(steelyard_test name)
  cmake_parse_arguments(ROOM "SERIAL" "LABEL;TIMEOUT" "SRCS;DEPS;ENVIRONMENT" ${ARGN})
  if(NOT ROOM_LABEL)
    set(ROOM_LABEL unit)
  endif()
  if(NOT ROOM_TIMEOUT)
    set(ROOM_TIMEOUT 120)
  endif()
  add_executable(${name}_test ${ROOM_SRCS})
  target_link_libraries(${name}_test PRIVATE steelyard_flags GTest::gmock GTest::gtest GTest::gtest_main)
  _steelyard_link(${name}_test PRIVATE ${ROOM_DEPS})
  gtest_discover_tests(${name}_test
    TEST_PREFIX "${name}."
    DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS "${ROOM_LABEL}" TIMEOUT ${ROOM_TIMEOUT} RUN_SERIAL ${ROOM_SERIAL}
               ENVIRONMENT "STEELYARD_SOURCE_DIR=${CMAKE_SOURCE_DIR};${ROOM_ENVIRONMENT}")
  # tests_unit, tests_contract, ...: build what one name of ./test runs.
  if(NOT TARGET tests_${ROOM_LABEL})
    add_custom_target(tests_${ROOM_LABEL})
  endif()
  add_dependencies(tests_${ROOM_LABEL} ${name}_test)
endfunction()

function(_steelyard_link target scope)
  foreach(dep IN LISTS ARGN)
    if(dep MATCHES "::")
      target_link_libraries(${target} ${scope} ${dep})
    else()
      target_link_libraries(${target} ${scope} steelyard::${dep})
    endif()
  endforeach()
endfunction()
