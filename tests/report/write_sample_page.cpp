// Writes the page of the sample run to a file, for the test in a browser.
#include <cstdio>

#include "base/files.h"
#include "report/sample_report.h"

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: write_sample_page FILE\n", stderr);
    return 2;
  }
  const nlohmann::ordered_json record = nib::test::sample_record();
  nib::write_file_atomically(arguments[1], nib::test::sample_page(record));
  return 0;
}
