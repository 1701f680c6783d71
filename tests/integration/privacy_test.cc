// People's addresses, names, numbers, devices and what is noted about them go in by every door
// of the referral service, and come out nowhere: not in its log, its metrics, its feed, nor in
// any byte of its store, whichever that is.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/ids.h"
#include "common/db/db.h"
#include "common/rpc/channel.h"
#include "kith/feed/v1/feed.grpc.pb.h"
#include "kith/referral/v1/fraud.grpc.pb.h"
#include "kith/referral/v1/lead.grpc.pb.h"
#include "kith/referral/v1/referral.grpc.pb.h"
#include "tests/support/server_process.h"
#include "tests/support/test_database.h"

namespace kith::test {
namespace {

namespace v1 = kith::referral::v1;
using v1::FraudService;
using v1::LeadService;
using v1::ReferralService;

constexpr char kProgram[] = "privacy";
// Somebody who must be found, so that finding nobody else means something.
constexpr char kVisible[] = "visible-advocate";
// A part of everything that must not be: texts hold the first, numbers the others.
constexpr absl::string_view kSecrets[] = {"needle",       "1715550017",  "171 5550017",
                                          "203.0.113.77", "2001:db8:77", "2001:db8:0:0"};
constexpr char kPhone[] = "+49 171 5550017";
constexpr char kIp[] = "203.0.113.77";
constexpr char kIpv6[] = "2001:DB8:77::1";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

// All files of a folder, also those that come and go meanwhile.
std::string ReadFolder(const std::filesystem::path& folder, absl::string_view name_prefix) {
  std::string content;
  std::error_code ignored;
  for (auto it = std::filesystem::recursive_directory_iterator(
           folder, std::filesystem::directory_options::skip_permission_denied, ignored);
       it != std::filesystem::recursive_directory_iterator(); it.increment(ignored)) {
    const std::string name = it->path().filename().string();
    if (it->is_regular_file(ignored) && absl::StartsWith(name, name_prefix)) {
      content += ReadFile(it->path());
    }
  }
  return content;
}

class PrivacyTest : public ::testing::TestWithParam<std::string> {
 protected:
  PrivacyTest()
      : folder_(TempDir()),
        store_(GetParam() == "sqlite" ? absl::StrCat("sqlite:", folder_, "/store.db")
                                      : FreshStoreUrl(GetParam())),
        address_(absl::StrCat("127.0.0.1:", FreePort())),
        metrics_address_(absl::StrCat("127.0.0.1:", FreePort())),
        server_(BinaryPath("kith-referral"),
                {"--listen=" + address_, "--metrics=" + metrics_address_, "--store=" + store_,
                 "--log-level=debug"},
                folder_ + "/referral.log") {
    server_.Start();
    channel_ = rpc::MakeChannel(address_);
  }

  template <class Request>
  static Request NewRequest() {
    Request request;
    request.set_program_id(kProgram);
    request.set_request_id(NewUuid(SystemClock().Now()));
    return request;
  }
  template <class Response, class Stub, class Request>
  Response Call(const std::unique_ptr<Stub>& stub,
                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                const Request& request, grpc::StatusCode expected = grpc::StatusCode::OK) {
    Response response;
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    rpc::SetTimeout(context, absl::Seconds(60));
    const grpc::Status status = ((*stub).*method)(&context, request, &response);
    EXPECT_EQ(status.error_code(), expected) << status.error_message();
    return response;
  }

