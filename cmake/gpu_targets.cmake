# nib_gpu_targets(RESULT WHY NVCC SMI): decides what kernels are compiled for where nobody has said it.
#
# Where nvidia-smi (SMI) tells of GPUs: their machine code, and PTX of the oldest that nib supports, of which the driver
# makes machine code for all others, older and newer. Where there is none, or it does not answer, the machine that
# builds need not be the one that runs, as a cluster's login node is not: machine code for all. WHY is half a sentence
# for the user.
set(NIB_ALL_GPU_TARGETS 75-real 80-real 86-real 89-real 90-real 100-real 120-real 120-virtual)
set(NIB_NVIDIA_SMI_SECONDS 20)
function(nib_gpu_targets result why nvcc smi)
  set(${result} ${NIB_ALL_GPU_TARGETS} PARENT_SCOPE)
  if(NOT smi)
    set(${why} "no GPU found here: no nvidia-smi" PARENT_SCOPE)
    return()
  endif()
  execute_process(COMMAND ${smi} --query-gpu=compute_cap --format=csv,noheader TIMEOUT ${NIB_NVIDIA_SMI_SECONDS}
                  RESULT_VARIABLE code OUTPUT_VARIABLE answer ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT code EQUAL 0 OR NOT answer MATCHES "^[0-9]+[.][0-9]( *\n[0-9]+[.][0-9])* *$")
    set(${why} "no GPU found here: nvidia-smi tells of none" PARENT_SCOPE)
    return()
  endif()

  execute_process(COMMAND ${nvcc} --list-gpu-code OUTPUT_VARIABLE known ERROR_QUIET)
  string(REGEX MATCHALL "[0-9]+[.][0-9]" capabilities "${answer}")
  list(REMOVE_DUPLICATES capabilities)
  list(SORT capabilities COMPARE NATURAL)
  set(targets "")
  foreach(capability IN LISTS capabilities)
    string(REPLACE "." "" number ${capability})
    if(number GREATER_EQUAL 75 AND "${known}" MATCHES "sm_${number}[^0-9a-z]")
      list(APPEND targets ${number}-real)
    endif()
  endforeach()
  list(JOIN capabilities " and " capabilities)
  if(NOT targets)
    set(${why} "no GPU here that nvcc compiles for: ${capabilities}" PARENT_SCOPE)
    return()
  endif()
  set(${result} ${targets} 75-virtual PARENT_SCOPE)
  set(${why} "the GPU here and, as PTX, all others" PARENT_SCOPE)
endfunction()
