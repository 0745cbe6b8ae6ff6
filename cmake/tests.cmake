# Test programs list their tests with --list and run one by its name; CTest knows each by that name.

enable_testing()

function(add_named_tests target)
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${target}-tests.cmake)
  add_custom_command(TARGET ${target} POST_BUILD BYPRODUCTS ${list}
    COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${target}> -DNAME=${target} -DLIST=${list}
            -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/list-tests.cmake)
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${list})
endfunction()

# The core, alone.
include(${driver}/tests/tests.cmake OPTIONAL)

# The simulated kernel, under drivers of the tests' own.
include(${sim}/tests/tests.cmake OPTIONAL)

# The same questions, asked of the simulated kernel, of Wine and of Windows.
include(${CMAKE_CURRENT_SOURCE_DIR}/test-harness/conformance/conformance.cmake)
# The answers are compared by ConformanceTest; this one is for the sanitizers, and for the rest state at the end.
add_test(NAME conformance/sim COMMAND conformance --all)
set_tests_properties(conformance/sim PROPERTIES TIMEOUT 300)

# A sanitizer adds mutable globals of its own to every object.
if(NOT IRQSCOPE_SANITIZE)
  find_program(SIZE_TOOL NAMES size llvm-size REQUIRED)
  foreach(part core driver-sim)
    set(folder_core ${driver}/core)
    set(folder_driver-sim ${driver}/wdm)
    add_test(NAME gate/${part} COMMAND ${CMAKE_COMMAND} -DOBJECTS=${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${part}.dir
             -DSOURCES=${folder_${part}} -DSIZE=${SIZE_TOOL} -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/check-driver.cmake)
  endforeach()
endif()
