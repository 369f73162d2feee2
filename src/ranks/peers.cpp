#include "ranks/peers.h"

#include <fmt/core.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"

namespace nib::ranks {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t longest_text = 1000, longest_message = longest_text + 2;
constexpr std::size_t remembered_exchanges = 16;
constexpr unsigned most_questions = 3;  ///< to ranks that are all there, but in different exchanges: a mistake

/// Others may need the core to come here, too: soon it is theirs. Most exchanges of a step are done before that.
void rest(Clock::duration waited) {
  if (waited < milliseconds(10))
    sched_yield();
  else
    std::this_thread::sleep_for(waited < std::chrono::seconds(1) ? microseconds(100) : microseconds(1000));
}

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

std::string text_of(const std::string& line, const std::string& hint) {
  return hint.empty() ? line : line + '\n' + hint;
}

std::string rank_text(unsigned rank) { return "rank " + std::to_string(rank); }

}  // namespace

Peers::Peers(const MpiFunctions& mpi, unsigned rank, unsigned size, Patience patience)
    : mpi_(mpi), rank_(rank), size_(size), patience_(patience), is_here_(size), has_left_(size) {
  has_left_[rank] = true;
}

void Peers::check(int failure, const char* what) const {
  if (failure != 0) throw device_error({.file = "MPI", .field = what, .problem = description(failure)});
}

std::string Peers::description(int failure) const {
  std::array<char, 400> text{};
  mpi_.describe(failure, text.data(), static_cast<int>(text.size()));
  return printable(text.data());
}

bool Peers::exchange_is_done() const {
  int done = 0;
  check(mpi_.test(&done), "exchange");
  return done != 0;
}

Clock::duration Peers::longest_step() const {
  Clock::duration longest{};
  for (std::size_t i = 1; i < begins_.size(); ++i) longest = std::max(longest, begins_[i] - begins_[i - 1]);
  return longest;
}

void Peers::wait(unsigned times, Heed heed) {
  is_broken_ = true;  // until it is done
  try {
    poll(times, heed);
  } catch (const PeerError& error) {
    tells_ = !error.is_told();
    if (tells_) send_to_others(Kind::told, error.code(), text_of(error.what(), error.hint()));
    leave();
    throw;
  } catch (const Error& error) {  // of MPI itself
    tells_ = tell(error, error.what(), error.hint());
    leave();
    throw;
  }
  is_broken_ = false;
}

void Peers::leave() {
  send_to_others(Kind::heard);
  if (rank_ != 0 && !tells_) return;
  try {
    for (const Clock::time_point begin = Clock::now();
         Clock::now() - begin < patience_.answer && std::ranges::count(has_left_, false) > 0;) {
      hear();
      std::this_thread::sleep_for(milliseconds(1));
    }
  } catch (const Error&) {  // MPI has no messages either
  }
}

void Peers::poll(unsigned times, Heed heed) {
  Clock::time_point last = Clock::now();
  begins_.push_back(last);
  if (begins_.size() > remembered_exchanges) begins_.pop_front();
  const Clock::duration limit = patience_.limit * times;
  Clock::duration waited{}, signalled{};
  unsigned asked = 0;
  for (unsigned polls = 0; !exchange_is_done(); ++polls) {
    if (polls % 8 == 7) {
      hear();
      hear_failures();
    }
    // Only what this process has seen of it: the time in which it was stopped itself is nobody's delay.
    const Clock::time_point now = Clock::now();
    const Clock::duration passed = std::min<Clock::duration>(now - last, milliseconds(100));
    last = now;
    waited += passed;
    if (waited > limit * (asked + 1)) {
      ask_who_is_there(fmt::format(" within {:g} s", seconds(limit)));
      if (++asked == most_questions) throw device_error({.problem = "the ranks wait for different things"});
    }
    if (heed == Heed::signals && requested_stop() != 0) {
      signalled += passed;
      const Clock::duration enough = std::max(patience_.after_signal, 3 * longest_step());
      if (signalled > enough) {
        ask_who_is_there(fmt::format(", {:.1f} s after a signal", seconds(enough)));
        signalled = {};
      }
    }
    rest(waited);
  }
}

