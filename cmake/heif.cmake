# Decides whether HEIC photos can be decoded, and says so in one line. It needs libheif's headers here, and the library
# itself where nib runs: that is loaded when the first such photo comes, as it brings encoders and decoders of video
# along.
#
#   NIB_HEIF  AUTO: where the headers are found; ON: stop where they are missing; OFF
#
# Sets NIB_HEIF_INCLUDE, empty where there is none.

set(NIB_HEIF AUTO CACHE STRING "Decode HEIC photos with libheif: AUTO (where its headers are), ON or OFF")
set_property(CACHE NIB_HEIF PROPERTY STRINGS AUTO ON OFF)
if(NIB_HEIF)
  find_path(NIB_HEIF_INCLUDE libheif/heif.h)
  mark_as_advanced(NIB_HEIF_INCLUDE)
endif()
# Earlier ones have not all that is used here.
if(NIB_HEIF_INCLUDE)
  file(STRINGS ${NIB_HEIF_INCLUDE}/libheif/heif_version.h heif_version REGEX "LIBHEIF_VERSION \"")
  string(REGEX MATCH "[0-9]+[.][0-9]+" heif_version "${heif_version}")
  if(heif_version VERSION_LESS 1.13)
    set(NIB_HEIF_INCLUDE "")
  endif()
endif()
if(NOT NIB_HEIF)
  set(NIB_HEIF_INCLUDE "")
  message(STATUS "libheif: not used (NIB_HEIF=OFF)")
elseif(NIB_HEIF_INCLUDE)
  message(STATUS "libheif: ${NIB_HEIF_INCLUDE}/libheif/heif.h")
elseif(NIB_HEIF STREQUAL "AUTO")
  set(NIB_HEIF_INCLUDE "")
  message(STATUS "libheif: headers of 1.13 or later are missing; HEIC photos will be refused by name")
else()
  message(FATAL_ERROR "NIB_HEIF=ON: the headers of libheif 1.13 or later are missing")
endif()
