#include "server/rpc/executor.h"

#include <utility>

namespace steelyard::rpc {

Executor::Executor(Clock& clock, const Options& options)
    : clock_(clock), max_in_flight_(options.max_in_flight) {
  for (int i = 0; i < options.threads; ++i) threads_.emplace_back([this] { Loop(); });
}

Executor::~Executor() { Stop(); }

bool Executor::Submit(absl::Time deadline, Work work) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() + running_ >= max_in_flight_) return false;
    queue_.push_back({deadline, std::move(work)});
  }
  wake_.notify_one();
  return true;
}

void Executor::Stop() {
  std::vector<std::thread> threads;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

size_t Executor::in_flight() const {
  std::lock_guard lock(mutex_);
  return queue_.size() + running_;
}

void Executor::Loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    Item item = std::move(queue_.front());
    queue_.pop_front();
    ++running_;
    const bool stopping = stopping_;
    lock.unlock();
    item.work(stopping                        ? Turn::kStopping
              : clock_.Now() >= item.deadline ? Turn::kExpired
                                              : Turn::kRun);
    item.work = nullptr;  // what it holds goes before it counts as done
    lock.lock();
    --running_;
  }
}

}  // namespace steelyard::rpc
