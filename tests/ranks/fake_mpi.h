#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ranks/border.h"

namespace nib::ranks {

/// What stands in for MPI as one rank sees it: the messages that come, those that were sent, and exchanges that are
/// done when it says so. One at a time, as the border has plain functions.
struct FakeMpi {
  FakeMpi();
  ~FakeMpi();
  FakeMpi(const FakeMpi&) = delete;
  FakeMpi& operator=(const FakeMpi&) = delete;

  struct Exchange {
    int narrowed = 0, root = -1;  ///< root: -1 for a gathering
    std::vector<int> counts{}, offsets{};
    std::ptrdiff_t begin = 0;  ///< of the bytes, from the first exchange's
  };

  int ranks = 2;
  bool is_done = true;
  int failure = 0;                                           ///< of test()
  std::deque<std::pair<int, std::string>> incoming{};        ///< from whom, and what
  std::vector<std::pair<int, std::string>> sent{};           ///< to whom, and what
  std::function<void(int to, const std::string&)> answer{};  ///< called for what is sent
  std::vector<Exchange> exchanges{};
  const char* first_buffer = nullptr;
};

extern const MpiFunctions fake_functions;

}  // namespace nib::ranks
