#include "ranks/mpi_communicator.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace nib::ranks {
namespace {

std::atomic<int> code_at_end{0};

extern "C" void end_now(int) { _exit(code_at_end); }

}  // namespace

void end_within(unsigned seconds, int code) noexcept {
  code_at_end = code;
  struct sigaction action = {};
  action.sa_handler = end_now;
  sigaction(SIGALRM, &action, nullptr);
  sigset_t alarm_alone;
  sigemptyset(&alarm_alone);
  sigaddset(&alarm_alone, SIGALRM);
  pthread_sigmask(SIG_UNBLOCK, &alarm_alone, nullptr);
  alarm(seconds);
}

void MpiCommunicator::gather_all(std::span<std::byte> buffer, std::span<const std::size_t> ends) {
  gather_all(buffer, ends, 1, Heed::signals);
}

void MpiCommunicator::gather_all(std::span<std::byte> buffer, std::span<const std::size_t> ends, unsigned times,
                                 Heed heed) {
  const int narrowed = size_ < peers_.size() ? 1 : 0;
  if (buffer.size() <= at_once_) {
    counts_.resize(size_);
    offsets_.resize(size_);
    std::size_t begin = 0;
    for (unsigned rank = 0; rank < size_; ++rank) {
      offsets_[rank] = static_cast<int>(begin);
      counts_[rank] = static_cast<int>(ends[rank] - begin);
      begin = ends[rank];
    }
    peers_.check(peers_.mpi().gather_all(narrowed, buffer.data(), counts_.data(), offsets_.data()), "gather");
    wait(times, heed);
    return;
  }
  std::size_t begin = 0;
  for (unsigned rank = 0; rank < size_; ++rank)
    for (; begin < ends[rank]; begin = std::min(begin + at_once_, ends[rank])) {
      const auto count = static_cast<int>(std::min(at_once_, ends[rank] - begin));
      peers_.check(peers_.mpi().broadcast(narrowed, buffer.data() + begin, count, static_cast<int>(rank)), "broadcast");
      wait(times, heed);
    }
}

void MpiCommunicator::wait(unsigned times, Heed heed) {
  try {
    peers_.wait(times, heed);
  } catch (const Error& error) {
    // Others may still read from the buffer, by MPI's ways over shared memory or a network: they would crash where it
    // is gone. So it stays, and with it all that lies above on the stack; only rank 0 has something to record.
    if (peers_.rank() != 0 && peers_.is_told()) {
      peers_.wait_for_end();
      abort(static_cast<int>(error.code()));
    }
    throw;
  }
}

void MpiCommunicator::abort(int code) noexcept {
  end_within(2, code);
  peers_.mpi().abort(code);
}

}  // namespace nib::ranks
