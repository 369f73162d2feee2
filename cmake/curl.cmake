# Decides whether nib data fetch can fetch, and says so in one line. It needs libcurl's headers here, and the library
# itself where nib runs: that is loaded when it is asked for, as it brings some thirty others along.
#
#   NIB_CURL  AUTO: where the headers are found; ON: stop where they are missing; OFF
#
# Sets NIB_CURL_INCLUDE, empty where there is none.

set(NIB_CURL AUTO CACHE STRING "Build nib data fetch with libcurl: AUTO (where its headers are), ON or OFF")
set_property(CACHE NIB_CURL PROPERTY STRINGS AUTO ON OFF)
if(NIB_CURL)
  find_path(NIB_CURL_INCLUDE curl/curl.h)
  mark_as_advanced(NIB_CURL_INCLUDE)
endif()
if(NOT NIB_CURL)
  set(NIB_CURL_INCLUDE "")
  message(STATUS "libcurl: not used (NIB_CURL=OFF)")
elseif(NIB_CURL_INCLUDE)
  message(STATUS "libcurl: ${NIB_CURL_INCLUDE}/curl/curl.h")
elseif(NIB_CURL STREQUAL "AUTO")
  set(NIB_CURL_INCLUDE "")
  message(STATUS "libcurl: its headers are missing; nib data fetch will only print addresses")
else()
  message(FATAL_ERROR "NIB_CURL=ON: the headers of libcurl are missing")
endif()