void Peers::ask_who_is_there(const std::string& why) {
  is_here_ = has_left_;  // this rank, and who has asked before, and found what this one is to find
  send_to_others(Kind::question);
  for (const Clock::time_point begin = Clock::now(); Clock::now() - begin < patience_.answer;) {
    if (exchange_is_done()) return;
    hear();
    hear_failures();
    std::this_thread::sleep_for(milliseconds(1));
  }
  std::vector<std::string> missing;
  for (unsigned other = 0; other < size_; ++other)
    if (!is_here_[other]) {
      missing.push_back(rank_text(other));
      has_left_[other] = true;
    }
  if (missing.empty()) return;
  leads_ = is_here_[0];
  const auto first_here = static_cast<unsigned>(std::ranges::find(is_here_, true) - is_here_.begin());
  const PeerError error(
      ExitCode::device,
      {.problem = "no answer from " + join_words(missing) + why,
       .hint = "a process that was stopped or killed, or a network that was cut; a run goes on from its "
               "last checkpoint"},
      first_here != rank_);
  // That one may be in a later exchange, which it waits for much longer.
  if (first_here != rank_) send(first_here, Kind::found, error.code(), text_of(error.what(), error.hint()));
  throw error;
}

void Peers::send(unsigned to, Kind kind, ExitCode code, const std::string& text) const {
  const std::string bytes =
      std::string{static_cast<char>(kind), static_cast<char>(code)} + text.substr(0, longest_text);
  mpi_.send(static_cast<int>(to), bytes.data(), static_cast<int>(bytes.size()));  // who is gone gets none
}

void Peers::send_to_others(Kind kind, ExitCode code, const std::string& text) const {
  for (unsigned other = 0; other < size_; ++other)
    if (other != rank_) send(other, kind, code, text);
}

void Peers::hear() {
  std::array<char, longest_message> bytes{};
  for (int count = 0, from = 0;;) {
    check(mpi_.receive(bytes.data(), static_cast<int>(bytes.size()), &count, &from), "messages");
    if (count < 2) return;
    const std::string text(bytes.data() + 2, static_cast<std::size_t>(count) - 2);
    const std::size_t line = std::min(text.find('\n'), text.size());
    Message message{.kind = static_cast<Kind>(bytes[0]),
                    .from = static_cast<unsigned>(from),
                    .code = static_cast<ExitCode>(bytes[1]),
                    .line = text.substr(0, line),
                    .hint = text.substr(std::min(line + 1, text.size()))};
    is_here_[message.from] = true;
    if (message.kind == Kind::question) send(message.from, Kind::here);
    if (message.kind == Kind::heard) has_left_[message.from] = true;
    if (message.kind == Kind::failure && rank_ == 0) send(message.from, Kind::heard);
    if (message.kind == Kind::failure || message.kind == Kind::told || message.kind == Kind::found)
      failures_.push_back(std::move(message));
  }
}

void Peers::hear_failures() {
  if (failures_.empty()) return;
  const Message& first = failures_.front();
  // What all ranks find may name one already: the same line, whichever of them is the first to tell it.
  const bool is_found = first.kind == Kind::found;
  const std::string who = is_found || first.line.starts_with("rank ") ? "" : rank_text(first.from);
  throw PeerError(first.code, {.file = who, .problem = first.line, .hint = first.hint},
                  (rank_ != 0 && !is_found) || std::ranges::count(failures_, Kind::told, &Message::kind) > 0);
}

bool Peers::give_up(const Error& error, const std::string& line, const std::string& hint) {
  if (is_broken_) return tells_;
  const bool tells = tell(error, line, hint);
  send_to_others(Kind::heard);
  return tells;
}

bool Peers::tell(const Error& error, const std::string& line, const std::string& hint) {
  const std::string text = text_of(line, hint);
  send_to_others(rank_ == 0 ? Kind::told : Kind::failure, error.code(), text);
  if (rank_ == 0) return true;
  try {
    for (const Clock::time_point begin = Clock::now(); Clock::now() - begin < patience_.leader;) {
      hear();
      if (has_left_[0] || std::ranges::any_of(failures_, [](const Message& each) { return each.from == 0; }))
        return false;
      std::this_thread::sleep_for(milliseconds(1));
    }
  } catch (const Error&) {  // MPI has no messages either
  }
  send(0, Kind::told, error.code(), text);  // it may come to hear of it later
  return true;
}

void Peers::wait_for_end() {
  if (rank_ == 0 || (!leads_ && tells_)) return std::this_thread::sleep_for(patience_.reading);
  for (const Clock::time_point begin = Clock::now(); Clock::now() - begin < patience_.end;) {
    if (!is_broken_) hear();
    std::this_thread::sleep_for(milliseconds(1));
  }
}

}  // namespace nib::ranks
