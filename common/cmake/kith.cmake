# The build functions of the project.

set(KITH_WARNINGS -Wall -Wextra -Wpedantic -Wshadow=local -Wnon-virtual-dtor)
# Optimised further, GCC 12 warns of what is not so; there warnings are only shown.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  list(APPEND KITH_WARNINGS -Werror)
endif()

# kith_library(NAME SOURCES… DEPS target…): a static library. Includes are written from
# the root of the project.
function(kith_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_compile_options(${name} PRIVATE ${KITH_WARNINGS})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${ARG_DEPS})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

# kith_layer(NAME SOURCES… DEPS target… [WITHOUT target…]): the static library of a layer of a
# service. It is also linked as a whole with nothing but its DEPS, so that a call of anything
# else does not link; nor may it call what is WITHOUT, though a layer below brings that along.
function(kith_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;WITHOUT" ${ARGN})
  kith_library(${name} SOURCES ${ARG_SOURCES} DEPS ${ARG_DEPS})
  if(KITH_SANITIZE)
    return()
  endif()
  add_executable(${name}_links ${PROJECT_SOURCE_DIR}/common/cmake/link_check.cc)
  set_target_properties(${name}_links PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  target_link_options(${name}_links PRIVATE -Wl,--strip-debug)
  target_link_libraries(${name}_links PRIVATE $<LINK_LIBRARY:WHOLE_ARCHIVE,${name}>)
  if(ARG_WITHOUT)
    list(TRANSFORM ARG_WITHOUT REPLACE "(.+)" "$<TARGET_FILE:\\1>")
    add_custom_command(TARGET ${name}_links POST_BUILD VERBATIM
      COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/common/cmake/no_calls.py
              --nm ${CMAKE_NM} $<TARGET_FILE:${name}> ${ARG_WITHOUT})
  endif()
endfunction()

# kith_binary(NAME SOURCES… DEPS target…): a program, in bin/.
function(kith_binary name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_options(${name} PRIVATE ${KITH_WARNINGS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPS})
  if(KITH_SANITIZE MATCHES thread)
    target_link_libraries(${name} PRIVATE kith_tsan_mutex)
  endif()
endfunction()

# Without it ThreadSanitizer does not see the locks of Abseil.
if(KITH_SANITIZE MATCHES thread)
  add_library(kith_tsan_mutex OBJECT ${PROJECT_SOURCE_DIR}/tests/support/tsan_mutex.cc)
  target_link_libraries(kith_tsan_mutex PUBLIC "-Wl,--no-as-needed" absl::synchronization dl)
endif()

# kith_test(NAME SOURCES… DEPS target… [TIMEOUT seconds] [LABELS label…]): a GoogleTest
# program that ctest runs. tests/data is its KITH_TEST_DATA.
function(kith_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS;LABELS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  if(KITH_SANITIZE)  # up to ten times slower
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 4")
  endif()
  kith_binary(${name} SOURCES ${ARG_SOURCES} DEPS ${ARG_DEPS} GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "KITH_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};KITH_SOURCE=${PROJECT_SOURCE_DIR}")
  # These load the machine or measure it: nothing else runs beside them.
  if("fault" IN_LIST ARG_LABELS OR "bench" IN_LIST ARG_LABELS)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()

# kith_migrations(TARGET NAMESPACE DIR): embeds the numbered DIR/NNNN_name.sql files and
# offers them as `<NAMESPACE>::Migrations()` in the header DIR/migrations.h.
function(kith_migrations target namespace dir)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.sql)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${dir}/migrations.cc)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} "-DFILES=${files}" -DNAMESPACE=${namespace}
            -P ${PROJECT_SOURCE_DIR}/common/cmake/embed_migrations.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/common/cmake/embed_migrations.cmake VERBATIM)
  kith_library(${target} SOURCES ${out} DEPS kith_common_db)
endfunction()
