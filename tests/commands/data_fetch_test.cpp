// nib data fetch against a server of the test's own; transfer/download_test.cpp has what can go wrong on the way.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "commands/program.h"
#include "tests/places.h"
#include "transfer/download.h"
#include "transfer/loopback_server.h"

namespace nib {
namespace {

using nlohmann::json;
using test::LoopbackServer;
using test::ok;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string names[] = {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
                             "t10k-labels-idx1-ubyte.gz"};

std::string bundled(const std::string& name) { return contents(std::string(NIB_DATA_SOURCE "/mnist/") + name); }

class DataFetch : public testing::Test {
 protected:
  void SetUp() override {
    if (download_library().empty()) GTEST_SKIP() << "no libcurl: " << fix_of_download_library();
  }

  Ending fetch(const std::string& mirrors, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"data", "fetch", "mnist", "--out", "set"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Program(arguments).in(folder_.path()).with_environment("NIB_FETCH_FROM", mirrors).run();
  }

  TemporaryFolder folder_;
};

TEST_F(DataFetch, TakesEachFileFromTheFirstMirrorThatHasTheRightOne) {
  std::map<std::string, test::Reply> replies;
  for (const std::string& name : names) replies["/good/" + name] = ok(bundled(name));
  replies["/bad/" + names[0]] = ok("<!DOCTYPE html><html>Sign in to the network</html>");
  replies["/bad/" + names[1]] = ok(bundled(names[3]));
  replies["/bad/" + names[2]] = ok(bundled(names[2]).substr(0, 1000));
  const LoopbackServer server(std::move(replies));
  const Ending ending = fetch(server.url("/bad/,") + server.url("/good/"), {"--json"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, HasSubstr(names[0] + ": not gzip data (got an HTML page)\n"));
  EXPECT_THAT(ending.errors, HasSubstr(names[1] + ": SHA-256 of the inflated bytes: not the train-labels of MNIST"));
  EXPECT_THAT(ending.errors, HasSubstr("/bad/" + names[2] + ": "));
  EXPECT_THAT(ending.errors, HasSubstr("/bad/" + names[3] + ": the server answers 404\n"));
  const json document = json::parse(ending.output);
  ASSERT_EQ(document["fetched"].size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(document["fetched"][i]["url"], server.url("/good/" + names[i]));
    EXPECT_TRUE(contents(folder_ / "set" / names[i]) == bundled(names[i])) << names[i];
  }

  const int requests = server.requests();
  const Ending again = fetch(server.url("/good/"));
  EXPECT_EQ(again.output, "MNIST is whole in set\n");
  EXPECT_EQ(server.requests(), requests);
}

TEST_F(DataFetch, LeavesNothingWhereOneFileCannotBeHad) {
  const LoopbackServer server({{"/" + names[0], ok(bundled(names[3]))}});
  const Ending ending = fetch(server.url("/"));
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, HasSubstr("nib: error: " + server.url("/" + names[0]) + ": "));
  EXPECT_EQ(server.requests(), 2) << "the one mirror is asked twice";
  EXPECT_THAT(folder_.names(), IsEmpty());
}

TEST_F(DataFetch, KeepsASecondOneOut) {
  const test::Reply silence{.text = "HTTP/1.1 200 OK\r\n\r\n", .falls_silent = true};
  const LoopbackServer server(std::map<std::string, test::Reply>{{"/" + names[0], silence}});
  Program first({"data", "fetch", "mnist", "--out", "set"});
  first.in(folder_.path()).with_environment("NIB_FETCH_FROM", server.url("/")).start();
  while (server.requests() == 0) std::this_thread::yield();
  const Ending second = fetch(server.url("/"), {"--force"});
  EXPECT_EQ(second.code, 2);
  EXPECT_THAT(second.errors, HasSubstr("another run is writing into this folder"));
  first.signal(SIGINT);
  const Ending ending = first.wait();
  EXPECT_EQ(ending.code, 128 + SIGINT);
  EXPECT_THAT(ending.errors, EndsWith("nib: stopped by SIGINT: nothing was written\n"));
  EXPECT_THAT(folder_.names(), IsEmpty());
}

TEST(DataFetchAddresses, ArePrintedForOtherPrograms) {
  const TemporaryFolder folder;
  const Ending mnist =
      Program({"data", "fetch", "mnist", "--print-urls"}).with_environment("XDG_CACHE_HOME", "/cache").run();
  EXPECT_EQ(mnist.code, 0);
  EXPECT_THAT(mnist.output, StartsWith("https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz\n"));
  EXPECT_EQ(mnist.errors, "nib: put the files as they are into /cache/nib/mnist\n");
  const Ending emnist = nib({"data", "fetch", "emnist", "--print-urls"}, folder.path());
  EXPECT_EQ(emnist.output, "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip\n");
}

TEST(DataFetchAddresses, OfSetsWithoutHashesAreNotFetched) {
  const TemporaryFolder folder;
  EXPECT_EQ(nib({"data", "fetch", "kmnist"}, folder.path()).errors,
            "nib: error: SET: nib does not know the hashes of Kuzushiji-MNIST (expected mnist or fashion)\n"
            "hint: --print-urls prints its addresses\n");
  EXPECT_EQ(nib({"data", "fetch", "cifar"}, folder.path()).code, 2);
}

}  // namespace
}  // namespace nib
