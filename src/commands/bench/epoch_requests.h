#pragma once

namespace nib {

/// Lines on standard input that ask for an epoch each, so that a program that compares several can have them train in
/// turn. The process sleeps until the next one comes.
class EpochRequests {
 public:
  /// Not wanted: every epoch may begin at once.
  explicit EpochRequests(bool wanted) : wanted_(wanted) {}

  /// Until the next line, the end of the input or a signal that asks for a stop.
  void wait();

  /// There will be no more.
  bool ended() const { return ended_; }

 private:
  bool wanted_;
  bool ended_ = false;
};

}  // namespace nib
