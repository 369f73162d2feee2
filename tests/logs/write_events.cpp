// write_events DIR PNG: writes event files with known contents, for tensorboard_reader_test.py to read.

#include <cstdio>
#include <exception>

#include "base/files.h"
#include "logs/summary_events.h"
#include "logs/tensorboard_log.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    nib::TensorBoardLog log(argv[1]);
    const std::vector<std::uint8_t> png = nib::read_file(argv[2], 1 << 20);
    log.train().write(nib::scalar_event(1'700'000'000.25, 0, "epoch_loss", 0.5f));
    log.train().write(nib::scalar_event(1'700'000'001.5, 1, "epoch_loss", 0.125f));
    log.train().write(nib::image_event(1'700'000'002.0, 1, "curves", png));
    return log.lost_file() == nullptr ? 0 : 4;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
