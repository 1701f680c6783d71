#include "services/outreach/rpc/outreach_service.h"

#include "common/rpc/runtime.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/test_database.h"

namespace kith::outreach {
namespace {

TEST(OutreachService, BindsEveryMethod) {
  const auto database = test::OpenFreshStore("sqlite");
  metrics::Registry metrics;
  rpc::Runtime runtime;
  runtime.metrics = &metrics;
  const auto service = MakeOutreachService(*database, SystemClock(), &runtime);
  EXPECT_THAT(service->UnboundMethods(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace kith::outreach
