# Two rules of the driver that no compiler checks, over its objects and its sources:
#   - no mutable global: several machines live in one process, and a driver object is what state hangs on;
#   - register and port access only in registers.c, the one file that another build replaces.
# Run as a test: cmake -DOBJECTS=<folder> -DSOURCES=<folder> -DSIZE=<size> -P check-driver.cmake

file(GLOB_RECURSE objects ${OBJECTS}/*.o ${OBJECTS}/*.obj)
if(NOT objects)
  message(FATAL_ERROR "no objects of the driver in ${OBJECTS}")
endif()
foreach(object IN LISTS objects)
  execute_process(COMMAND ${SIZE} -A -d ${object} OUTPUT_VARIABLE sections RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${SIZE} cannot read ${object}")
  endif()
  # .data.rel.ro is constant tables of pointers in position-independent code.
  if(sections MATCHES "\n\\.(data|bss|tdata|tbss)(\\.local)?[ ]+([1-9][0-9]*)")
    message(FATAL_ERROR "${object}: ${CMAKE_MATCH_3} bytes of mutable globals in .${CMAKE_MATCH_1}")
  endif()
endforeach()

file(GLOB sources ${SOURCES}/*.c ${SOURCES}/*.h)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME)
  if(name STREQUAL "registers.c")
    continue()
  endif()
  file(READ ${source} text)
  if(text MATCHES "(READ|WRITE)_(REGISTER|PORT)_[A-Z]+[ ]*\\(|__(in|out)(byte|word|dword)|__readmsr|__writemsr")
    message(FATAL_ERROR "${source}: ${CMAKE_MATCH_0} belongs in registers.c")
  endif()
endforeach()
list(LENGTH objects count)
message(STATUS "${count} objects without a mutable global; registers and ports only in registers.c")
