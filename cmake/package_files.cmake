# Run by CPack over the files that were installed for the package (see package.cmake), in the folder where they lie.
cmake_policy(VERSION 3.25)
set(root ${CPACK_TEMPORARY_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX})
set(documents ${root}/share/doc/nib)
set(ENV{LC_ALL} C)  # readelf's words

# nib_owners(RESULT FILE...): the packages of this machine that files of these names belong to. A file that belongs to
# none, as NVIDIA's own do, is left out.
function(nib_owners result)
  set(owners "")
  foreach(name IN LISTS ARGN)
    execute_process(COMMAND dpkg-query --search */${name} OUTPUT_VARIABLE lines ERROR_QUIET)
    string(REGEX MATCH "^[^:,\n]+" owner "${lines}")
    list(APPEND owners ${owner})
  endforeach()
  list(REMOVE_DUPLICATES owners)
  set(${result} ${owners} PARENT_SCOPE)
endfunction()

# The program needs what it is linked with. A module is loaded for those who have what it is for, and is only suggested.
file(GLOB_RECURSE files LIST_DIRECTORIES false ${root}/*)
set(programs "")
set(module_needs "")
foreach(file IN LISTS files)
  file(READ ${file} magic LIMIT 4 HEX)
  if(NOT magic STREQUAL 7f454c46)
    continue()
  endif()
  cmake_path(GET file PARENT_PATH folder)
  if(folder STREQUAL "${root}/lib/nib")
    execute_process(COMMAND readelf --dynamic ${file} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "Shared library: .[^]\n]+" lines "${text}")
    list(TRANSFORM lines REPLACE "Shared library: ." ${CPACK_NIB_LIBRARIES})
    list(APPEND module_needs ${lines})
  else()
    list(APPEND programs ${file})
  endif()
endforeach()

# dpkg-shlibdeps wants the folders of a source package around it.
set(around ${CPACK_TEMPORARY_DIRECTORY})
file(MAKE_DIRECTORY ${around}/debian ${around}/DEBIAN)
file(WRITE ${around}/debian/control "")
execute_process(COMMAND dpkg-shlibdeps -O ${programs} WORKING_DIRECTORY ${around} OUTPUT_VARIABLE linked
                OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE_RECURSE ${around}/debian ${around}/DEBIAN)
string(REGEX REPLACE "^shlibs:Depends=" "" linked "${linked}")
nib_owners(needed ${CPACK_NIB_NEEDED})
nib_owners(optional ${CPACK_NIB_OPTIONAL})
nib_owners(for_modules ${module_needs})
string(REGEX REPLACE "( [(][^)]*[)])?, *" ";" linked_alone "${linked},")
list(REMOVE_ITEM for_modules ${linked_alone})
list(PREPEND needed ${linked} ${CPACK_DEBIAN_PACKAGE_DEPENDS})
list(JOIN needed ", " CPACK_DEBIAN_PACKAGE_DEPENDS)
list(JOIN optional ", " CPACK_DEBIAN_PACKAGE_RECOMMENDS)
list(JOIN for_modules ", " CPACK_DEBIAN_PACKAGE_SUGGESTS)

# What links with a library of ours is told what it needs then, and the system's loader that there is one.
file(GLOB libraries ${root}/lib/*.so.* ${root}/lib/*/*.so.*)
set(names "")
foreach(library IN LISTS libraries)
  execute_process(COMMAND readelf --dynamic ${library} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  if(text MATCHES "soname: .([^]\n]+)[.]so[.]([0-9.]+)")
    list(APPEND names "${CMAKE_MATCH_1} ${CMAKE_MATCH_2} nib (>= ${CPACK_PACKAGE_VERSION})\n")
  endif()
endforeach()
if(names)
  list(REMOVE_DUPLICATES names)
  list(JOIN names "" names)
  file(WRITE ${CPACK_TOPLEVEL_DIRECTORY}/shlibs "${names}")
  file(WRITE ${CPACK_TOPLEVEL_DIRECTORY}/triggers "activate-noawait ldconfig\n")
  set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CPACK_TOPLEVEL_DIRECTORY}/shlibs ${CPACK_TOPLEVEL_DIRECTORY}/triggers)
endif()

# Where Debian wants things.
if(EXISTS ${root}/share/zsh/site-functions)
  file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions)
endif()
file(RENAME ${documents}/CHANGELOG.md ${documents}/changelog)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)  # of SOURCE_DATE_EPOCH, where it is set
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
file(WRITE ${documents}/changelog.Debian
"nib (${version}) unstable; urgency=medium

  * What changed is told in changelog.gz.

 -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${date}
")
file(GLOB pages ${root}/share/man/man*/*)
execute_process(COMMAND gzip -9 --no-name ${pages} ${documents}/changelog ${documents}/changelog.Debian
                COMMAND_ERROR_IS_FATAL ANY)

# Whose work it is.
file(READ ${documents}/LICENSE licence)
file(REMOVE ${documents}/LICENSE)
string(REGEX REPLACE "^[^\n]*\n\n[^\n]*\n\n" "" licence "${licence}")  # title and copyright: they stand above it
string(REGEX REPLACE "\n\n" "\n.\n" licence "${licence}")
string(REGEX REPLACE "\n(.)" "\n \\1" licence " ${licence}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright.in ${documents}/copyright @ONLY NO_SOURCE_PERMISSIONS)
nib_owners(headers ${CPACK_NIB_HEADERS})
foreach(package IN LISTS headers)
  file(COPY_FILE /usr/share/doc/${package}/copyright ${documents}/copyright.${package})
endforeach()

# When they were made is not in the package.
file(GLOB_RECURSE files LIST_DIRECTORIES true ${root} ${root}/*)
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND touch --no-dereference --date=@$ENV{SOURCE_DATE_EPOCH} ${root} ${files}
                  COMMAND_ERROR_IS_FATAL ANY)
endif()
