#include "base/last_acts.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "base/file_system.h"
#include "base/temporary_file.h"

namespace nib {
namespace {

struct Place {
  std::atomic<bool> taken{false}, filled{false};
  int folder = -1;
  std::array<char, 1024> name{};
};

std::array<Place, 8> places;
std::atomic<const WrittenAtLast*> to_write{nullptr};
std::atomic<bool> are_held{false};  ///< the last acts; when they have begun, for good
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<const WrittenAtLast*>::is_always_lock_free,
              "a signal handler may touch lock-free atomics only");

/// A signal handler does not wait for its own thread here: who holds them gets no signals.
bool hold_within(int milliseconds) noexcept {
  while (are_held.exchange(true)) {
    if (milliseconds-- == 0) return false;
    ::poll(nullptr, 0, 1);
  }
  return true;
}

void replace(const WrittenAtLast* armed, const WrittenAtLast* next) noexcept {
  if (to_write.compare_exchange_strong(armed, next)) return;
  while (true) ::pause();  // a second signal has it in another thread, which is about to end the program
}

}  // namespace

RemovedAtLast::RemovedAtLast(int folder, const std::string& name) noexcept {
  if (name.size() >= Place{}.name.size()) return;
  for (std::size_t index = 0; index < places.size(); ++index) {
    Place& place = places[index];
    if (place.taken.exchange(true)) continue;
    place.folder = folder;
    *std::ranges::copy(name, place.name.begin()).out = '\0';
    place.filled = true;
    place_ = static_cast<int>(index);
    return;
  }
}

RemovedAtLast::~RemovedAtLast() {
  if (place_ < 0) return;
  const LastActsHeld held;  // or they would read a name that another file is about to take the place of
  Place& place = places[static_cast<std::size_t>(place_)];
  place.filled = false;
  place.taken = false;
}

WrittenAtLast::WrittenAtLast(const std::filesystem::path& folder, std::string name, std::string text)
    : folder_(file_system().open(AT_FDCWD, folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)),
      name_(std::move(name)),
      temporary_name_(temporary_name(name_)),
      text_(std::move(text)) {}

WrittenAtLast::~WrittenAtLast() {
  if (armed_) replace(this, nullptr);
}

void WrittenAtLast::arm() noexcept {
  armed_ = true;
  to_write = this;
}

void WrittenAtLast::arm_in_place_of(WrittenAtLast& armed) noexcept {
  if (!armed.armed_) return arm();
  replace(&armed, this);
  armed.armed_ = false;
  armed_ = true;
}

void WrittenAtLast::write() const noexcept {
  FileSystem& files = file_system();
  if (!folder_.is_open()) return;
  FileDescriptor file(files.open(folder_.number(), temporary_name_.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(text_.data()), text_.size());
  const bool whole = file.is_open() && write_fully(file.number(), bytes) == 0 && files.sync(file.number()) == 0;
  if (whole && file.close() == 0 && files.rename(folder_.number(), temporary_name_.c_str(), name_.c_str()) == 0)
    files.sync(folder_.number());
  else
    files.unlink(folder_.number(), temporary_name_.c_str());
}

LastActsHeld::LastActsHeld() noexcept {
  while (!hold_within(1000)) {
  }
}

LastActsHeld::~LastActsHeld() { are_held = false; }

void perform_last_acts() noexcept {
  if (const WrittenAtLast* const last = to_write.exchange(nullptr)) last->write();
  hold_within(1000);
  for (const Place& place : places)
    if (place.filled) file_system().unlink(place.folder, place.name.data());
}

}  // namespace nib
