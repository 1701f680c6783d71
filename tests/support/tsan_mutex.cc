// Tells ThreadSanitizer what Abseil's locks do. Debian's Abseil is built without it, so that
// every access under an absl::Mutex would look like a race. In the tsan build each program has
// this file: it stands before the functions of the library, also for gRPC, which calls the
// same ones, and hands on to them.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <type_traits>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}

namespace {

constexpr unsigned kWrite = 0;
constexpr unsigned kRead = __tsan_mutex_read_lock;

// The library's function. Its name is that of Debian's Abseil, whose inline namespace is
// debian3; a program that runs with another one stops here.
template <class Function>
Function Real(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) __builtin_trap();
  return reinterpret_cast<Function>(found);
}

// The library's functions call each other, which is not told again.
thread_local bool inside = false;

template <class Call>
auto Inside(Call call) {
  struct Guard {
    Guard() { inside = true; }
    ~Guard() { inside = false; }
  } guard;
  return call();
}

// What runs between these is the lock's own business, conditions of waiters included.
template <class Call>
auto Locking(void* mutex, unsigned flags, Call call) {
  if (inside) return call();
  __tsan_mutex_pre_lock(mutex, flags);
  if constexpr (std::is_void_v<decltype(call())>) {
    Inside(call);
    __tsan_mutex_post_lock(mutex, flags, 0);
  } else {
    auto result = Inside(call);
    __tsan_mutex_post_lock(mutex, flags, 0);
    return result;
  }
}

// For a lock that may not be had.
template <class Call>
bool Trying(void* mutex, unsigned flags, Call call) {
  if (inside) return call();
  flags |= __tsan_mutex_try_lock;
  __tsan_mutex_pre_lock(mutex, flags);
  const bool locked = Inside(call);
  __tsan_mutex_post_lock(mutex, locked ? flags : flags | __tsan_mutex_try_lock_failed, 0);
  return locked;
}

template <class Call>
void Unlocking(void* mutex, unsigned flags, Call call) {
  if (inside) return call();
  __tsan_mutex_pre_unlock(mutex, flags);
  Inside(call);
  __tsan_mutex_post_unlock(mutex, flags);
}

// Gives the lock up and takes it again. Nobody says whether it is held to read or to write;
// nobody here waits while reading.
template <class Call>
auto Waiting(void* mutex, Call call) {
  if (inside) return call();
  Unlocking(mutex, kWrite, [] {});
  return Locking(mutex, kWrite, call);
}

// Calls `object->method(arguments)` of the library.
template <class Result, class Object, class... Arguments>
Result Forward(const char* name, Object* object, Arguments... arguments) {
  return Real<Result (*)(Object*, Arguments...)>(name)(object, arguments...);
}

}  // namespace

#define KITH_MUTEX(name) "_ZN4absl7debian35Mutex" name

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  Locking(this, kWrite, [&] { Forward<void>(KITH_MUTEX("4LockEv"), this); });
}
void Mutex::Unlock() {
  Unlocking(this, kWrite, [&] { Forward<void>(KITH_MUTEX("6UnlockEv"), this); });
}
bool Mutex::TryLock() {
  return Trying(this, kWrite, [&] { return Forward<bool>(KITH_MUTEX("7TryLockEv"), this); });
}
void Mutex::ReaderLock() {
  Locking(this, kRead, [&] { Forward<void>(KITH_MUTEX("10ReaderLockEv"), this); });
}
void Mutex::ReaderUnlock() {
  Unlocking(this, kRead, [&] { Forward<void>(KITH_MUTEX("12ReaderUnlockEv"), this); });
}
bool Mutex::ReaderTryLock() {
  return Trying(this, kRead,
                [&] { return Forward<bool>(KITH_MUTEX("13ReaderTryLockEv"), this); });
}
void Mutex::LockWhen(const Condition& condition) {
  Locking(this, kWrite,
          [&] { Forward<void>(KITH_MUTEX("8LockWhenERKNS0_9ConditionE"), this, &condition); });
}
bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  return Locking(this, kWrite, [&] {
    return Forward<bool>(KITH_MUTEX("19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE"),
                         this, &condition, timeout);
  });
}
bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  return Locking(this, kWrite, [&] {
    return Forward<bool>(KITH_MUTEX("20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE"),
                         this, &condition, deadline);
  });
}
void Mutex::Await(const Condition& condition) {
  Waiting(this,
          [&] { Forward<void>(KITH_MUTEX("5AwaitERKNS0_9ConditionE"), this, &condition); });
}
bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  return Waiting(this, [&] {
    return Forward<bool>(KITH_MUTEX("16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE"),
                         this, &condition, timeout);
  });
}
bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  return Waiting(this, [&] {
    return Forward<bool>(KITH_MUTEX("17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE"), this,
                         &condition, deadline);
  });
}

void CondVar::Wait(Mutex* mutex) {
  Waiting(mutex,
          [&] { Forward<void>("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE", this, mutex); });
}
bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  return Waiting(mutex, [&] {
    return Forward<bool>(
        "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE", this, mutex,
        timeout);
  });
}
bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  return Waiting(mutex, [&] {
    return Forward<bool>("_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE",
                         this, mutex, deadline);
  });
}

void Notification::Notify() {
  __tsan_release(this);
  Forward<void>("_ZN4absl7debian312Notification6NotifyEv", this);
}
void Notification::WaitForNotification() const {
  Forward<void>("_ZNK4absl7debian312Notification19WaitForNotificationEv", this);
  __tsan_acquire(const_cast<Notification*>(this));
}
bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  const bool notified = Forward<bool>(
      "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE", this,
      timeout);
  __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}
bool Notification::WaitForNotificationWithDeadline(Time deadline) const {
  const bool notified = Forward<bool>(
      "_ZNK4absl7debian312Notification31WaitForNotificationWithDeadlineENS0_4TimeE", this,
      deadline);
  __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

bool BlockingCounter::DecrementCount() {
  __tsan_release(this);
  return Forward<bool>("_ZN4absl7debian315BlockingCounter14DecrementCountEv", this);
}
void BlockingCounter::Wait() {
  Forward<void>("_ZN4absl7debian315BlockingCounter4WaitEv", this);
  __tsan_acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
