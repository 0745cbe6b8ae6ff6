# The driver as a PE image by mingw-w64. Such a file is for Wine and for compile checks; one for a lab machine is built
# with the WDK from the same sources.

set(ddk /usr/share/mingw-w64/include/ddk CACHE PATH "Folder of mingw-w64's wdm.h")

# Objects of the driver, as the images below share them. 0x0601: what mingw's headers call Windows 7, the first with
# processor groups; newer routines are looked up at start.
function(irqscope_objects target)
  add_library(${target} OBJECT ${ARGN})
  target_compile_definitions(${target} PRIVATE NT_PROCESSOR_GROUPS _WIN32_WINNT=0x0601)
  target_compile_options(${target} PRIVATE ${warnings} -fno-strict-aliasing -fno-stack-protector)
  target_include_directories(${target} PRIVATE ${driver}/wdm ${driver}/core)
  # As system headers: a useless typedef in mingw's wdm.h would end the build.
  target_include_directories(${target} SYSTEM PRIVATE ${ddk})
  target_link_libraries(${target} PRIVATE contract)
endfunction()

# The version resource: one source, which a number tells the flavour.
enable_language(RC)
function(irqscope_version_resource target file)
  set(flavours irqscope irqscope-audio irqscope-wine irqscope-wine-audio)
  list(FIND flavours ${file} flavour)
  target_sources(${target} PRIVATE ${driver}/wdm/irqscope.rc)
  target_compile_definitions(${target} PRIVATE $<$<COMPILE_LANGUAGE:RC>:IRQSCOPE_FLAVOUR=${flavour}>)
  target_include_directories(${target} PRIVATE ${driver}/wdm)
endfunction()

# irqscope_driver(TARGET FILE [ENTRY name] OBJECTS target... [LIBRARIES library...]): one flavour of the driver, FILE.sys.
# A flavour is a choice of objects at link time, nothing else. Its map, TARGET.map, tells what was linked.
function(irqscope_driver target file)
  cmake_parse_arguments(FLAVOUR "" "ENTRY" "OBJECTS;LIBRARIES" ${ARGN})
  if(NOT FLAVOUR_ENTRY)
    set(FLAVOUR_ENTRY DriverEntry)
  endif()
  if(CMAKE_SIZEOF_VOID_P EQUAL 4)
    set(FLAVOUR_ENTRY _${FLAVOUR_ENTRY}@8)
  endif()
  set(objects ${FLAVOUR_OBJECTS})
  list(TRANSFORM objects REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>")
  add_executable(${target} ${objects})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${file} SUFFIX .sys LINKER_LANGUAGE C)
  irqscope_version_resource(${target} ${file})
  target_link_libraries(${target} PRIVATE ${FLAVOUR_LIBRARIES} ntoskrnl hal)
  target_link_options(${target} PRIVATE -s -shared -nostdlib -Wl,--subsystem,native -Wl,--entry,${FLAVOUR_ENTRY}
                      -Wl,--image-base,0x10000 -Wl,--dynamicbase,--nxcompat -Wl,--section-alignment,0x1000
                      -Wl,--exclude-all-symbols -Wl,-Map,${CMAKE_CURRENT_BINARY_DIR}/${target}.map)
endfunction()

# The two files that compilers turn into instructions have objects of their own: another build replaces them.
set(hardware_sources ${driver}/wdm/registers.c ${driver}/wdm/processor.c)
set(shared_sources ${wdm_sources})
list(REMOVE_ITEM shared_sources ${hardware_sources})
irqscope_objects(driver-windows ${shared_sources})
irqscope_objects(driver-hardware ${hardware_sources})
irqscope_objects(driver-portcls-absent ${wdm_portcls_absent})
irqscope_driver(irqscope-sys irqscope OBJECTS core driver-windows driver-hardware driver-portcls-absent)

# The flavour with the port class: one object differs, and it alone imports portcls.sys. mingw-w64 has no import library
# for that; one is made from the names, which on x86 tell a linker, but no loader, how long the arguments are.
irqscope_objects(driver-portcls ${wdm_portcls})
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  set(portcls_suffix @20)
endif()
set(portcls_def ${CMAKE_CURRENT_BINARY_DIR}/portcls.def)
set(portcls_library ${CMAKE_CURRENT_BINARY_DIR}/libportcls.a)
file(CONFIGURE OUTPUT ${portcls_def} @ONLY CONTENT
     "LIBRARY portcls.sys\nEXPORTS\nPcNewInterruptSync@portcls_suffix@\nPcNewResourceList@portcls_suffix@\n")
