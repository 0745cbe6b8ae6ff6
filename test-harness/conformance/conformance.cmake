# The conformance driver and its runner: one program over the simulated kernel, and conformance.sys with conformance.exe.

set(conformance ${CMAKE_CURRENT_SOURCE_DIR}/test-harness/conformance)
file(GLOB conformance_driver CONFIGURE_DEPENDS ${conformance}/driver/*.c)
file(GLOB conformance_runner CONFIGURE_DEPENDS ${conformance}/runner/*.c)
set(conformance_sim ${conformance}/runner/world_sim.c)
set(conformance_windows ${conformance}/runner/world_windows.c)
list(REMOVE_ITEM conformance_runner ${conformance_sim} ${conformance_windows})

if(WIN32)
  add_executable(conformance-sys ${conformance_driver})
  set_target_properties(conformance-sys PROPERTIES OUTPUT_NAME conformance SUFFIX .sys)
  target_compile_definitions(conformance-sys PRIVATE NT_PROCESSOR_GROUPS _WIN32_WINNT=0x0601)
  target_compile_options(conformance-sys PRIVATE ${warnings} -ffreestanding -fno-strict-aliasing -fno-stack-protector)
  target_include_directories(conformance-sys SYSTEM PRIVATE ${ddk})
  target_link_libraries(conformance-sys PRIVATE ntoskrnl hal)
  target_link_options(conformance-sys PRIVATE -s -shared -nostdlib -Wl,--subsystem,native -Wl,--entry,DriverEntry
                      -Wl,--image-base,0x10000 -Wl,--dynamicbase,--nxcompat -Wl,--section-alignment,0x1000
                      -Wl,--exclude-all-symbols)
  add_executable(conformance ${conformance_runner} ${conformance_windows})
  target_compile_options(conformance PRIVATE ${warnings} -D__USE_MINGW_ANSI_STDIO=1)
  target_link_libraries(conformance PRIVATE setupapi newdev)
  target_link_options(conformance PRIVATE -s -static)
else()
  add_library(conformance-driver OBJECT ${conformance_driver})
  target_compile_options(conformance-driver PRIVATE ${warnings} ${kernel_mode})
  target_include_directories(conformance-driver PRIVATE ${sim}/include)
  # As the real driver: one object that shows nothing but its entry point.
  set(conformance_image ${CMAKE_CURRENT_BINARY_DIR}/conformance-image${CMAKE_C_OUTPUT_EXTENSION})
  add_custom_command(OUTPUT ${conformance_image} COMMAND_EXPAND_LISTS VERBATIM
    COMMAND ${CMAKE_LINKER} -r -o ${conformance_image} $<TARGET_OBJECTS:conformance-driver>
    COMMAND ${CMAKE_OBJCOPY} --keep-global-symbol=DriverEntry ${conformance_image}
    DEPENDS $<TARGET_OBJECTS:conformance-driver>)
  set_source_files_properties(${conformance_image} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  add_executable(conformance ${conformance_runner} ${conformance_sim} ${conformance_image} $<TARGET_OBJECTS:machine>
                             $<TARGET_OBJECTS:kernel> $<TARGET_OBJECTS:host> $<TARGET_OBJECTS:system>)
  add_dependencies(conformance conformance-driver)
  target_compile_options(conformance PRIVATE ${warnings})
  target_include_directories(conformance PRIVATE ${sim}/host)
  target_link_libraries(conformance PRIVATE Threads::Threads)
endif()
