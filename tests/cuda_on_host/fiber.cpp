#include "cuda_on_host/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <new>
#include <utility>

#if !defined(__x86_64__)
#include <ucontext.h>

#include <memory>
#endif

namespace nib::cuda_on_host {
namespace {

// Kernels keep little on their stacks, but the sanitizers' own functions run there as well.
constexpr std::size_t stack_bytes = std::size_t{256} << 10;

thread_local Fiber* starting = nullptr;

}  // namespace

#if defined(__x86_64__)

extern "C" void nib_switch_stack(void** from, void* to) noexcept;

// Saves what the System V calling convention lets a callee not change, and goes on where `to` was left the same way.
asm(R"(
  .text
  .p2align 4
  .type nib_switch_stack, @function
  .hidden nib_switch_stack
  .globl nib_switch_stack
nib_switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size nib_switch_stack, . - nib_switch_stack
)");

namespace {

void prepare(Context& context, std::byte* stack, void (*entry)()) {
  // From the top: a return address of zero, where unwinders stop, the entry that `ret` goes to, six registers of zero.
  void** const top = reinterpret_cast<void**>(stack + stack_bytes);
  void** const frame = top - 8;
  for (void** word = frame; word != top; ++word) *word = nullptr;
  top[-2] = reinterpret_cast<void*>(entry);
  context.state = frame;
}

void switch_stack(Context& from, const Context& to) { nib_switch_stack(&from.state, to.state); }

void release(Context&) {}

}  // namespace

#else

namespace {

ucontext_t& portable(Context& context) {
  if (!context.state) context.state = new ucontext_t;
  return *static_cast<ucontext_t*>(context.state);
}

void prepare(Context& context, std::byte* stack, void (*entry)()) {
  ucontext_t& target = portable(context);
  getcontext(&target);
  target.uc_stack.ss_sp = stack;
  target.uc_stack.ss_size = stack_bytes;
  target.uc_link = nullptr;
  makecontext(&target, entry, 0);
}

void switch_stack(Context& from, Context& to) { swapcontext(&portable(from), &portable(to)); }

void release(Context& context) { delete static_cast<ucontext_t*>(context.state); }

}  // namespace

#endif

Fiber::Fiber() {
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const memory =
      mmap(nullptr, page + stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  mprotect(memory, page, PROT_NONE);
  stack_ = static_cast<std::byte*>(memory) + page;
  inside_record_ = {.bottom = stack_, .bytes = stack_bytes, .state = sanitizers::create_fiber()};
}

Fiber::~Fiber() {
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  sanitizers::destroy_fiber(inside_record_.state);
  release(inside_);
  release(outside_);
  munmap(stack_ - page, page + stack_bytes);
}

void Fiber::start(std::function<void()> function) {
  function_ = std::move(function);
  prepare(inside_, stack_, &Fiber::run);
  starting = this;
  enter();
}

void Fiber::resume() { enter(); }

void Fiber::leave() { exit(false); }

void Fiber::enter() {
  if (sanitizers::thread) outside_record_.state = sanitizers::current_fiber();
  sanitizers::before_switch(&outside_record_, inside_record_);
  switch_stack(outside_, inside_);
  sanitizers::after_switch(outside_record_, nullptr);
}

// Neither this function nor run() comes to its end when a fiber ends, which the thread sanitizer would keep a record
// of.
__attribute__((no_sanitize("thread"))) void Fiber::exit(bool for_good) {
  sanitizers::before_switch(for_good ? nullptr : &inside_record_, outside_record_);
  switch_stack(inside_, outside_);
  sanitizers::after_switch(inside_record_, &outside_record_);
}

__attribute__((no_sanitize("thread"))) void Fiber::run() {
  Fiber* const fiber = starting;
  // The address sanitizer has made no fake stack for a function that only begins.
  fiber->inside_record_.state = sanitizers::thread ? fiber->inside_record_.state : nullptr;
  sanitizers::after_switch(fiber->inside_record_, &fiber->outside_record_);
  fiber->function_();
  fiber->exit(true);
  std::terminate();
}

}  // namespace nib::cuda_on_host
