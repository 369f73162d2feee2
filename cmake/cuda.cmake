# Decides whether the CUDA engine is built, and says so in one line. The engine needs nvcc, cuDNN and cuBLAS; without
# one of them the build goes on without it.
#
#   NIB_CUDA                AUTO: where everything is found; ON: stop where something is missing; OFF
#   NIB_CUDA_ARCHITECTURES  what kernels are compiled for; AUTO: see gpu_targets.cmake, decided once in a build folder
#   NIB_CUDA_PORTABLE  ON: what is built is for other machines: AUTO means all GPUs then, and no folder of this machine
#                      becomes part of the program
#   NIB_CUDNN_ROOT, NIB_CUBLAS_ROOT  folders with include/ and lib/ (or lib64/), looked into first
#
# Sets NIB_CUDA_FOUND, the targets nib::cudnn and nib::cublas, NIB_CUDA_VERSION (1000 major + 10 minor, as the driver
# counts), NIB_CUDNN_MAJOR, NIB_CUBLAS_MAJOR and NIB_CUDA_LIBRARY_FOLDERS (where the two libraries lie).

set(NIB_CUDA AUTO CACHE STRING "Build the CUDA engine: AUTO (where its libraries are), ON or OFF")
set_property(CACHE NIB_CUDA PROPERTY STRINGS AUTO ON OFF)
set(NIB_CUDA_ARCHITECTURES AUTO CACHE STRING
    "GPU architectures to compile kernels for: NN-real (machine code), NN-virtual (PTX for later ones), or AUTO")
option(NIB_CUDA_PORTABLE "Build the CUDA engine for other machines than this one" OFF)
set(NIB_CUDNN_ROOT "" CACHE PATH "Folder of cuDNN: include/ and lib/ in it")
set(NIB_CUBLAS_ROOT "" CACHE PATH "Folder of cuBLAS: include/ and lib/ in it")

set(NIB_CUDA_FOUND FALSE)
set(NIB_CUDNN_MAJOR 9)
set(NIB_CUDA_LIBRARY_FOLDERS "")

include(${CMAKE_CURRENT_LIST_DIR}/gpu_targets.cmake)
set(why "NIB_CUDA_ARCHITECTURES")
if(NIB_CUDA_PORTABLE AND NIB_CUDA_ARCHITECTURES STREQUAL "AUTO")
  set(NIB_CUDA_ARCHITECTURES ${NIB_ALL_GPU_TARGETS})
  set(why "NIB_CUDA_PORTABLE")
endif()
foreach(architecture IN LISTS NIB_CUDA_ARCHITECTURES)
  if(NOT NIB_CUDA_ARCHITECTURES STREQUAL "AUTO" AND NOT architecture MATCHES "^[0-9]+-(real|virtual)$")
    message(FATAL_ERROR "NIB_CUDA_ARCHITECTURES: expected entries such as 90-real or 120-virtual, got \"${architecture}\"")
  endif()
endforeach()

