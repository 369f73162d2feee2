# What others build on: the library, its two headers, and what finds them. `find_package(nib)` gives nib::nib, and
# `pkg-config nib` the same flags; both find all else from where they lie themselves, so any prefix will do.
include(CMakePackageConfigHelpers)
set(for_cmake ${CMAKE_INSTALL_LIBDIR}/cmake/nib)
set(for_pkg_config ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
set(generated ${PROJECT_BINARY_DIR}/generated/library)

install(TARGETS nib_library
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT libnib NAMELINK_COMPONENT libnib-dev)
install(FILES ${PROJECT_SOURCE_DIR}/include/nib/nib.h ${PROJECT_SOURCE_DIR}/include/nib/nib.hpp
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/nib COMPONENT libnib-dev)

# Not by install(EXPORT): that would have whoever uses nib find what nib is made with.
get_target_property(NIB_ABI nib_library SOVERSION)
foreach(file cmake pkg_config)
  file(RELATIVE_PATH up /${for_${file}} /)
  string(REGEX REPLACE "/$" "" NIB_PREFIX_FROM_${file} "${up}")
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/nibConfig.cmake.in ${generated}/nibConfig.cmake @ONLY)
configure_file(${CMAKE_CURRENT_LIST_DIR}/nib.pc.in ${generated}/nib.pc @ONLY)
# Before 1.0 each minor version may break its interface.
write_basic_package_version_file(${generated}/nibConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${generated}/nibConfig.cmake ${generated}/nibConfigVersion.cmake
        DESTINATION ${for_cmake} COMPONENT libnib-dev)
install(FILES ${generated}/nib.pc DESTINATION ${for_pkg_config} COMPONENT libnib-dev)
