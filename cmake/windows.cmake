# The driver as a PE image by mingw-w64. Such a file is for Wine and for compile checks; one for a lab machine is built
# with the WDK from the same sources.

set(ddk /usr/share/mingw-w64/include/ddk CACHE PATH "Folder of mingw-w64's wdm.h")
if(CMAKE_SIZEOF_VOID_P EQUAL 8)
  set(entry DriverEntry)
else()
  set(entry _DriverEntry@8)
endif()

add_executable(irqscope-sys ${wdm_sources} $<TARGET_OBJECTS:core>)
set_target_properties(irqscope-sys PROPERTIES OUTPUT_NAME irqscope SUFFIX .sys)
# 0x0601: what mingw's headers call Windows 7, the first with processor groups; newer routines are looked up at start.
target_compile_definitions(irqscope-sys PRIVATE NT_PROCESSOR_GROUPS _WIN32_WINNT=0x0601)
target_compile_options(irqscope-sys PRIVATE ${warnings} -fno-strict-aliasing -fno-stack-protector)
target_include_directories(irqscope-sys PRIVATE ${driver}/wdm ${driver}/core)
# As system headers: a useless typedef in mingw's wdm.h would end the build.
target_include_directories(irqscope-sys SYSTEM PRIVATE ${ddk})
target_link_libraries(irqscope-sys PRIVATE contract ntoskrnl hal)
target_link_options(irqscope-sys PRIVATE -s -shared -nostdlib -Wl,--subsystem,native -Wl,--entry,${entry}
                    -Wl,--image-base,0x10000 -Wl,--dynamicbase,--nxcompat -Wl,--section-alignment,0x1000 -Wl,--exclude-all-symbols)

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
