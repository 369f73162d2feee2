#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "base/file_descriptor.h"

namespace nib {

/// A network card in each of two network namespaces, and the cable between them, on which each packet takes a time of
/// its own. A thread of this process passes the packets on in their order: so it needs no more of the kernel than tap
/// devices (its own delays, netem, are a module that many kernels lack), and a cut is as silent as a real one, which no
/// card notices.
class Cable {
 public:
  struct End {
    std::string host;     ///< the namespace; its card has the same name, of up to 15 characters
    std::string address;  ///< "10.77.0.1/24"
  };
  /// Throws std::runtime_error with the reason where this process may not make such devices.
  Cable(const std::array<End, 2>& ends, std::chrono::nanoseconds delay);
  ~Cable();
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  /// From now on every packet is lost, and those on their way are, too.
  void cut() { is_cut_ = true; }

 private:
  void pass_packets_on() const;

  std::chrono::nanoseconds delay_;
  std::array<FileDescriptor, 2> cards_;
  FileDescriptor end_;
  std::atomic<bool> is_cut_ = false;
  std::thread thread_;
};

}  // namespace nib
