#include "terminal/test_tables.h"

#include <gmock/gmock.h>

#include "terminal/classification.h"

namespace nib {
namespace {

using testing::EndsWith;

const TestResult result{.images = 4, .correct = 3, .confusion = {2, 0, 1, 1}};

TEST(TestTables, HaveScikitLearnsReportWhereItFits) {
  for (const Terminal& terminal : {Terminal{.columns = 40}, Terminal{.columns = 53, .breaks_lines = true}})
    EXPECT_THAT(test_tables(result, {"zero", "größe"}, 2, terminal),
                EndsWith("\nClassification report\n" + classification_report(result.confusion, {"zero", "größe"}, 2)));
}

TEST(TestTables, HaveItsColumnsCloserOnANarrowTerminal) {
  EXPECT_THAT(test_tables(result, {"zero", "größe"}, 2, {.columns = 52, .breaks_lines = true}),
              EndsWith("\nClassification report\n"
                       "              prec.  recall    f1  count\n"
                       "\n"
                       "        zero   0.67    1.00  0.80      2\n"
                       "       größe   1.00    0.50  0.67      2\n"
                       "\n"
                       "    accuracy                 0.75      4\n"
                       "   macro avg   0.83    0.75  0.73      4\n"
                       "weighted avg   0.83    0.75  0.73      4\n"));
}

}  // namespace
}  // namespace nib
