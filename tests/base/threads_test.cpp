#include "base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace nib {
namespace {

TEST(SideBySide, EveryTaskIsDoneOnce) {
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{5}}) {
    std::vector<int> done(count, 0);
    run_side_by_side(count, [&](std::size_t index) { ++done[index]; });
    EXPECT_EQ(done, std::vector<int>(count, 1));
  }
}

TEST(SideBySide, TheFirstTaskIsTheCallersOwn) {
  std::thread::id of_first;
  run_side_by_side(3, [&](std::size_t index) {
    if (index == 0) of_first = std::this_thread::get_id();
  });
  EXPECT_EQ(of_first, std::this_thread::get_id());
}

TEST(SideBySide, WhatTheFirstThrowsComesOutWhenAllHaveEnded) {
  std::atomic<int> ended = 0;
  const auto work = [&](std::size_t index) {
    ++ended;
    if (index > 1) throw std::runtime_error("task " + std::to_string(index));
  };
  try {
    run_side_by_side(5, work);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "task 2");
  }
  EXPECT_EQ(ended, 5);
}

}  // namespace
}  // namespace nib
