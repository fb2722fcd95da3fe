#ifndef STEELYARD_SERVER_RPC_ARENA_MESSAGES_H_
#define STEELYARD_SERVER_RPC_ARENA_MESSAGES_H_

#include <memory>
#include <utility>

#include "google/protobuf/arena.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/message_allocator.h"

namespace steelyard::rpc {

// Puts the request and the reply of each call of a method into one arena, so
// that a reply of thousands of small messages costs a few allocations. Give it
// to SetMessageAllocatorFor_{Method}; it must outlive the service. Thread-safe.
template <typename Request, typename Reply>
class ArenaMessages final : public grpc::MessageAllocator<Request, Reply> {
 public:
  grpc::MessageHolder<Request, Reply>* AllocateMessages() override { return new Holder; }

  // Sends `reply`, which others may be sending too, in place of the call's own:
  // nothing is copied. Call it before the call is finished.
  static void Share(grpc::CallbackServerContext& context, std::shared_ptr<const Reply> reply) {
    static_cast<Holder*>(context.GetRpcAllocatorState())->Share(std::move(reply));
  }

 private:
  static constexpr size_t kFirstBlock = size_t{32} << 10;
  static constexpr size_t kMostBlock = size_t{256} << 10;

  class Holder final : public grpc::MessageHolder<Request, Reply> {
   public:
    Holder() : arena_(Options()) {
      this->set_request(google::protobuf::Arena::CreateMessage<Request>(&arena_));
      this->set_response(google::protobuf::Arena::CreateMessage<Reply>(&arena_));
    }
    void Release() override { delete this; }
    void Share(std::shared_ptr<const Reply> reply) {
      shared_ = std::move(reply);
      // gRPC encodes it and never writes to it.
      this->set_response(const_cast<Reply*>(shared_.get()));
    }

   private:
    static google::protobuf::ArenaOptions Options() {
      google::protobuf::ArenaOptions options;
      options.start_block_size = kFirstBlock;
      options.max_block_size = kMostBlock;
      return options;
    }
    google::protobuf::Arena arena_;
    std::shared_ptr<const Reply> shared_;
  };
};

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_ARENA_MESSAGES_H_