add_custom_command(OUTPUT ${portcls_library} VERBATIM
                   COMMAND ${CMAKE_DLLTOOL} -k -d ${portcls_def} -l ${portcls_library} DEPENDS ${portcls_def})
add_custom_target(portcls-library DEPENDS ${portcls_library})
irqscope_driver(irqscope-audio irqscope-audio OBJECTS core driver-windows driver-hardware driver-portcls
                LIBRARIES ${portcls_library})
add_dependencies(irqscope-audio portcls-library)

# The same driver objects over Wine: the interrupt machine and its PnP rules in the place of what Wine lacks.
if(CMAKE_SIZEOF_VOID_P EQUAL 8)
  set(wine_port ${CMAKE_CURRENT_SOURCE_DIR}/test-harness/beds/wine/port)
  file(GLOB machine_over_wine CONFIGURE_DEPENDS ${sim}/machine/*.c ${sim}/pnp/*.c ${wine_port}/*.c)
  irqscope_objects(machine-wine ${machine_over_wine})
  # These make the header's routines ones that are defined here instead of imported.
  target_compile_definitions(machine-wine PRIVATE _NTOSKRNL_ _NTHALDLL_)
  target_compile_options(machine-wine PRIVATE -ffreestanding)
  target_include_directories(machine-wine PRIVATE ${sim}/machine ${sim}/pnp)
  set_source_files_properties(${sim}/machine/portcls.c ${sim}/machine/portcls_list.c ${wine_port}/portclass.c
                              PROPERTIES COMPILE_OPTIONS "-include;${wine_port}/mingw_portcls.h")
  foreach(names wine wine_hal)
    set(library ${CMAKE_CURRENT_BINARY_DIR}/lib${names}-names.a)
    add_custom_command(OUTPUT ${library} DEPENDS ${wine_port}/${names}.def VERBATIM
                       COMMAND ${CMAKE_DLLTOOL} -d ${wine_port}/${names}.def -l ${library})
    list(APPEND wine_names ${library})
  endforeach()
  add_custom_target(wine-names DEPENDS ${wine_names})
  # irqscope_over_wine(TARGET PLAIN PORTCLS): TARGET.sys is PLAIN, the flavour that a lab installs, its very objects, over Wine; and nothing of
  # the machine in the one that a lab installs.
  function(irqscope_over_wine target plain portcls)
    irqscope_driver(${target} ${target} ENTRY PortEntry OBJECTS core driver-windows ${portcls} machine-wine
                    LIBRARIES ${wine_names})
    add_dependencies(${target} wine-names ${plain})
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      COMMAND ${CMAKE_COMMAND} -DPLAIN=${CMAKE_CURRENT_BINARY_DIR}/${plain}.map
              -DWINE=${CMAKE_CURRENT_BINARY_DIR}/${target}.map -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/compare-maps.cmake)
  endfunction()
  irqscope_over_wine(irqscope-wine irqscope-sys driver-portcls-absent)
  irqscope_over_wine(irqscope-wine-audio irqscope-audio driver-portcls)
endif()

# Console programs for beds without a JVM.
add_executable(probe ${driver}/probe/probe.c)
target_compile_options(probe PRIVATE ${warnings})
target_link_libraries(probe PRIVATE contract setupapi)
target_link_options(probe PRIVATE -s -static)

foreach(tool install control hold)
  add_executable(wine-${tool} ${CMAKE_CURRENT_SOURCE_DIR}/test-harness/beds/wine/${tool}.c)
  target_compile_options(wine-${tool} PRIVATE ${warnings})
  target_link_libraries(wine-${tool} PRIVATE contract setupapi newdev)
  target_link_options(wine-${tool} PRIVATE -s -static)
  set_target_properties(wine-${tool} PROPERTIES OUTPUT_NAME ${tool})
endforeach()

# The same questions, asked of Wine and of Windows.
if(CMAKE_SIZEOF_VOID_P EQUAL 8)
  include(${CMAKE_CURRENT_SOURCE_DIR}/test-harness/conformance/conformance.cmake)
endif()
