# Tests of the simulated kernel. Each program lists its tests by name.

# The interrupt machine alone: no kernel above it, only what platform.h asks for.
file(GLOB machine_tests CONFIGURE_DEPENDS ${sim}/tests/machine_*.c ${sim}/tests/layout_*.c)
add_executable(machine-tests ${sim}/tests/check.c ${machine_tests} $<TARGET_OBJECTS:machine>)
# NT declares its arrays of any size with one element, and tests name the others by constant indexes.
target_compile_options(machine-tests PRIVATE ${warnings} ${kernel_mode} -Wno-array-bounds)
target_include_directories(machine-tests PRIVATE ${sim}/tests ${sim}/machine ${sim}/include)
add_named_tests(machine-tests)

# The same layouts in headers that we did not write, for both widths.
set(ddk /usr/share/mingw-w64/include/ddk CACHE PATH "Folder of mingw-w64's wdm.h")
foreach(width x86_64 i686)
  find_program(MINGW_${width} ${width}-w64-mingw32-gcc)
  if(MINGW_${width})
    add_test(NAME layout-interrupt/${width} COMMAND ${MINGW_${width}} -fsyntax-only ${warnings} -DNT_PROCESSOR_GROUPS
             -D_WIN32_WINNT=0x0601 -isystem ${ddk} ${sim}/tests/layout_interrupt.c)
  else()
    message(STATUS "skipped: layout-interrupt/${width}, for want of ${width}-w64-mingw32-gcc (Debian: gcc-mingw-w64)")
  endif()
endforeach()

# The registry's tree and folder, over the same fixture.
add_executable(registry-tests ${sim}/tests/check.c ${sim}/tests/machine_fixture.c ${sim}/tests/registry_tests.c
                              ${sim}/src/cm.c ${sim}/src/cm_device.c ${sim}/src/cm_store.c $<TARGET_OBJECTS:machine>)
target_compile_options(registry-tests PRIVATE ${warnings} ${kernel_mode})
target_include_directories(registry-tests PRIVATE ${sim}/tests ${sim}/src ${sim}/machine ${sim}/include)
add_named_tests(registry-tests)

# The registry as a driver sees it: in a kernel whose driver is the test.
add_executable(zw-tests ${sim}/tests/check.c ${sim}/tests/zw_tests.c $<TARGET_OBJECTS:machine> $<TARGET_OBJECTS:kernel>
                        $<TARGET_OBJECTS:host> $<TARGET_OBJECTS:system>)
target_compile_options(zw-tests PRIVATE ${warnings} ${kernel_mode})
target_include_directories(zw-tests PRIVATE ${sim}/tests ${sim}/src ${sim}/host ${sim}/machine ${sim}/include)
target_link_libraries(zw-tests PRIVATE Threads::Threads)
add_named_tests(zw-tests)

# Device sets, restarts and keys as a client sees them: the library as it is shipped, with the driver in it.
add_executable(setup-tests ${sim}/tests/check.c ${sim}/tests/setup_tests.c)
target_compile_options(setup-tests PRIVATE ${warnings})
target_include_directories(setup-tests PRIVATE ${sim}/tests ${sim}/host)
target_link_libraries(setup-tests PRIVATE irqscope-sim)
add_named_tests(setup-tests)

# The kernel's own rules, I/O, PnP and power managers, under a driver whose parts the tests replace.
file(GLOB kernel_tests CONFIGURE_DEPENDS ${sim}/tests/kernel_*.c)
add_executable(kernel-tests ${sim}/tests/check.c ${kernel_tests} $<TARGET_OBJECTS:machine> $<TARGET_OBJECTS:kernel>
                            $<TARGET_OBJECTS:host> $<TARGET_OBJECTS:system>)
target_compile_options(kernel-tests PRIVATE ${warnings} ${kernel_mode})
target_include_directories(kernel-tests PRIVATE ${sim}/tests ${sim}/src ${sim}/host ${sim}/machine ${sim}/include)
target_link_libraries(kernel-tests PRIVATE Threads::Threads)
add_named_tests(kernel-tests)

# The driver, whole, seen from below: calls of it that matter go through the tests. Twice: with the port class, and plain.
set(driver_wraps BusRead BusWrite BusPortRead BusPortWrite DeviceConfigWrite IoConnectInterrupt IoConnectInterruptEx
    IoDisconnectInterrupt IoDisconnectInterruptEx KeSynchronizeExecution KeInsertQueueDpc KeRemoveQueueDpc KeFlushQueuedDpcs KeCancelTimer
    MmUnmapIoSpace ExFreePoolWithTag IofCompleteRequest IoDetachDevice IoDeleteDevice PcNewResourceList PcNewInterruptSync)
list(TRANSFORM driver_wraps PREPEND "-Wl,--wrap=")
function(add_driver_tests target)
  add_executable(${target} ${sim}/tests/check.c ${sim}/tests/driver_fixture.c ${ARGN} $<TARGET_OBJECTS:machine>
                           $<TARGET_OBJECTS:kernel> $<TARGET_OBJECTS:host> $<TARGET_OBJECTS:system>)
  target_compile_options(${target} PRIVATE ${warnings} ${kernel_mode})
  target_include_directories(${target} PRIVATE ${sim}/tests ${sim}/src ${sim}/pnp ${sim}/host ${sim}/machine ${sim}/include)
  target_link_libraries(${target} PRIVATE contract Threads::Threads)
  target_link_options(${target} PRIVATE ${driver_wraps})
  add_named_tests(${target})
endfunction()
add_driver_tests(driver-tests ${sim}/tests/driver_order.c ${sim}/tests/driver_stream.c ${sim}/tests/driver_portcls.c ${driver_image})
add_dependencies(driver-tests driver-image)

add_library(driver-plain OBJECT ${wdm_portcls_absent})
target_compile_options(driver-plain PRIVATE ${warnings} ${kernel_mode})
target_include_directories(driver-plain PRIVATE ${driver}/wdm ${sim}/include)
target_link_libraries(driver-plain PRIVATE core)
add_driver_image(driver_plain_image driver-plain-image $<TARGET_OBJECTS:core> $<TARGET_OBJECTS:driver-plain>
                 $<FILTER:$<TARGET_OBJECTS:driver-sim>,EXCLUDE,connect_portcls>)
add_dependencies(driver-plain-image driver-plain)
add_driver_tests(driver-plain-tests ${sim}/tests/driver_plain.c ${driver_plain_image})
add_dependencies(driver-plain-tests driver-plain-image)
