# Tests of the driver's core: no kernel, no simulator. core-tests lists its tests by name.

set(core_here ${CMAKE_CURRENT_LIST_DIR})

file(GLOB core_tests CONFIGURE_DEPENDS ${core_here}/*_tests.c)
add_executable(core-tests ${core_here}/core_tests_main.c ${core_tests} $<TARGET_OBJECTS:core>)
target_compile_options(core-tests PRIVATE ${warnings})
target_include_directories(core-tests PRIVATE ${core_here} ${driver}/core ${driver}/contract)
target_link_libraries(core-tests PRIVATE Threads::Threads)
add_named_tests(core-tests)

# Whatever bytes a request has: seeded here; with libFuzzer as the file says.
add_executable(fuzz-requests ${core_here}/fuzz_requests.c $<TARGET_OBJECTS:core>)
target_compile_options(fuzz-requests PRIVATE ${warnings})
target_include_directories(fuzz-requests PRIVATE ${driver}/core ${driver}/contract)
add_test(NAME core/fuzz-requests COMMAND fuzz-requests)
set_tests_properties(core/fuzz-requests PROPERTIES TIMEOUT 60)

# What an event costs the ISR: at -O2 whatever the build type, so sources and not the core's objects. A sanitizer would
# be counted, too.
if(NOT IRQSCOPE_SANITIZE)
  add_executable(record-path ${core_here}/record-path.c ${driver}/core/slot.c ${driver}/core/ring.c)
  target_compile_options(record-path PRIVATE ${warnings} -O2)
  target_include_directories(record-path PRIVATE ${driver}/core ${driver}/contract)
  add_test(NAME core/record-path COMMAND sh ${core_here}/record-path.sh $<TARGET_FILE:record-path>)
  set_tests_properties(core/record-path PROPERTIES TIMEOUT 60 SKIP_RETURN_CODE 77)
endif()
