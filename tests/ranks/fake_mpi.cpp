#include "ranks/fake_mpi.h"

#include <cstdio>
#include <cstring>

namespace nib::ranks {
namespace {

FakeMpi* fake = nullptr;

std::ptrdiff_t place(const void* buffer) {
  if (fake->first_buffer == nullptr) fake->first_buffer = static_cast<const char*>(buffer);
  return static_cast<const char*>(buffer) - fake->first_buffer;
}

int gather_all(int narrowed, void* buffer, const int* counts, const int* offsets) {
  fake->exchanges.push_back({.narrowed = narrowed,
                             .counts = {counts, counts + fake->ranks},
                             .offsets = {offsets, offsets + fake->ranks},
                             .begin = place(buffer)});
  return 0;
}

int broadcast(int narrowed, void* buffer, int bytes, int root) {
  fake->exchanges.push_back(
      {.narrowed = narrowed, .root = root, .counts = {bytes}, .offsets = {}, .begin = place(buffer)});
  return 0;
}

int test(int* done) {
  *done = fake->is_done ? 1 : 0;
  return fake->failure;
}

int send(int to, const void* bytes, int count) {
  const std::string text(static_cast<const char*>(bytes), static_cast<std::size_t>(count));
  fake->sent.emplace_back(to, text);
  if (fake->answer) fake->answer(to, text);
  return 0;
}

int receive(void* bytes, int, int* count, int* from) {
  *count = -1;
  if (fake->incoming.empty()) return 0;
  const auto [sender, text] = fake->incoming.front();
  fake->incoming.pop_front();
  std::memcpy(bytes, text.data(), text.size());
  *count = static_cast<int>(text.size());
  *from = sender;
  return 0;
}

void describe(int failure, char* text, int room) {
  std::snprintf(text, static_cast<std::size_t>(room), "failure %d", failure);
}

}  // namespace

FakeMpi::FakeMpi() { fake = this; }
FakeMpi::~FakeMpi() { fake = nullptr; }

const MpiFunctions fake_functions{.version = border_version,
                                  .start = nullptr,
                                  .library = nullptr,
                                  .gather_all = gather_all,
                                  .broadcast = broadcast,
                                  .test = test,
                                  .send = send,
                                  .receive = receive,
                                  .narrow = nullptr,
                                  .end = nullptr,
                                  .abort = nullptr,
                                  .describe = describe};

}  // namespace nib::ranks
