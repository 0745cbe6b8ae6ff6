# The simulated kernel and, in it, the driver: one library that a JVM loads.

set(kernel_mode -fshort-wchar -fno-strict-aliasing -fvisibility=hidden -DNT_PROCESSOR_GROUPS)
if(IRQSCOPE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()

# The driver's own sources with the simulator's wdm.h, as the driver would be built for Windows with Windows' own.
# With the port class: the simulator has it, and every way is asked for somewhere.
add_library(driver-sim OBJECT ${wdm_sources} ${wdm_portcls})
target_compile_options(driver-sim PRIVATE ${warnings} ${kernel_mode})
target_include_directories(driver-sim PRIVATE ${driver}/wdm ${sim}/include)
target_link_libraries(driver-sim PRIVATE core)

# The interrupt machine: freestanding, for it is linked over another kernel, too.
file(GLOB machine_sources CONFIGURE_DEPENDS ${sim}/machine/*.c)
add_library(machine OBJECT ${machine_sources})
target_compile_options(machine PRIVATE ${warnings} ${kernel_mode} -ffreestanding)
target_include_directories(machine PUBLIC ${sim}/machine ${sim}/include)

# The PnP manager's rules, which the machine brings along wherever it is linked; the kernel by prefix, and the Win32-shaped entry points.
file(GLOB kernel_sources CONFIGURE_DEPENDS ${sim}/src/*.c ${sim}/pnp/*.c)
add_library(kernel OBJECT ${kernel_sources})
target_compile_options(kernel PRIVATE ${warnings} ${kernel_mode})
target_include_directories(kernel PUBLIC ${sim}/src ${sim}/pnp)
target_link_libraries(kernel PUBLIC machine)

file(GLOB host_sources CONFIGURE_DEPENDS ${sim}/host/*.c)
# These see the system's headers, which know the names of NT, too: they are compiled apart, without the simulator's.
set(system_sources ${sim}/host/last_error.c ${sim}/host/threads.c)
list(REMOVE_ITEM host_sources ${system_sources})
add_library(system OBJECT ${system_sources})
target_compile_options(system PRIVATE ${warnings} -fvisibility=hidden)
add_library(host OBJECT ${host_sources})
target_compile_options(host PRIVATE ${warnings} ${kernel_mode})
target_include_directories(host PUBLIC ${sim}/host)
target_link_libraries(host PUBLIC kernel)

# The driver as one object that shows nothing but its entry point, as a .sys does: no name of it can meet one of the
# simulator's, and nothing of the simulator can reach inside.
function(add_driver_image variable name)
  set(image ${CMAKE_CURRENT_BINARY_DIR}/${name}${CMAKE_C_OUTPUT_EXTENSION})
  add_custom_command(OUTPUT ${image} COMMAND_EXPAND_LISTS VERBATIM
    COMMAND ${CMAKE_LINKER} -r -o ${image} ${ARGN}
    COMMAND ${CMAKE_OBJCOPY} --keep-global-symbol=DriverEntry ${image}
    DEPENDS ${ARGN})
  set_source_files_properties(${image} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  # A target of its own, so that it is made once for all that link it, and after its parts.
  add_custom_target(${name} DEPENDS ${image})
  add_dependencies(${name} core driver-sim)
  set(${variable} ${image} PARENT_SCOPE)
endfunction()
add_driver_image(driver_image driver-image $<TARGET_OBJECTS:core> $<TARGET_OBJECTS:driver-sim>)

find_package(Threads REQUIRED)
add_library(irqscope-sim SHARED ${driver_image} $<TARGET_OBJECTS:machine> $<TARGET_OBJECTS:kernel>
                                $<TARGET_OBJECTS:host> $<TARGET_OBJECTS:system>)
set_target_properties(irqscope-sim PROPERTIES LINKER_LANGUAGE C)
add_dependencies(irqscope-sim driver-image)
target_link_libraries(irqscope-sim PRIVATE Threads::Threads)
if(WIN32)
  set_target_properties(irqscope-sim PROPERTIES PREFIX "")
  target_sources(irqscope-sim PRIVATE ${sim}/host/irqscope-sim.def)
  target_link_options(irqscope-sim PRIVATE -s -static)
else()
  target_link_options(irqscope-sim PRIVATE -Wl,-z,defs -Wl,--as-needed)
endif()
# Into the jar goes what is installed: without symbols, a seventh of the size, because each start unpacks it.
install(TARGETS irqscope-sim LIBRARY DESTINATION . RUNTIME DESTINATION .)

if(NOT CMAKE_CROSSCOMPILING)
  include(cmake/tests.cmake)
endif()
