# Decides which MPI libraries nib gets a module for, and says so in one line. They are found by their own pkg-config
# files, not through the system's choice of one of them (`mpi`, `mpicc`), so that both may be there.
#
#   NIB_MPI  AUTO: those whose headers are found; ON: stop where there is none; OFF
#
# Sets NIB_MPI_LIBRARIES ("openmpi", "mpich"), and a target PkgConfig::mpi_LIBRARY for each.

set(NIB_MPI AUTO CACHE STRING "Build modules for ranks over MPI: AUTO (where headers are), ON or OFF")
set_property(CACHE NIB_MPI PROPERTY STRINGS AUTO ON OFF)
set(NIB_MPI_LIBRARIES "")
set(parts "")
if(NIB_MPI)
  pkg_check_modules(mpi_openmpi QUIET IMPORTED_TARGET ompi-c)
  pkg_check_modules(mpi_mpich QUIET IMPORTED_TARGET mpich)
  foreach(library openmpi mpich)
    if(mpi_${library}_FOUND)
      list(APPEND NIB_MPI_LIBRARIES ${library})
      list(APPEND parts "${library} ${mpi_${library}_VERSION}")
    endif()
  endforeach()
endif()
list(JOIN parts ", " parts)
if(NOT NIB_MPI)
  message(STATUS "MPI: not used (NIB_MPI=OFF)")
elseif(NIB_MPI_LIBRARIES)
  message(STATUS "MPI: ${parts}")
elseif(NIB_MPI STREQUAL "AUTO")
  message(STATUS "MPI: no headers found; nib trains in one process (docs/ranks.md)")
else()
  message(FATAL_ERROR "NIB_MPI=ON: no headers found, of Open MPI (ompi-c.pc) or of MPICH (mpich.pc)")
endif()
