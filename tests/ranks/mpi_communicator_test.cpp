#include "ranks/mpi_communicator.h"

#include <gmock/gmock.h>

#include "ranks/fake_mpi.h"

namespace nib::ranks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Gathering : public testing::Test {
 protected:
  FakeMpi mpi;
  std::vector<std::byte> buffer = std::vector<std::byte>(25);
};

TEST_F(Gathering, TellsMpiWhereTheRanksHaveTheirParts) {
  mpi.ranks = 3;
  Peers peers(fake_functions, 1, 3, {});
  MpiCommunicator(peers, 3).gather_all(buffer, std::vector<std::size_t>{10, 10, 25});
  ASSERT_THAT(mpi.exchanges, SizeIs(1));
  EXPECT_THAT(mpi.exchanges[0].counts, ElementsAre(10, 0, 15));
  EXPECT_THAT(mpi.exchanges[0].offsets, ElementsAre(0, 10, 10));
  EXPECT_EQ(mpi.exchanges[0].narrowed, 0);
}

TEST_F(Gathering, GoesInPiecesWhereMpiCouldNotCountTheBytes) {
  mpi.ranks = 3;
  Peers peers(fake_functions, 1, 3, {});
  MpiCommunicator(peers, 3, 8).gather_all(buffer, std::vector<std::size_t>{10, 10, 25});
  struct Piece {
    int root, bytes;
    std::ptrdiff_t begin;
    bool operator==(const Piece&) const = default;
  };
  std::vector<Piece> pieces;
  for (const auto& each : mpi.exchanges) pieces.push_back({each.root, each.counts[0], each.begin});
  EXPECT_THAT(pieces, ElementsAre(Piece{0, 8, 0}, Piece{0, 2, 8}, Piece{2, 8, 10}, Piece{2, 7, 18}));
}

TEST_F(Gathering, OfTheFirstRanksGoesAmongThese) {
  Peers peers(fake_functions, 0, 4, {});
  MpiCommunicator(peers, 2).gather_all(buffer, std::vector<std::size_t>{5, 25});
  ASSERT_THAT(mpi.exchanges, SizeIs(1));
  EXPECT_EQ(mpi.exchanges[0].narrowed, 1);
  EXPECT_THAT(mpi.exchanges[0].counts, ElementsAre(5, 20));
}

TEST_F(Gathering, ThrowsWhatMpiSays) {
  mpi.failure = 7;
  Peers peers(fake_functions, 0, 2, {});
  try {
    MpiCommunicator(peers, 2).gather_all(buffer, std::vector<std::size_t>{5, 25});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::device);
    EXPECT_STREQ(error.what(), "MPI: exchange: failure 7");
  }
}

}  // namespace
}  // namespace nib::ranks
