#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "base/file_descriptor.h"
#include "base/signals.h"

namespace nib {

/// A file that goes when a second signal ends the program at once: a temporary file or a lock. There is room for a few
/// at a time; what finds none stays behind, as after a SIGKILL.
class RemovedAtLast {
 public:
  /// `folder` is an open folder or AT_FDCWD.
  RemovedAtLast(int folder, const std::string& name) noexcept;
  ~RemovedAtLast();
  RemovedAtLast(const RemovedAtLast&) = delete;
  RemovedAtLast& operator=(const RemovedAtLast&) = delete;

 private:
  int place_ = -1;
};

/// The text that a file gets when a second signal ends the program at once, so that it does not go on telling of a
/// program that runs. Armed one at a time.
class WrittenAtLast {
 public:
  /// Does nothing where the folder cannot be opened.
  WrittenAtLast(const std::filesystem::path& folder, std::string name, std::string text);
  ~WrittenAtLast();
  WrittenAtLast(const WrittenAtLast&) = delete;
  WrittenAtLast& operator=(const WrittenAtLast&) = delete;

  void arm() noexcept;  ///< from now on, as long as this lives
  void arm_in_place_of(WrittenAtLast& armed) noexcept;

  void write() const noexcept;  ///< for perform_last_acts()

 private:
  FileDescriptor folder_;
  std::string name_, temporary_name_, text_;
  bool armed_ = false;
};

/// While this lives no thread begins the last acts; once they have begun, whoever makes one stays there until the
/// program has ended. For the moments in which a file comes to be, and for nothing that may take long: the last acts
/// wait for a second at most. Not to be made twice by one thread.
class LastActsHeld {
 public:
  LastActsHeld() noexcept;
  ~LastActsHeld();
  LastActsHeld(const LastActsHeld&) = delete;
  LastActsHeld& operator=(const LastActsHeld&) = delete;

 private:
  const SignalsHeld signals_;
};

/// What a second signal does before it ends the program; uses only what a signal handler may.
void perform_last_acts() noexcept;

}  // namespace nib
