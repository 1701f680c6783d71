#include "common/rpc/health.h"

#include "common/config/version.h"
#include "common/rpc/status.h"

namespace kith::rpc {
namespace {

constexpr ErrorDef kServiceNotFound{absl::StatusCode::kNotFound, "SERVICE_NOT_FOUND",
                                    "this server has no such service"};
constexpr absl::string_view kDomain = "grpc.health.v1.Health";

}  // namespace

// A watching call. Its state is guarded by the service's mutex. Deletes itself.
class HealthService::Watcher final : public grpc::ServerWriteReactor<Response> {
 public:
  Watcher(HealthService* service, bool known) : service_(service), known_(known) {}

  // Sends the status unless it is the last one sent or a write is under way.
  void Update() {
    if (writing_ || finished_) return;
    const auto status = service_->StatusOf(known_);
    if (response_.status() == status && sent_) {
      if (service_->stopped_) FinishOnce(MakeError(kith::errors::kShuttingDown));
      return;
    }
    response_.set_status(status);
    sent_ = true;
    writing_ = true;
    StartWrite(&response_);
  }

  void OnWriteDone(bool ok) override {
    const absl::MutexLock lock(&service_->mutex_);
    writing_ = false;
    if (!ok) return FinishOnce(MakeError(errors::kCancelled));
    Update();
  }
  void OnCancel() override {
    const absl::MutexLock lock(&service_->mutex_);
    FinishOnce(MakeError(errors::kCancelled));
  }
  void OnDone() override {
    {
      const absl::MutexLock lock(&service_->mutex_);
      service_->watchers_.erase(this);
    }
    delete this;
  }

 private:
  void FinishOnce(const absl::Status& status) {
    if (finished_) return;
    finished_ = true;
    Finish(ToGrpc(status, kDomain));
  }

  HealthService* const service_;
  const bool known_;
  Response response_;
  bool sent_ = false;
  bool writing_ = false;
  bool finished_ = false;
};

void HealthService::AddService(const std::string& full_name) {
  const absl::MutexLock lock(&mutex_);
  names_.insert(full_name);
}

void HealthService::SetServing(bool serving) {
  const absl::MutexLock lock(&mutex_);
  if (stopped_ || serving == serving_) return;
  serving_ = serving;
  for (Watcher* watcher : watchers_) watcher->Update();
}

void HealthService::Stop() {
  const absl::MutexLock lock(&mutex_);
  serving_ = false;
  stopped_ = true;
  for (Watcher* watcher : watchers_) watcher->Update();
}

HealthService::Response::ServingStatus HealthService::StatusOf(bool known) const {
  if (!known) return Response::SERVICE_UNKNOWN;
  return serving_ ? Response::SERVING : Response::NOT_SERVING;
}

grpc::ServerUnaryReactor* HealthService::Check(
    grpc::CallbackServerContext* context, const grpc::health::v1::HealthCheckRequest* request,
    Response* response) {
  auto* reactor = context->DefaultReactor();
  const absl::ReaderMutexLock lock(&mutex_);
  if (!names_.contains(request->service())) {
    reactor->Finish(ToGrpc(MakeError(kServiceNotFound), kDomain));
  } else {
    response->set_status(StatusOf(true));
    context->AddInitialMetadata("kith-version", config::Version());
    reactor->Finish(grpc::Status::OK);
  }
  return reactor;
}

grpc::ServerWriteReactor<HealthService::Response>* HealthService::Watch(
    grpc::CallbackServerContext*, const grpc::health::v1::HealthCheckRequest* request) {
  const absl::MutexLock lock(&mutex_);
  auto* watcher = new Watcher(this, names_.contains(request->service()));
  watchers_.insert(watcher);
  watcher->Update();
  return watcher;
}

}  // namespace kith::rpc
