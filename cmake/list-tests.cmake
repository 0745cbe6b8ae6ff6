# Writes the CTest file of one test program: a test for each line that `PROGRAM --list` prints.
execute_process(COMMAND ${PROGRAM} --list OUTPUT_VARIABLE names RESULT_VARIABLE result)
if(NOT result EQUAL 0 OR names STREQUAL "")
  message(FATAL_ERROR "${PROGRAM} --list: ${result}, no tests")
endif()
string(STRIP "${names}" names)
string(REPLACE "\n" ";" names "${names}")
set(text "")
foreach(name IN LISTS names)
  string(APPEND text "add_test(\"${NAME}/${name}\" \"${PROGRAM}\" \"${name}\")\n"
                     "set_tests_properties(\"${NAME}/${name}\" PROPERTIES TIMEOUT 60 SKIP_RETURN_CODE 77)\n")
endforeach()
file(WRITE ${LIST} "${text}")
