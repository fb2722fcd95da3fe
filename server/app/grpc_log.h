#ifndef STEELYARD_SERVER_APP_GRPC_LOG_H_
#define STEELYARD_SERVER_APP_GRPC_LOG_H_

#include <string>
#include <string_view>

namespace steelyard::app {

// Makes what gRPC has to say a line of our log, without secrets: where it finds
// metadata wrong, it prints them. For the whole process, again at no cost.
// Thread-safe.
void WriteGrpcLogAsOurs();

// `text` up to the first token or credential in it.
std::string WithoutSecrets(std::string_view text);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_GRPC_LOG_H_
