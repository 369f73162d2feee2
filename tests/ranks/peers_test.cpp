#include "ranks/peers.h"

#include <gmock/gmock.h>

#include "base/error.h"
#include "ranks/fake_mpi.h"

namespace nib::ranks {
namespace {

using std::chrono::milliseconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

const Patience little{
    .limit = milliseconds(20), .answer = milliseconds(20), .leader = milliseconds(20), .end = milliseconds(20)};
const std::string question("q\0", 2), here("a\0", 2), heard("h\0", 2);

/// A failure with exit code 3.
const std::string failure("f\3set: file is missing\nfetch it"), told("t" + failure.substr(1));

class Waiting : public testing::Test {
 protected:
  PeerError error_of(unsigned rank, unsigned ranks) {
    Peers peers(fake_functions, rank, ranks, little);
    try {
      peers.wait(1, Heed::limit_only);
    } catch (const PeerError& error) {
      return error;
    }
    throw std::runtime_error("there was no error");
  }
  /// These ranks answer when they are asked.
  void let_answer(std::vector<int> ranks) {
    mpi.answer = [this, ranks = std::move(ranks)](int to, const std::string& text) {
      if (text == question && std::ranges::count(ranks, to) > 0) mpi.incoming.emplace_back(to, here);
    };
  }
  FakeMpi mpi;
};

TEST_F(Waiting, EndsWithTheExchange) {
  Peers peers(fake_functions, 0, 2, little);
  peers.wait(1, Heed::limit_only);
  EXPECT_THAT(mpi.sent, IsEmpty());
}

TEST_F(Waiting, NamesTheRanksThatDoNotAnswer) {
  mpi.is_done = false;
  let_answer({1, 3});
  const PeerError error = error_of(0, 5);
  EXPECT_EQ(error.code(), ExitCode::device);
  EXPECT_STREQ(error.what(), "no answer from rank 2 and rank 4 within 0.02 s");
  EXPECT_FALSE(error.is_told()) << "rank 0 tells it";
}

TEST_F(Waiting, TellsWhatAnotherRankHasFound) {
  mpi.is_done = false;
  let_answer({0});
  error_of(2, 3);
  const std::string found = "n\5no answer from rank 1 within 0.02 s\n";
  EXPECT_THAT(mpi.sent, Contains(Pair(0, StartsWith(found))));
  mpi.answer = nullptr;
  mpi.incoming = {{2, found + "hint"}};
  const PeerError error = error_of(0, 3);
  EXPECT_STREQ(error.what(), "no answer from rank 1 within 0.02 s");
  EXPECT_FALSE(error.is_told()) << "rank 2 left it to rank 0";
}

TEST_F(Waiting, NamesNoRankThatHasFoundTheSameBefore) {
  mpi.is_done = false;
  mpi.incoming.emplace_back(2, heard);
  EXPECT_STREQ(error_of(0, 3).what(), "no answer from rank 1 within 0.02 s");
}

TEST_F(Waiting, LeavesTheTellingToTheFirstRankThatIsThere) {
  mpi.is_done = false;
  let_answer({0});
  EXPECT_TRUE(error_of(2, 3).is_told());
  let_answer({2});
  EXPECT_FALSE(error_of(1, 3).is_told()) << "rank 0 does not answer";
}

TEST_F(Waiting, EndsWhereAllAnswerForEver) {
  mpi.is_done = false;
  let_answer({1, 2});
  Peers peers(fake_functions, 0, 3, little);
  try {
    peers.wait(1, Heed::limit_only);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "the ranks wait for different things");
  }
}

TEST_F(Waiting, GoesOnWithRanksThatComeLate) {
  mpi.is_done = false;
  mpi.answer = [this](int, const std::string&) { mpi.is_done = true; };  // when it is asked for
  Peers peers(fake_functions, 0, 2, little);
  peers.wait(1, Heed::limit_only);
}

TEST_F(Waiting, AnswersWhoAsks) {
  mpi.is_done = false;
  mpi.incoming.emplace_back(1, question);
  error_of(0, 2);
  EXPECT_THAT(mpi.sent, Contains(Pair(1, here)));
}

TEST_F(Waiting, EndsWhereAnotherRankFails) {
  mpi.is_done = false;
  mpi.incoming.emplace_back(2, failure);
  const PeerError error = error_of(0, 3);
  EXPECT_EQ(error.code(), ExitCode::bad_input);
  EXPECT_STREQ(error.what(), "rank 2: set: file is missing");
  EXPECT_EQ(error.hint(), "fetch it");
  EXPECT_FALSE(error.is_told());
  const std::string line = "t\3rank 2: set: file is missing\nfetch it";
  EXPECT_THAT(mpi.sent, ElementsAre(Pair(2, heard), Pair(1, line), Pair(2, line), Pair(1, heard), Pair(2, heard)));
}

TEST_F(Waiting, NamesARankOnce) {
  mpi.is_done = false;
  mpi.incoming.emplace_back(1, "f\3rank 2: seed: is not that of rank 0");
  EXPECT_STREQ(error_of(0, 3).what(), "rank 2: seed: is not that of rank 0");
}

TEST_F(Waiting, LeavesTheFailureOfAnotherRankToRank0) {
  mpi.is_done = false;
  mpi.incoming.emplace_back(2, failure);
  EXPECT_TRUE(error_of(1, 3).is_told());
  EXPECT_THAT(mpi.sent, ElementsAre(Pair(0, heard), Pair(2, heard)));
}

TEST_F(Waiting, IsSilentOfAFailureThatWasToldMeanwhile) {
  mpi.is_done = false;
  mpi.incoming = {{2, failure}, {2, told}};
  EXPECT_TRUE(error_of(0, 3).is_told()) << "rank 2 waited, and told it itself";
}

TEST_F(Waiting, KeepsTheBufferUntilTheOthersHaveLeftTheExchange) {
  const auto time_to_leave = [&](std::vector<int> heard_of, Clock::duration answer) {
    mpi.is_done = false;
    mpi.incoming = {{2, failure}};
    mpi.answer = [this, heard_of](int to, const std::string& text) {
      if (text != heard && std::ranges::count(heard_of, to) > 0) mpi.incoming.emplace_back(to, heard);
    };
    Patience patience = little;
    patience.answer = answer;
    Peers peers(fake_functions, 0, 3, patience);
    const Clock::time_point begin = Clock::now();
    EXPECT_THROW(peers.wait(1, Heed::limit_only), PeerError);
    return Clock::now() - begin;
  };
  EXPECT_GE(time_to_leave({2}, milliseconds(300)), milliseconds(300)) << "rank 1 may still read from it";
  constexpr std::chrono::minutes longer_than_any_test(30);
  EXPECT_LT(time_to_leave({1, 2}, longer_than_any_test), longer_than_any_test) << "both were heard";
}

TEST_F(Waiting, TellsTheOthersWhereMpiFails) {
  mpi.failure = 7;
  Peers peers(fake_functions, 1, 3, little);
  mpi.answer = [this](int to, const std::string& text) {
    if (to == 0 && text.front() == 'f') mpi.incoming.emplace_back(0, heard);
  };
  EXPECT_THROW(peers.wait(1, Heed::limit_only), Error);
  const std::string line = "f\5MPI: exchange: failure 7";
  EXPECT_THAT(mpi.sent, ElementsAre(Pair(0, line), Pair(2, line), Pair(0, heard), Pair(2, heard)));
  EXPECT_TRUE(peers.is_told()) << "by rank 0";
  EXPECT_FALSE(peers.give_up(device_error({.problem = "the same"}), "the same", ""));
}

TEST_F(Waiting, IsSilentOfWhatAnotherRankTold) {
  mpi.is_done = false;
  mpi.incoming.emplace_back(1, told);
  EXPECT_TRUE(error_of(0, 3).is_told());
}

TEST_F(Waiting, LeavesMpiAloneOnceAnExchangeWasLeft) {
  mpi.is_done = false;
  Peers peers(fake_functions, 1, 2, little);
  mpi.incoming.emplace_back(0, told);
  EXPECT_THROW(peers.wait(1, Heed::limit_only), PeerError);
  mpi.incoming.emplace_back(0, question);
  peers.wait_for_end();
  EXPECT_THAT(mpi.incoming, testing::SizeIs(1)) << "its buffer may be gone by now";
}

TEST(GivingUp, OfRank0IsToldByIt) {
  FakeMpi mpi;
  Peers peers(fake_functions, 0, 2, little);
  EXPECT_TRUE(peers.give_up(input_error({.problem = "file is missing"}), "set: file is missing", "fetch it"));
  EXPECT_THAT(mpi.sent, ElementsAre(Pair(1, told), Pair(1, heard)));
}

TEST(GivingUp, TellsTheOthersAndLeavesTheLineToRank0) {
  FakeMpi mpi;
  Peers peers(fake_functions, 1, 3, little);
  mpi.incoming.emplace_back(0, heard);
  EXPECT_FALSE(peers.give_up(input_error({.problem = "file is missing"}), "set: file is missing", "fetch it"));
  EXPECT_THAT(mpi.sent, ElementsAre(Pair(0, failure), Pair(2, failure), Pair(0, heard), Pair(2, heard)));
}

TEST(GivingUp, TellsItselfWhereRank0DoesNotHear) {
  FakeMpi mpi;
  Peers peers(fake_functions, 1, 2, little);
  EXPECT_TRUE(peers.give_up(input_error({.problem = "file is missing"}), "line", ""));
  EXPECT_THAT(mpi.sent, Contains(Pair(0, "t\3line"))) << "it may come later";
}

TEST(GivingUp, IsSilentWhereRank0FailsAsWell) {
  FakeMpi mpi;
  Peers peers(fake_functions, 1, 2, little);
  mpi.incoming.emplace_back(0, failure);
  EXPECT_FALSE(peers.give_up(input_error({.problem = "file is missing"}), "line", ""));
}

}  // namespace
}  // namespace nib::ranks
