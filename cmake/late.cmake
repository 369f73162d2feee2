# For libraries that nib loads when it first calls them (base/late_library.h): tells `definitions` of the room by what
# name the system's loader knows the library, and where it is here.
#
#   nib_late_library(PREFIX file result)   PREFIX_LIBRARY_NAME and PREFIX_LIBRARY_FILE, as definitions, in `result`;
#                                          the name also as global property NIB_LATE_PREFIX, for the package

function(nib_late_library prefix file result)
  file(REAL_PATH ${file} file)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${file} OUTPUT_VARIABLE head ERROR_QUIET)
  if(NOT head MATCHES "SONAME +([^ \n]+)")
    message(FATAL_ERROR "${file} is no shared library that tells its name")
  endif()
  set_property(GLOBAL PROPERTY NIB_LATE_${prefix} ${CMAKE_MATCH_1})
  set(${result} ${prefix}_LIBRARY_NAME="${CMAKE_MATCH_1}" ${prefix}_LIBRARY_FILE="${file}" PARENT_SCOPE)
endfunction()
