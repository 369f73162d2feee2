#include "commands/cable.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <optional>
#include <stdexcept>
#include <vector>

namespace nib {
namespace {

using Clock = std::chrono::steady_clock;

struct Packet {
  Clock::time_point arrival;
  std::vector<char> bytes;
};

FileDescriptor card_in(const Cable::End& end) {
  FileDescriptor card(open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
  ifreq request{};
  end.host.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (!card.is_open() || ioctl(card.number(), TUNSETIFF, &request) != 0)
    throw std::runtime_error(std::string("no tap devices here: /dev/net/tun: ") + std::strerror(errno));
  const std::string there = "ip -netns " + end.host;
  const std::string commands = "{ ip link set " + end.host + " netns " + end.host + " && " + there + " addr add " +
                               end.address + " dev " + end.host + " && " + there + " link set lo up && " + there +
                               " link set " + end.host + " up; } >/dev/null 2>&1";
  if (std::system(commands.c_str()) != 0) throw std::runtime_error("ip cannot move a tap device to another namespace");
  return card;
}

/// All that the card has sent since.
void take_from(int card, std::deque<Packet>& way, Clock::duration delay) {
  std::vector<char> bytes(1 << 16);
  for (ssize_t count = 0; (count = read(card, bytes.data(), bytes.size())) > 0;)
    way.push_back({Clock::now() + delay, {bytes.begin(), bytes.begin() + count}});
}

/// What a card does not take is lost, as on any network: who sent it sends it again.
void give_to(int card, const std::vector<char>& bytes) {
  [[maybe_unused]] const ssize_t taken = write(card, bytes.data(), bytes.size());
}

timespec until(Clock::time_point time) {
  const auto rest = std::max<std::chrono::nanoseconds>(time - Clock::now(), std::chrono::nanoseconds(0));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(rest);
  return {.tv_sec = seconds.count(), .tv_nsec = (rest - seconds).count()};
}

}  // namespace

Cable::Cable(const std::array<End, 2>& ends, std::chrono::nanoseconds delay)
    : delay_(delay), cards_{card_in(ends[0]), card_in(ends[1])}, end_(eventfd(0, EFD_CLOEXEC)) {
  thread_ = std::thread([this] { pass_packets_on(); });
}

Cable::~Cable() {
  const std::uint64_t one = 1;
  if (write(end_.number(), &one, sizeof one) == sizeof one) thread_.join();
}

void Cable::pass_packets_on() const {
  std::array<std::deque<Packet>, 2> ways;  // from each card to the other
  while (true) {
    std::optional<Clock::time_point> next;
    for (const auto& way : ways)
      if (!way.empty() && (!next || way.front().arrival < *next)) next = way.front().arrival;
    const timespec rest = next ? until(*next) : timespec{};
    pollfd waiting[] = {{cards_[0].number(), POLLIN, 0}, {cards_[1].number(), POLLIN, 0}, {end_.number(), POLLIN, 0}};
    if (ppoll(waiting, 3, next ? &rest : nullptr, nullptr) < 0 && errno != EINTR) return;
    if (waiting[2].revents != 0) return;
    for (const std::size_t from : {0u, 1u}) {
      std::deque<Packet>& way = ways[from];
      take_from(cards_[from].number(), way, delay_);
      for (; !way.empty() && way.front().arrival <= Clock::now(); way.pop_front())
        if (!is_cut_) give_to(cards_[1 - from].number(), way.front().bytes);
    }
  }
}

}  // namespace nib
