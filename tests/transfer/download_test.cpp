// Downloads from a server of the test's own.
#include "transfer/download.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "transfer/loopback_server.h"

namespace nib {
namespace {

using test::LoopbackServer;
using test::ok;
using test::redirection;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class Downloading : public testing::Test {
 protected:
  void SetUp() override {
    if (download_library().empty()) GTEST_SKIP() << "no libcurl: " << fix_of_download_library();
  }

  std::string text_of(const std::string& url) const {
    const std::vector<std::uint8_t> bytes = download(url, limits_);
    return {bytes.begin(), bytes.end()};
  }
  /// The line without the address.
  std::string problem(const std::string& url) const {
    try {
      download(url, limits_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::io);
      EXPECT_THAT(error.what(), StartsWith(url + ": "));
      return std::string(error.what()).substr(url.size() + 2);
    }
    return "none";
  }

  DownloadLimits limits_{.connection = std::chrono::milliseconds(300),
                         .stall = std::chrono::seconds(1),
                         .bytes = 1000,
                         .redirects = 3,
                         .plain_from_loopback = true};
};

TEST_F(Downloading, GivesTheBytes) {
  const std::string body("a\0b", 3);
  const LoopbackServer server({{"/f", ok(body)}, {"/to", redirection("/f")}});
  EXPECT_EQ(text_of(server.url("/f")), body);
  EXPECT_EQ(text_of(server.url("/to")), body);
}

TEST_F(Downloading, NamesWhatTheServerAnswers) {
  const LoopbackServer server({});
  EXPECT_EQ(problem(server.url("/none")), "the server answers 404");
}

TEST_F(Downloading, EndsInALoopOfRedirections) {
  const LoopbackServer server({{"/a", redirection("/b")}, {"/b", redirection("/a")}});
  EXPECT_EQ(problem(server.url("/a")), "redirected more than 3 times");
  EXPECT_EQ(server.requests(), 4);
}

TEST_F(Downloading, NoticesACutFile) {
  const LoopbackServer server({{"/f", {.text = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"}}});
  EXPECT_EQ(problem(server.url("/f")), "cut off after 4 bytes");
}

TEST_F(Downloading, GivesUpASilentServer) {
  const LoopbackServer server(
      {{"/f", {.text = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .falls_silent = true}}});
  EXPECT_EQ(problem(server.url("/f")), "stalled after 4 bytes: fewer than 1,000 a second for 1 s");
}

TEST_F(Downloading, RefusesAFileOverTheLimitWithAndWithoutItsLength) {
  const std::string body(1001, 'x');
  const LoopbackServer server(
      {{"/told", ok(body)}, {"/untold", {.text = "HTTP/1.1 200 OK\r\n\r\n" + body}}, {"/just", ok(body.substr(1))}});
  EXPECT_EQ(problem(server.url("/told")), "larger than 1,000 bytes");
  EXPECT_EQ(problem(server.url("/untold")), "larger than 1,000 bytes");
  EXPECT_EQ(text_of(server.url("/just")).size(), 1000u);
}

TEST_F(Downloading, KeepsToHttps) {
  const LoopbackServer server({{"/f", ok("plain")}, {"/file", redirection("file:///etc/passwd")}});
  EXPECT_THAT(problem(server.url("/file")), HasSubstr("not https"));
  limits_.plain_from_loopback = false;
  EXPECT_THAT(problem(server.url("/f")), HasSubstr("not https"));
  EXPECT_EQ(server.requests(), 1);
}

/// A socket whose queue is full, so that nobody is let in.
TEST_F(Downloading, GivesUpAConnectionThatIsNotMade) {
  const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(::bind(listening, any, size), 0);
  ASSERT_EQ(::listen(listening, 0), 0);
  ASSERT_EQ(::getsockname(listening, any, &size), 0);
  std::vector<int> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(waiting.back(), any, size);
  }
  EXPECT_EQ(problem("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/"), "no connection in 300 ms");
  for (const int one : waiting) ::close(one);
  ::close(listening);
}

TEST_F(Downloading, TellsWhyThereIsNoConnection) {
  EXPECT_THAT(problem("http://127.0.0.1:1/"), HasSubstr("127.0.0.1 port 1"));
}

}  // namespace
}  // namespace nib
