// Ranks over MPI: compiled once for each MPI library, with its C interface alone. It only passes calls on; what waits,
// and for how long, is the program's matter, see ranks/mpi_communicator.h.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <chrono>
#include <cstring>
#include <list>
#include <new>
#include <string>
#include <thread>

#include "ranks/border.h"

namespace {

// Exchanges and messages stay apart from each other, and from what else may happen in MPI_COMM_WORLD.
MPI_Comm exchanges = MPI_COMM_NULL, messages = MPI_COMM_NULL, narrowed = MPI_COMM_NULL;
MPI_Request exchange = MPI_REQUEST_NULL;

/// Failures come back as numbers; MPI's usual way is to end the program.
int own_copy(MPI_Comm* copy) {
  if (const int failure = MPI_Comm_dup(MPI_COMM_WORLD, copy); failure != MPI_SUCCESS) return failure;
  return MPI_Comm_set_errhandler(*copy, MPI_ERRORS_RETURN);
}

int start(int* rank, int* size) {
  int threads = MPI_THREAD_SINGLE;
  if (const int failure = MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &threads); failure != MPI_SUCCESS)
    return failure;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  if (threads < MPI_THREAD_SERIALIZED) return MPI_ERR_UNSUPPORTED_OPERATION;
  if (const int failure = own_copy(&exchanges); failure != MPI_SUCCESS) return failure;
  if (const int failure = own_copy(&messages); failure != MPI_SUCCESS) return failure;
  MPI_Comm_rank(messages, rank);
  MPI_Comm_size(messages, size);
  return 0;
}

void library(char* text, int room) {
  char whole[MPI_MAX_LIBRARY_VERSION_STRING] = {};
  int length = 0;
  MPI_Get_library_version(whole, &length);
  const std::size_t end = std::strcspn(whole, ",\n");  // Open MPI's goes on with who built it, MPICH's over many lines
  const std::size_t count = end < static_cast<std::size_t>(room) ? end : static_cast<std::size_t>(room) - 1;
  std::memcpy(text, whole, count);
  text[count] = '\0';
}

int gather_all(int among_narrowed, void* buffer, const int* counts, const int* offsets) {
  return MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, buffer, counts, offsets, MPI_BYTE,
                         among_narrowed != 0 ? narrowed : exchanges, &exchange);
}

int broadcast(int among_narrowed, void* buffer, int bytes, int root) {
  return MPI_Ibcast(buffer, bytes, MPI_BYTE, root, among_narrowed != 0 ? narrowed : exchanges, &exchange);
}

int test(int* done) { return MPI_Test(&exchange, done, MPI_STATUS_IGNORE); }

struct Message {
  std::string bytes;
  MPI_Request request;
};
std::list<Message> under_way;

/// Nobody waits for it, as who shall have it may have stopped or be gone. MPI_Bsend would be the call for that, but
/// that of Open MPI waits for a connection that was lost.
int send(int to, const void* bytes, int count) try {
  under_way.remove_if([](Message& message) {
    int done = 0;
    MPI_Test(&message.request, &done, MPI_STATUS_IGNORE);
    return done != 0;
  });
  Message& message = under_way.emplace_back();
  message.bytes.assign(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
  message.request = MPI_REQUEST_NULL;
  return MPI_Isend(message.bytes.data(), count, MPI_BYTE, to, 0, messages, &message.request);
} catch (const std::bad_alloc&) {
  return MPI_ERR_NO_MEM;
}

int receive(void* bytes, int room, int* count, int* from) {
  int there = 0;
  *count = -1;
  MPI_Status status;
  if (const int failure = MPI_Iprobe(MPI_ANY_SOURCE, 0, messages, &there, &status); failure != MPI_SUCCESS || !there)
    return failure;
  *from = status.MPI_SOURCE;
  MPI_Get_count(&status, MPI_BYTE, count);
  if (*count > room) return MPI_ERR_TRUNCATE;
  return MPI_Recv(bytes, *count, MPI_BYTE, *from, 0, messages, MPI_STATUS_IGNORE);
}

int narrow(int count) {
  if (narrowed != MPI_COMM_NULL) MPI_Comm_free(&narrowed);
  int rank = 0;
  MPI_Comm_rank(exchanges, &rank);
  const int failure = MPI_Comm_split(exchanges, rank < count ? 0 : MPI_UNDEFINED, rank, &narrowed);
  if (failure == MPI_SUCCESS && narrowed != MPI_COMM_NULL) MPI_Comm_set_errhandler(narrowed, MPI_ERRORS_RETURN);
  return failure;
}

int end() {
#ifdef MPICH
  // Over UCX, MPI_Finalize of MPICH 4.0 asks each other rank for a last answer, and gives none any more once it has all
  // of its own: a rank that answers while it is still in the exchange before then asks in vain, for ever. So all get
  // out of that exchange first.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
#endif
  return MPI_Finalize();
}

void abort(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

void describe(int failure, char* text, int room) {
  char whole[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(failure, whole, &length);
  std::strncpy(text, whole, static_cast<std::size_t>(room) - 1);
  text[room - 1] = '\0';
}

}  // namespace

extern "C" [[gnu::visibility("default")]] const nib::ranks::MpiFunctions nib_mpi;
const nib::ranks::MpiFunctions nib_mpi{.version = nib::ranks::border_version,
                                       .start = start,
                                       .library = library,
                                       .gather_all = gather_all,
                                       .broadcast = broadcast,
                                       .test = test,
                                       .send = send,
                                       .receive = receive,
                                       .narrow = narrow,
                                       .end = end,
                                       .abort = abort,
                                       .describe = describe};
