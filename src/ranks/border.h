#pragma once

namespace nib::ranks {

/// What a module over an MPI library gives to the program: plain functions and plain numbers, so that the two need not
/// be of one build. MPI is called from one thread at a time. What fails returns MPI's number for it, else 0.
///
/// An exchange is begun and then asked for with test(): MPI knows no time limit, so nothing here waits, but for
/// start(), narrow() and end(). There is one exchange at a time. Messages are short, go their way beside it, and may
/// get lost with their receiver.
struct MpiFunctions {
  unsigned version;

  /// Begins MPI for this process. Once.
  int (*start)(int* rank, int* size);
  /// "Open MPI v4.1.4", up to `room` characters with the 0 behind them.
  void (*library)(char* text, int room);

  /// Among all ranks, or where `narrowed` is not 0 among those that narrow() named. Rank r has filled counts[r] bytes
  /// at offsets[r]; all are to have all. The arrays stay until it is done.
  int (*gather_all)(int narrowed, void* buffer, const int* counts, const int* offsets);
  /// `root` has filled the bytes; all are to have them.
  int (*broadcast)(int narrowed, void* buffer, int bytes, int root);
  int (*test)(int* done);

  int (*send)(int to, const void* bytes, int count);
  /// A message that is there, of up to `room` bytes: `count` is how many it has, -1 where there is none.
  int (*receive)(void* bytes, int room, int* count, int* from);

  /// From now on narrowed exchanges are among ranks 0 to members - 1. All ranks call it.
  int (*narrow)(int members);

  /// Ends MPI in all ranks that have called it, or all ranks by force, with this exit code.
  int (*end)();
  void (*abort)(int code);

  void (*describe)(int failure, char* text, int room);
};

inline constexpr unsigned border_version = 1;

/// The one thing that a module exports: `const MpiFunctions nib_mpi`.
inline constexpr const char* module_symbol = "nib_mpi";

}  // namespace nib::ranks