  void ApplyProgram() {
    v1::ApplyProgramRequest request;
    request.set_request_id(NewUuid(SystemClock().Now()));
    auto& program = *request.mutable_program();
    program.set_program_id(kProgram);
    program.set_currency("EUR");
    auto& velocity = *program.mutable_fraud()->add_velocity();
    velocity.set_dimension(v1::VELOCITY_DIMENSION_ADVOCATE);
    velocity.set_max_per_day(1);
    Call(Referral(), &ReferralService::Stub::ApplyProgram, request);
  }
  void Enroll() {
    auto request = NewRequest<v1::EnrollAdvocatesRequest>();
    request.add_advocates()->set_advocate_id(kVisible);
    auto& advocate = *request.add_advocates();
    advocate.set_advocate_id("second-advocate");
    advocate.set_email("Needle.Advocate@needle-company.example");
    advocate.set_phone(kPhone);
    advocate.set_device_id("needle-laptop");
    advocate.set_payment_fingerprint("needle-card");
    advocate.set_ip_address(kIp);
    Call(Referral(), &ReferralService::Stub::EnrollAdvocates, request);
    auto update = NewRequest<v1::UpdateAdvocatesRequest>();
    auto& change = *update.add_updates();
    change.set_advocate_id("second-advocate");
    change.set_email("Needle.Advocate.2@needle-company.example");
    Call(Referral(), &ReferralService::Stub::UpdateAdvocates, update);
  }
  // Accepted, held and refused ones.
  void SubmitLeads() {
    auto request = NewRequest<v1::SubmitReferralsRequest>();
    for (int i = 0; i < 4; ++i) {
      auto& lead = *request.add_referrals();
      lead.set_referral_id(absl::StrCat("lead-", i));
      lead.set_advocate_id(i < 3 ? kVisible : "unknown-advocate");
      lead.set_referee_email(absl::StrCat("needle.friend", i % 2, "@needle-friends.example"));
      lead.set_referee_phone(kPhone);
      lead.set_referee_name("Nora Needle");
      lead.set_note("She asked for the needle brochure");
      lead.set_ip_address(kIpv6);
      lead.set_device_id("needle-phone");
      if (i == 1) lead.clear_referee_phone();
      if (i == 1) lead.set_referee_name("Ned Needleman");
    }
    const auto response = Call(Referral(), &ReferralService::Stub::SubmitReferrals, request);
    ASSERT_EQ(response.results_size(), 4);
    EXPECT_TRUE(response.results(0).has_referral());
    EXPECT_EQ(response.results(1).referral().fraud(), v1::FRAUD_STATE_HELD)
        << response.DebugString();
    EXPECT_TRUE(response.results(2).has_error());
    EXPECT_TRUE(response.results(3).has_error());
    request.set_request_id(NewUuid(SystemClock().Now()));
    request.mutable_referrals(0)->set_referee_email("needle is no address");
    Call(Referral(), &ReferralService::Stub::SubmitReferrals, request,
         grpc::StatusCode::INVALID_ARGUMENT);
  }
  void SignUp() {
    auto request = NewRequest<v1::AttributeSignupsRequest>();
    for (int i = 0; i < 2; ++i) {
      auto& signup = *request.add_signups();
      signup.set_customer_id(absl::StrCat("customer-", i));
      signup.set_email(absl::StrCat("needle.customer", i, "@mailinator.com"));
      signup.set_referrer_id("second-advocate");
      signup.set_phone(kPhone);
      signup.set_device_id("needle-laptop");
      signup.set_payment_fingerprint("needle-card");
      signup.set_ip_address(kIp);
    }
    Call(Referral(), &ReferralService::Stub::AttributeSignups, request);
  }
  void DecideConduct() {
    auto resolve = NewRequest<v1::ResolveCaseRequest>();
    resolve.set_referral_id("lead-1");
    resolve.set_decision(v1::FRAUD_DECISION_REJECT);
    resolve.set_decided_by("eve");
    resolve.set_note("Ned Needleman is her cousin");
    Call(Fraud(), &FraudService::Stub::ResolveCase, resolve);
    auto block = NewRequest<v1::AddToBlocklistRequest>();
    block.set_added_by("eve");
    block.set_cause("spam");
    const std::pair<v1::IdentityKind, const char*> blocked[] = {
        {v1::IDENTITY_KIND_EMAIL, "needle@evil.example"},
        {v1::IDENTITY_KIND_EMAIL_DOMAIN, "needle.example"},
        {v1::IDENTITY_KIND_PHONE, kPhone},
        {v1::IDENTITY_KIND_DEVICE, "needle-device"},
        {v1::IDENTITY_KIND_PAYMENT, "needle-payment"},
        {v1::IDENTITY_KIND_IP, kIp},
        {v1::IDENTITY_KIND_PHONE, "needle"}};
    for (const auto& [kind, value] : blocked) {
      auto& identity = *block.add_identities();
      identity.set_kind(kind);
      identity.set_value(value);
    }
    Call(Fraud(), &FraudService::Stub::AddToBlocklist, block);
    v1::CheckReferralRequest check;
    check.set_program_id(kProgram);
    check.set_advocate_id(kVisible);
    check.set_email("needle.checked@needle.example");
    check.set_phone(kPhone);
    check.set_device_id("needle-device");
    Call(Fraud(), &FraudService::Stub::CheckReferral, check);
    auto opt_out = NewRequest<v1::OptOutRequest>();
    opt_out.set_email("needle.quiet@needle.example");
    opt_out.set_phone(kPhone);
    Call(LeadService::NewStub(channel_), &LeadService::Stub::OptOut, opt_out);
  }
  // Those who may read them can.
  void ReadNotes() {
    v1::GetCaseRequest get;
    get.set_program_id(kProgram);
    get.set_referral_id("lead-1");
    EXPECT_EQ(Call(Fraud(), &FraudService::Stub::GetCase, get).fraud_case().note(),
              "Ned Needleman is her cousin");
    v1::GetLeadNoteRequest note;
    note.set_program_id(kProgram);
    note.set_referral_id("lead-0");
    EXPECT_EQ(
        Call(LeadService::NewStub(channel_), &LeadService::Stub::GetLeadNote, note).note(),
        "She asked for the needle brochure");
  }

