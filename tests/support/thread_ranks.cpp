#include "support/thread_ranks.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "base/error.h"
#include "support/random_numbers.h"

namespace nib {

class ThreadRanks::Rank : public Communicator {
 public:
  Rank(ThreadRanks& all, unsigned rank) : all_(all), rank_(rank), random_(0, {rank, all.size_, 0}) {}

  unsigned rank() const override { return rank_; }
  unsigned size() const override { return all_.size_; }

  void gather_all(std::span<std::byte> buffer, std::span<const std::size_t> ends) override {
    if (all_.interruption_) all_.interruption_(rank_, exchanges);
    ++exchanges;
    dawdle();
    all_.offers_[rank_] = {buffer, ends};
    all_.meet();
    for (unsigned other = 0; other < size(); ++other) take(other, buffer, ends);
    all_.meet();  // before anybody changes what others copy
    dawdle();
  }

  void abort(int) noexcept override { all_.give_up(); }

  std::uint64_t exchanges = 0, bytes = 0;

 private:
  void take(unsigned other, std::span<std::byte> buffer, std::span<const std::size_t> ends) {
    const Offer& offer = all_.offers_[other];
    if (!std::ranges::equal(offer.ends, ends) || ends.size() != size() || ends.back() != buffer.size())
      throw std::logic_error("ranks exchange different things");
    const std::size_t begin = other == 0 ? 0 : ends[other - 1], count = ends[other] - begin;
    if (other == rank_ || count == 0) return;
    std::memcpy(buffer.data() + begin, offer.buffer.data() + begin, count);
    bytes += count;
  }

  /// Mostly a moment, now and then so long that the others fall asleep.
  void dawdle() {
    if (!all_.delays_) return;
    const unsigned longest = random_.one_of(16) ? 1000 : 30;
    std::this_thread::sleep_for(std::chrono::microseconds(random_.whole_between(0U, longest)));
  }

  ThreadRanks& all_;
  unsigned rank_;
  test::RandomNumbers random_;
};

std::vector<std::exception_ptr> ThreadRanks::run(const std::function<void(Communicator&)>& work) {
  std::vector<std::exception_ptr> thrown(size_);
  std::vector<Rank> ranks;
  for (unsigned rank = 0; rank < size_; ++rank) ranks.emplace_back(*this, rank);
  waiting_ = 0;
  given_up_ = false;
  {
    std::vector<std::jthread> threads;
    for (unsigned rank = 0; rank < size_; ++rank)
      threads.emplace_back([&, rank] {
        try {
          work(ranks[rank]);
        } catch (...) {
          thrown[rank] = std::current_exception();
          give_up();
        }
      });
  }
  exchanges_ = bytes_ = 0;
  for (const Rank& rank : ranks) {
    exchanges_ = std::max(exchanges_, rank.exchanges);
    bytes_ = std::max(bytes_, rank.bytes);
  }
  return thrown;
}

/// Waits for the other ranks.
void ThreadRanks::meet() {
  std::unique_lock lock(mutex_);
  if (++waiting_ == size_) {
    waiting_ = 0;
    ++meetings_;
    changed_.notify_all();
  }
  const std::uint64_t meeting = waiting_ == 0 ? meetings_ : meetings_ + 1;
  const bool met = changed_.wait_for(lock, std::chrono::minutes(2), [&] { return meetings_ >= meeting || given_up_; });
  if (!met || meetings_ < meeting)
    throw device_error({.file = "ranks", .problem = met ? "another rank has given up" : "another rank does not come"});
}

void ThreadRanks::give_up() {
  const std::lock_guard lock(mutex_);
  given_up_ = true;
  changed_.notify_all();
}

void rethrow_first(const std::vector<std::exception_ptr>& thrown) {
  std::exception_ptr first;
  for (const std::exception_ptr& each : thrown) {
    if (!each) continue;
    if (!first) first = each;
    try {
      std::rethrow_exception(each);
    } catch (const Error& error) {
      if (error.code() != ExitCode::device) throw;
    }
  }
  if (first) std::rethrow_exception(first);
}

}  // namespace nib
