# Writes FILE, a header with the commit that is built, where it changed: run at each build, as a commit changes no other
# file. An archive that git made of SOURCE tells it, too. Empty where SOURCE is neither such an archive nor a clone of
# its own (a folder in someone's repository): nobody knows then.
set(commit "")
find_program(git git)
if(git)
  execute_process(COMMAND ${git} -C ${SOURCE} rev-parse --show-toplevel
                  OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  file(REAL_PATH ${SOURCE} source)
  if(top STREQUAL source)
    execute_process(COMMAND ${git} -C ${SOURCE} describe --always --dirty --exclude=* --abbrev=12
                    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()
file(STRINGS ${SOURCE}/cmake/archive.txt archived)  # git's place holders, or what an archive has in their place
if(archived MATCHES "^([0-9a-f]+) [0-9]+$")
  string(SUBSTRING ${CMAKE_MATCH_1} 0 12 commit)
endif()
file(CONFIGURE OUTPUT ${FILE} CONTENT "#pragma once\n#define NIB_COMMIT \"${commit}\"\n")
