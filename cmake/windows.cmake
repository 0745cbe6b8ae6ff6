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
  set(flavours irqscope irqscope-audio irqscope-wine)
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

# Console programs for beds without a JVM.
add_executable(probe ${driver}/probe/probe.c)
target_compile_options(probe PRIVATE ${warnings})
target_link_libraries(probe PRIVATE contract setupapi)
target_link_options(probe PRIVATE -s -static)

add_executable(wine-install ${CMAKE_CURRENT_SOURCE_DIR}/test-harness/beds/wine/install.c)
target_compile_options(wine-install PRIVATE ${warnings})
target_link_libraries(wine-install PRIVATE setupapi newdev)
target_link_options(wine-install PRIVATE -s -static)
set_target_properties(wine-install PROPERTIES OUTPUT_NAME install)
