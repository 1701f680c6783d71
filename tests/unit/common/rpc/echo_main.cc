// A service with nothing of its own but an echo: what every service is made of.
#include "common/rpc/runtime.h"
#include "common/server/service_main.h"
#include "tests/unit/common/rpc/echo.pb.h"

namespace {

using namespace kith::echo::v1;

// Answers with its text.
class EchoCommand final : public kith::exec::Command {
 public:
  explicit EchoCommand(std::string text) : text_(std::move(text)) {}
  absl::StatusOr<std::string> Decide(kith::exec::Unit&, absl::Time) const override {
    PutResponse response;
    response.set_text(text_);
    return response.SerializeAsString();
  }

 private:
  const std::string text_;
};

absl::StatusOr<kith::rpc::WriteCall> Put(const PutRequest& request) {
  return kith::rpc::WriteCall{request.program_id(), request.request_id(), 1,
                              std::make_unique<EchoCommand>(request.text())};
}

std::vector<std::unique_ptr<kith::rpc::Service>> MakeServices(
    const kith::server::Parts& parts) {
  auto service = std::make_unique<kith::rpc::Service>(
      PutRequest::descriptor()->file()->FindServiceByName("EchoService"), parts.runtime);
  service->Write<PutRequest>("Put", Put);
  service->Read<GetRequest, GetResponse>(
      "Get",
      [](const GetRequest& request, const kith::rpc::CallContext&, GetResponse& response) {
        response.set_text(request.text());
        return absl::OkStatus();
      });
  service->Async<WaitRequest, WaitResponse>(
      "Wait", [](const WaitRequest&, const kith::rpc::CallContext&, auto done) {
        done(absl::OkStatus(), WaitResponse());
      });
  service->WriteStream<PutAllRequest, PutAllResponse>(
      "PutAll",
      [](const PutAllRequest& request) -> absl::StatusOr<kith::rpc::WriteCall> {
        return kith::rpc::WriteCall{"p", "", 1, std::make_unique<EchoCommand>(request.text())};
      },
      [](const PutAllRequest& request, absl::string_view, PutAllResponse& response) {
        response.add_texts(request.text());
      });
  std::vector<std::unique_ptr<kith::rpc::Service>> services;
  services.push_back(std::move(service));
  return services;
}

// Has no use for any fact.
class NoUse final : public kith::feed::Handler {
 public:
  void Prefetch(const kith::feed::Event&, kith::exec::Loader&) const override {}
  absl::Status Apply(const kith::feed::Event&, kith::exec::Unit&, absl::Time) const override {
    return absl::OkStatus();
  }
};

std::unique_ptr<kith::feed::Handler> MakeHandler(const kith::server::Parts&) {
  return std::make_unique<NoUse>();
}

}  // namespace

int main(int argc, char** argv) {
  kith::server::Definition definition;
  definition.name = "echo";
  definition.description = "Answers what it is told.";
  definition.port = 7999;
  definition.metrics_port = 9999;
  definition.follows = {"bells", "whistles"};
  definition.make_services = MakeServices;
  definition.make_handler = MakeHandler;
  return kith::server::ServiceMain(definition, argc, argv);
}