  std::string Feed() {
    namespace feed = kith::feed::v1;
    const auto stub = feed::EventFeedService::NewStub(channel_);
    const int shards =
        Call(stub, &feed::EventFeedService::Stub::DescribeFeed, feed::DescribeFeedRequest())
            .shards_size();
    std::string bytes;
    for (int shard = 0; shard < shards; ++shard) {
      feed::ReadEventsRequest read;
      read.set_shard(shard);
      bytes += Call(stub, &feed::EventFeedService::Stub::ReadEvents, read).SerializeAsString();
    }
    return bytes;
  }
  // The files of the store, the journal among them, as they are.
  std::string StoreFiles() const {
    if (GetParam() == "sqlite") return ReadFolder(folder_, "store.db");
    const auto database = OpenStore(store_);
    const auto transaction = database->BeginRead(Soon()).value();
    const auto folder = transaction->Query("SELECT current_setting('data_directory')").value();
    return ReadFolder(folder.rows.front().Text(0), "");
  }
  // Every value of every table: a store may keep long ones compressed.
  std::string StoreRows() const {
    const auto database = OpenStore(store_);
    const auto transaction = database->BeginRead(Soon()).value();
    const auto tables = transaction->Query(
        GetParam() == "sqlite"
            ? "SELECT name FROM sqlite_master WHERE type = 'table'"
            : "SELECT CAST(table_name AS TEXT) FROM information_schema.tables "
              "WHERE table_schema = 'public'");
    std::string content;
    for (const db::Row& table : tables.value().rows) {
      const auto rows = transaction->Query(absl::StrCat("SELECT * FROM ", table.Text(0)));
      for (const db::Row& row : rows.value().rows) {
        for (size_t i = 0; i < row.size(); ++i) {
          absl::StrAppend(&content, row.Text(i), row.Bytes(i), "\n");
        }
      }
    }
    return content;
  }

  static void ExpectNobodyIn(absl::string_view where, const std::string& bytes) {
    const std::string lower = absl::AsciiStrToLower(bytes);
    for (const absl::string_view secret : kSecrets) {
      const size_t at = lower.find(std::string(secret));
      EXPECT_EQ(at, std::string::npos)
          << where << " holds " << secret << ": …"
          << absl::CHexEscape(lower.substr(at < 60 ? 0 : at - 60, 120));
    }
  }

  std::unique_ptr<ReferralService::Stub> Referral() {
    return ReferralService::NewStub(channel_);
  }
  std::unique_ptr<FraudService::Stub> Fraud() { return FraudService::NewStub(channel_); }

  const std::string folder_;
  const std::string store_;
  const std::string address_;
  const std::string metrics_address_;
  ServerProcess server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_P(PrivacyTest, NobodyIsFoundInLogMetricsFeedOrStore) {
  ApplyProgram();
  Enroll();
  SubmitLeads();
  SignUp();
  DecideConduct();
  ReadNotes();

  const std::string feed = Feed();
  EXPECT_TRUE(absl::StrContains(feed, kVisible));
  ExpectNobodyIn("the feed", feed);
  const std::string metrics =
      RunCommand("/usr/bin/curl", {"-sS", "--max-time", "5",
                                   absl::StrCat("http://", metrics_address_, "/metrics")})
          .out;
  EXPECT_TRUE(absl::StrContains(metrics, "SubmitReferrals"));
  ExpectNobodyIn("metrics", metrics);
  // While it runs: what is in the journal only is there too.
  const std::string files = StoreFiles();
  EXPECT_TRUE(absl::StrContains(files, kVisible));
  ExpectNobodyIn("the store's files", files);
  const std::string rows = StoreRows();
  EXPECT_TRUE(absl::StrContains(rows, kVisible));
  ExpectNobodyIn("the store's rows", rows);
  EXPECT_EQ(server_.Terminate(), 0);
  EXPECT_TRUE(absl::StrContains(server_.Log(), "SubmitReferrals"));
  ExpectNobodyIn("the log", server_.Log());
  ExpectNobodyIn("the store's files at rest", StoreFiles());
}

INSTANTIATE_TEST_SUITE_P(Stores, PrivacyTest, ::testing::ValuesIn(Backends()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace kith::test
