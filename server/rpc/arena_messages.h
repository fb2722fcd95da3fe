#ifndef STEELYARD_SERVER_RPC_ARENA_MESSAGES_H_
#define STEELYARD_SERVER_RPC_ARENA_MESSAGES_H_

#include "google/protobuf/arena.h"
#include "grpcpp/support/message_allocator.h"

namespace steelyard::rpc {

// Puts the request and the reply of each call of a method into one arena, so
// that a reply of thousands of small messages costs a few allocations. Give it
// to SetMessageAllocatorFor_{Method}; it must outlive the service. Thread-safe.
template <typename Request, typename Reply>
class ArenaMessages final : public grpc::MessageAllocator<Request, Reply> {
 public:
  grpc::MessageHolder<Request, Reply>* AllocateMessages() override { return new Holder; }

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

   private:
    static google::protobuf::ArenaOptions Options() {
      google::protobuf::ArenaOptions options;
      options.start_block_size = kFirstBlock;
      options.max_block_size = kMostBlock;
      return options;
    }
    google::protobuf::Arena arena_;
  };
};

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_ARENA_MESSAGES_H_
