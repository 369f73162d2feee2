# What `cpack` makes in a build folder: a Debian package of all that install rules bring. package_files.cmake, which
# CPack runs over the files before it packs them, makes of them what Debian expects, and finds out what it depends on.
set(CPACK_GENERATOR DEB)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/package_files.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "nib authors <nib@nib.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "trainer of the classic network for handwritten digits (MNIST)")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "nib trains and tests the classic convolutional network for handwritten digits
from the shell, follows Keras step by step, and reads digits in pictures. The
data set comes with it.

A GPU needs NVIDIA's driver, cuDNN 9 and cuBLAS for CUDA 13, which are no part
of Debian; without them the CPU computes.")

# What the program loads when it needs it, and no tool finds in it. Every training run draws pictures, with this font;
# the list of fonts that fontconfig's own package makes spares users without a home its complaint that it can keep none.
get_property(cairo GLOBAL PROPERTY NIB_LATE_CAIRO)
get_property(fontconfig GLOBAL PROPERTY NIB_LATE_FONTCONFIG)
set(libraries ${CMAKE_LIBRARY_ARCHITECTURE}/)
set(CPACK_NIB_NEEDED ${libraries}${cairo} ${libraries}${fontconfig} LiberationSans-Regular.ttf)
set(CPACK_DEBIAN_PACKAGE_DEPENDS fontconfig)
get_property(hdf5 GLOBAL PROPERTY NIB_LATE_HDF5)
set(CPACK_NIB_OPTIONAL "")
if(hdf5)
  list(APPEND CPACK_NIB_OPTIONAL ${libraries}${hdf5})
endif()
if(NIB_CURL_INCLUDE)
  list(APPEND CPACK_NIB_OPTIONAL ${libraries}libcurl.so.4)
endif()
if(NIB_HEIF_INCLUDE)
  list(APPEND CPACK_NIB_OPTIONAL ${libraries}libheif.so.1)
endif()
set(CPACK_NIB_LIBRARIES ${libraries})  # where those of other packages lie: there are others of the same names
# Libraries that are headers alone, and so part of the program: their licences come with it.
set(CPACK_NIB_HEADERS CLI/CLI.hpp nlohmann/json.hpp hwy/highway.h)

include(CPack)
