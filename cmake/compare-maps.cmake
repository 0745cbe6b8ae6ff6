# What two flavours were linked from, by their maps: every object of the driver in PLAIN but those of driver-hardware is
# in WINE, the very file, and WINE has no other object of the driver; PLAIN has nothing of the interrupt machine.
# cmake -DPLAIN=irqscope-sys.map -DWINE=irqscope-wine.map -P compare-maps.cmake

function(objects_of map result)
  file(STRINGS ${map} lines REGEX "^LOAD .*\\.obj$")
  list(TRANSFORM lines REPLACE "^LOAD " "")
  list(SORT lines)
  set(${result} ${lines} PARENT_SCOPE)
endfunction()

objects_of(${PLAIN} plain)
objects_of(${WINE} wine)
set(foreign ${plain})
list(FILTER foreign EXCLUDE REGEX "(core|driver-[a-z-]+)\\.dir/")
list(FILTER foreign INCLUDE REGEX "test-harness")
if(foreign)
  message(FATAL_ERROR "the driver was linked with ${foreign}")
endif()
list(FILTER plain INCLUDE REGEX "(core|driver-windows|driver-portcls-absent)\\.dir/")
set(shared ${wine})
list(FILTER shared INCLUDE REGEX "(core|driver-[a-z-]+)\\.dir/")
list(LENGTH plain count)
if(count EQUAL 0 OR NOT plain STREQUAL shared)
  message(FATAL_ERROR "irqscope-wine.sys has other objects of the driver than irqscope.sys:\n${plain}\n${shared}")
endif()
message(STATUS "${count} objects of the driver are the same files in irqscope.sys and irqscope-wine.sys")