# The folders that Python finds its packages in: NVIDIA's wheels lie in nvidia/ below them.
function(nib_python_folders result)
  find_program(NIB_PYTHON python3)
  mark_as_advanced(NIB_PYTHON)
  set(folders "")
  if(NIB_PYTHON)
    execute_process(COMMAND ${NIB_PYTHON} -c "import sys; print(';'.join(filter(None, sys.path)))"
                    OUTPUT_VARIABLE folders OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  set(${result} "${folders}" PARENT_SCOPE)
endfunction()

# nib_find_nvidia_library(NAME cudnn TITLE cuDNN HEADER cudnn.h VERSION_HEADER cudnn_version.h VERSION_PREFIX CUDNN_
#                         LAST_FIELD PATCHLEVEL MAJOR 9 WHEEL nvidia/cudnn): makes the target nib::NAME, or appends to
# NIB_CUDA_MISSING what there is to say. Wheels have the library under its SONAME alone.
function(nib_find_nvidia_library)
  cmake_parse_arguments(PART "" "NAME;TITLE;HEADER;VERSION_HEADER;VERSION_PREFIX;LAST_FIELD;MAJOR;WHEEL" "" ${ARGN})
  string(TOUPPER ${PART_NAME} upper)
  nib_python_folders(python_folders)
  list(TRANSFORM python_folders APPEND "/${PART_WHEEL}" OUTPUT_VARIABLE wheels)
  find_path(NIB_${upper}_INCLUDE ${PART_HEADER} HINTS ${NIB_${upper}_ROOT} ${CUDAToolkit_LIBRARY_ROOT} PATHS ${wheels}
            PATH_SUFFIXES include)
  find_library(NIB_${upper}_LIBRARY NAMES lib${PART_NAME}.so.${PART_MAJOR} ${PART_NAME}
               HINTS ${NIB_${upper}_ROOT} ${CUDAToolkit_LIBRARY_ROOT} PATHS ${wheels} PATH_SUFFIXES lib lib64)
  mark_as_advanced(NIB_${upper}_INCLUDE NIB_${upper}_LIBRARY)
  if(NOT NIB_${upper}_INCLUDE OR NOT NIB_${upper}_LIBRARY)
    list(APPEND NIB_CUDA_MISSING "${PART_TITLE} ${PART_MAJOR}")
    set(NIB_CUDA_MISSING ${NIB_CUDA_MISSING} PARENT_SCOPE)
    return()
  endif()

  file(READ ${NIB_${upper}_INCLUDE}/${PART_VERSION_HEADER} text)
  set(numbers "")
  foreach(field MAJOR MINOR ${PART_LAST_FIELD})
    string(REGEX MATCH "#define +${PART_VERSION_PREFIX}${field} +([0-9]+)" ignored "${text}")
    list(APPEND numbers "${CMAKE_MATCH_1}")
  endforeach()
  list(GET numbers 0 major)
  list(JOIN numbers "." version)
  if(NOT major STREQUAL PART_MAJOR)
    list(APPEND NIB_CUDA_MISSING "${PART_TITLE} ${PART_MAJOR} (${NIB_${upper}_INCLUDE} has ${version})")
    set(NIB_CUDA_MISSING ${NIB_CUDA_MISSING} PARENT_SCOPE)
    return()
  endif()

  add_library(nib::${PART_NAME} UNKNOWN IMPORTED)
  set_target_properties(nib::${PART_NAME} PROPERTIES IMPORTED_LOCATION ${NIB_${upper}_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${NIB_${upper}_INCLUDE})
  cmake_path(GET NIB_${upper}_LIBRARY PARENT_PATH folder)
  set(NIB_CUDA_PARTS ${NIB_CUDA_PARTS} "${PART_TITLE} ${version} (${folder})" PARENT_SCOPE)
  set(NIB_CUDA_LIBRARY_FOLDERS ${NIB_CUDA_LIBRARY_FOLDERS} ${folder} PARENT_SCOPE)
endfunction()

set(NIB_CUDA_MISSING "")
set(NIB_CUDA_PARTS "")
if(NIB_CUDA)
  if(DEFINED ENV{CUDACXX})
    set(NIB_NVCC $ENV{CUDACXX} CACHE FILEPATH "The CUDA compiler")
  endif()
  find_program(NIB_NVCC nvcc HINTS ENV CUDA_HOME ENV CUDA_PATH PATHS /usr/local/cuda PATH_SUFFIXES bin)
  mark_as_advanced(NIB_NVCC)
  if(NIB_NVCC AND NOT CMAKE_CUDA_COMPILER)
    # A compiler that does not work is told as missing; enable_language() alone would end the configuration.
    unset(CMAKE_CUDA_COMPILER CACHE)
    set(ENV{CUDACXX} ${NIB_NVCC})
    if(NOT DEFINED CMAKE_CUDA_HOST_COMPILER AND NOT DEFINED ENV{CUDAHOSTCXX})
      set(CMAKE_CUDA_HOST_COMPILER ${CMAKE_CXX_COMPILER} CACHE FILEPATH "The host compiler of nvcc")
    endif()
    include(CheckLanguage)
    check_language(CUDA)
  endif()
  if(NOT NIB_NVCC)
    list(APPEND NIB_CUDA_MISSING "nvcc")
  elseif(NOT CMAKE_CUDA_COMPILER)
    list(APPEND NIB_CUDA_MISSING "an nvcc that works (${NIB_NVCC} with ${CMAKE_CUDA_HOST_COMPILER} does not)")
    unset(CMAKE_CUDA_COMPILER CACHE)
  else()
    if(NIB_CUDA_ARCHITECTURES STREQUAL "AUTO")
      if(NOT NIB_GPU_TARGETS)
        find_program(smi nvidia-smi NO_CACHE)
        nib_gpu_targets(targets why ${NIB_NVCC} "${smi}")
        set(NIB_GPU_TARGETS ${targets} CACHE INTERNAL "What AUTO stands for in NIB_CUDA_ARCHITECTURES")
        set(NIB_GPU_TARGETS_WHY ${why} CACHE INTERNAL "Why")
      endif()
      set(NIB_CUDA_ARCHITECTURES ${NIB_GPU_TARGETS})
      set(why ${NIB_GPU_TARGETS_WHY})
    endif()
    set(CMAKE_CUDA_ARCHITECTURES ${NIB_CUDA_ARCHITECTURES})
    enable_language(CUDA)
    if(NOT DEFINED CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 does not know yet that nvcc takes C++20
      set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    endif()
    find_package(CUDAToolkit REQUIRED)
    cmake_path(GET CMAKE_CUDA_COMPILER PARENT_PATH folder)
    list(APPEND NIB_CUDA_PARTS "nvcc ${CMAKE_CUDA_COMPILER_VERSION} (${folder})")
    if(CMAKE_CUDA_COMPILER_VERSION VERSION_LESS 13.0)
      list(APPEND NIB_CUDA_MISSING "nvcc 13.0 or later")
    endif()
    math(EXPR NIB_CUDA_VERSION "1000 * ${CUDAToolkit_VERSION_MAJOR} + 10 * ${CUDAToolkit_VERSION_MINOR}")
    set(NIB_CUBLAS_MAJOR ${CUDAToolkit_VERSION_MAJOR})
  endif()
  if(CMAKE_CUDA_COMPILER)
    nib_find_nvidia_library(NAME cudnn TITLE cuDNN HEADER cudnn.h VERSION_HEADER cudnn_version.h VERSION_PREFIX CUDNN_
                            LAST_FIELD PATCHLEVEL MAJOR ${NIB_CUDNN_MAJOR} WHEEL nvidia/cudnn)
    nib_find_nvidia_library(NAME cublas TITLE cuBLAS HEADER cublas_v2.h VERSION_HEADER cublas_api.h
                            VERSION_PREFIX CUBLAS_VER_ LAST_FIELD PATCH MAJOR ${NIB_CUBLAS_MAJOR}
                            WHEEL nvidia/cu${NIB_CUBLAS_MAJOR})
  endif()
  if(NOT NIB_CUDA_MISSING)
    set(NIB_CUDA_FOUND TRUE)
    list(REMOVE_DUPLICATES NIB_CUDA_LIBRARY_FOLDERS)
    if(NIB_CUDA_PORTABLE)
      set(NIB_CUDA_LIBRARY_FOLDERS "")
    endif()
  endif()
endif()

if(NOT NIB_CUDA_FOUND)
  # What the engine is written for: the program tells what it would need.
  set(NIB_CUDA_VERSION 13000)
  set(NIB_CUBLAS_MAJOR 13)
  set(NIB_CUDA_LIBRARY_FOLDERS "")
  if(NIB_CUDA_ARCHITECTURES STREQUAL "AUTO")
    set(NIB_CUDA_ARCHITECTURES ${NIB_ALL_GPU_TARGETS})
  endif()
endif()

list(JOIN NIB_CUDA_PARTS ", " parts)
list(JOIN NIB_CUDA_MISSING ", " missing)
if(NIB_CUDA_FOUND)
  list(JOIN NIB_CUDA_ARCHITECTURES " " architectures)
  message(STATUS "CUDA: ${parts}; for ${architectures} (${why})")
elseif(NOT NIB_CUDA)
  message(STATUS "CUDA: not built (NIB_CUDA=OFF)")
else()
  set(line "not built; missing: ${missing}")
  if(parts)
    string(APPEND line "; found: ${parts}")
  endif()
  if(NIB_CUDA STREQUAL "AUTO")
    message(STATUS "CUDA: ${line} (README, \"NVIDIA GPUs\")")
  else()
    message(FATAL_ERROR "NIB_CUDA=ON: ${line}")
  endif()
endif()
