#include "cli/help_page.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

const HelpPage page{.usage = "nib draw [OPTIONS] NAME",
                    .description = "Draws things.",
                    .sections = {{.title = "Output",
                                  .rows = {{"-o, --out DIR", "folder for what is drawn, which must not exist yet"},
                                           {"    --fast", "drawn with a broad brush, which takes no time"},
                                           {"    --colour red|green|blue|grey", "of the ink (default grey)"}}}},
                    .footer = "Draw well."};

TEST(HelpText, HasDescriptionsBesideTheNames) {
  EXPECT_EQ(help_text(page, 60),
            "Usage: nib draw [OPTIONS] NAME\n"
            "\n"
            "Draws things.\n"
            "\n"
            "Output\n"
            "  -o, --out DIR  folder for what is drawn, which must not\n"
            "                 exist yet\n"
            "      --fast     drawn with a broad brush, which takes no\n"
            "                 time\n"
            "      --colour red|green|blue|grey\n"
            "                 of the ink (default grey)\n"
            "\n"
            "Draw well.\n");
}

TEST(HelpText, HasThemBelowWhereItIsNarrow) {
  EXPECT_EQ(help_text(page, 40),
            "Usage: nib draw [OPTIONS] NAME\n"
            "\n"
            "Draws things.\n"
            "\n"
            "Output\n"
            "  -o, --out DIR\n"
            "        folder for what is drawn, which\n"
            "        must not exist yet\n"
            "      --fast\n"
            "        drawn with a broad brush, which\n"
            "        takes no time\n"
            "      --colour red|green|blue|grey\n"
            "        of the ink (default grey)\n"
            "\n"
            "Draw well.\n");
}

TEST(HelpText, IsNeverWiderThanAHundredColumns) {
  HelpPage wide = page;
  for (int i = 0; i < 100; ++i) wide.description += " More of it.";
  EXPECT_EQ(help_text(wide, 200), help_text(wide, 100));
}

}  // namespace
}  // namespace nib
