#include "ranks/facts.h"

#include <gmock/gmock.h>

namespace nib {
namespace {

using Facts = std::vector<RankFact>;

const Facts facts{{"seed", "0", ExitCode::usage}, {"data file 1", "SHA-256 ab"}};

std::optional<Error> difference(const Facts& one, const Facts& other) {
  return first_difference(facts, {fact_text(facts), fact_text(one), fact_text(other)});
}

TEST(RankFacts, AgreeWhereAllAreTheSame) {
  EXPECT_FALSE(difference(facts, facts));
  EXPECT_FALSE(first_difference(facts, {fact_text(facts), fact_text(facts) + std::string(9, '\0')}));
}

TEST(RankFacts, TellWhichRankHasWhichOneOtherwise) {
  Facts other = facts;
  other[0].value = "1";
  const std::optional<Error> error = difference(facts, other);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ExitCode::usage);
  EXPECT_STREQ(error->what(), "rank 2: seed: is not that of rank 0 (expected 0, got 1)");
}

TEST(RankFacts, TellOfOneThatIsMissing) {
  const std::optional<Error> error = difference({facts[0]}, facts);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), ExitCode::bad_input);
  EXPECT_STREQ(error->what(), "rank 1: data file 1: is not that of rank 0 (expected SHA-256 ab, got nothing)");
}

TEST(RankFacts, TellOfOneThatOnlyTheOtherHas) {
  Facts more = facts;
  more.push_back({"data file 2", "SHA-256 cd"});
  const std::optional<Error> error = difference(facts, more);
  ASSERT_TRUE(error);
  EXPECT_STREQ(error->what(), "rank 2: data file 2: is not that of rank 0 (expected nothing, got SHA-256 cd)");
}

}  // namespace
}  // namespace nib
