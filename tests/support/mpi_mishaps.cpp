// A library to preload (LD_PRELOAD) into one rank, over the MPI library that it is linked to: something befalls the
// rank at a call of MPI that all ranks make together. Which call, and what, stands in environment variables:
//   NIB_MPI_CALLS=FILE   nothing: each of these calls adds a line to the file, "MPI_Iallgatherv 12" with its bytes
//   NIB_MPI_CALL=n       at the n-th of them, from 1, ...
//   NIB_MPI_MISHAP=...   ... "kill" or "stop": the process is sent SIGKILL or SIGSTOP before the call is made;
//                        "kill-within" or "stop-within": once its part is under way; "refuse": MPI refuses the call;
//                        "break": the exchange that it begins ends in an error; "late": the call is made 5 s later
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

long calls = 0;
bool is_broken = false;

bool is_wanted(const char* mishap) {
  const char* const wanted = std::getenv("NIB_MPI_MISHAP");
  return wanted != nullptr && std::strcmp(wanted, mishap) == 0;
}

void note(const char* name, long bytes) {
  const char* const path = std::getenv("NIB_MPI_CALLS");
  if (path == nullptr) return;
  if (std::FILE* const file = std::fopen(path, "a")) {
    std::fprintf(file, "%s %ld\n", name, bytes);
    std::fclose(file);
  }
}

template <typename Call>
int call_with_mishap(const char* name, long bytes, const Call& call) {
  note(name, bytes);
  const char* const number = std::getenv("NIB_MPI_CALL");
  if (number == nullptr || ++calls != std::atol(number)) return call();
  if (is_wanted("kill")) raise(SIGKILL);
  if (is_wanted("stop")) raise(SIGSTOP);
  if (is_wanted("late")) sleep(5);
  if (is_wanted("refuse")) return MPI_ERR_OTHER;
  const int failure = call();
  if (is_wanted("kill-within")) raise(SIGKILL);
  if (is_wanted("stop-within")) raise(SIGSTOP);
  is_broken = is_wanted("break");
  return failure;
}

}  // namespace

extern "C" {

int MPI_Init_thread(int* count, char*** arguments, int required, int* provided) {
  return call_with_mishap("MPI_Init_thread", 0, [&] { return PMPI_Init_thread(count, arguments, required, provided); });
}

int MPI_Comm_dup(MPI_Comm from, MPI_Comm* copy) {
  return call_with_mishap("MPI_Comm_dup", 0, [&] { return PMPI_Comm_dup(from, copy); });
}

int MPI_Comm_split(MPI_Comm from, int part, int key, MPI_Comm* own) {
  return call_with_mishap("MPI_Comm_split", 0, [&] { return PMPI_Comm_split(from, part, key, own); });
}

int MPI_Iallgatherv(const void* part, int part_count, MPI_Datatype part_type, void* buffer, const int counts[],
                    const int offsets[], MPI_Datatype type, MPI_Comm among, MPI_Request* request) {
  int size = 0;
  long bytes = 0;
  PMPI_Comm_size(among, &size);
  for (int rank = 0; rank < size; ++rank) bytes += counts[rank];
  return call_with_mishap("MPI_Iallgatherv", bytes, [&] {
    return PMPI_Iallgatherv(part, part_count, part_type, buffer, counts, offsets, type, among, request);
  });
}

int MPI_Ibcast(void* buffer, int bytes, MPI_Datatype type, int root, MPI_Comm among, MPI_Request* request) {
  return call_with_mishap("MPI_Ibcast", bytes, [&] { return PMPI_Ibcast(buffer, bytes, type, root, among, request); });
}

int MPI_Test(MPI_Request* request, int* done, MPI_Status* status) {
  return is_broken ? MPI_ERR_OTHER : PMPI_Test(request, done, status);
}

int MPI_Finalize() {
  return call_with_mishap("MPI_Finalize", 0, [] { return PMPI_Finalize(); });
}

}  // extern "C"
