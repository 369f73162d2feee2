#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace nib::test {

/// What a server sends, headers included, and whether it then leaves the connection open without another word.
struct Reply {
  std::string text;
  bool falls_silent = false;
};

Reply ok(const std::string& body);
Reply redirection(const std::string& target);

/// A server of plain HTTP on 127.0.0.1 that has replies for paths ("/a/f"), and 404 for all others.
class LoopbackServer {
 public:
  explicit LoopbackServer(std::map<std::string, Reply> replies);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url(const std::string& path) const;  ///< "http://127.0.0.1:PORT" and the path
  int requests() const { return requests_; }

 private:
  void serve();
  void answer(int connection);

  std::map<std::string, Reply> replies_;
  int socket_ = -1, stop_ = -1, port_ = 0;
  std::atomic<int> requests_ = 0;
  std::vector<int> silent_;
  std::thread thread_;
};

}  // namespace nib::test
