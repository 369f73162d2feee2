#include "transfer/loopback_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <utility>

namespace nib::test {

Reply ok(const std::string& body) {
  return {.text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

Reply redirection(const std::string& target) {
  return {.text = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target + "\r\n\r\n"};
}

LoopbackServer::LoopbackServer(std::map<std::string, Reply> replies)
    : replies_(std::move(replies)),
      socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(::eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket_, any, size) != 0 || ::listen(socket_, 16) != 0 || ::getsockname(socket_, any, &size) != 0)
    throw std::runtime_error("no server on the loopback interface");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  const std::uint64_t one = 1;
  if (::write(stop_, &one, sizeof one) == sizeof one) thread_.join();
  for (const int connection : silent_) ::close(connection);
  ::close(socket_);
  ::close(stop_);
}

std::string LoopbackServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void LoopbackServer::serve() {
  pollfd waiting[] = {{socket_, POLLIN, 0}, {stop_, POLLIN, 0}};
  while (::poll(waiting, 2, -1) > 0 && waiting[1].revents == 0)
    if (const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC); connection >= 0) answer(connection);
}

void LoopbackServer::answer(int connection) {
  std::string request;
  char bytes[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = ::recv(connection, bytes, sizeof bytes, 0);
    if (count <= 0) break;
    request.append(bytes, static_cast<std::size_t>(count));
  }
  ++requests_;
  const std::size_t begin = request.find(' ') + 1;
  const auto found = replies_.find(request.substr(begin, request.find(' ', begin) - begin));
  const Reply missing{.text = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"};
  const Reply& reply = found == replies_.end() ? missing : found->second;
  for (std::size_t sent = 0; sent < reply.text.size();) {
    const ssize_t count = ::send(connection, reply.text.data() + sent, reply.text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) break;
    sent += static_cast<std::size_t>(count);
  }
  if (reply.falls_silent)
    silent_.push_back(connection);
  else
    ::close(connection);
}

}  // namespace nib::test
