#include "services/outreach/rpc/converters.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/outreach/domain/evaluate.h"
#include "tests/unit/outreach/domain/fixtures.h"

namespace kith::outreach {
namespace {

using google::protobuf::util::MessageDifferencer;

template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

template <class Message>
Message ParseBytes(const std::string& bytes) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(bytes));
  return message;
}

TEST(Converters, APlaybookComesBackAsItWasApplied) {
  const auto playbook = Parse<v1::Playbook>(R"pb(
    program_id: "acme"
    playbook_id: "welcome"
    trigger: TRIGGER_AHA_REACHED
    steps {
      step_id: "one"
      after { seconds: 3600 nanos: 500000000 }
      kind: STEP_KIND_HUMAN_TASK
      channel: CHANNEL_TASK
      template: "call"
      cap_policy: CAP_POLICY_SKIP
      ignores_caps: true
      counts_towards_caps: false
    }
    steps {
      step_id: "two"
      after {}
      kind: STEP_KIND_ASK
      channel: CHANNEL_EMAIL
      template: "mail"
    }
    quiet_hours { start_minute: 1320 end_minute: 360 }
    caps { max_messages: 0 days: 7 kind: STEP_KIND_ASK channel: CHANNEL_SMS }
    time_zone: "Europe/Berlin"
    exit_on_conversion: true
    exit_on_churn: true
    max_lateness { seconds: 86400 }
    max_attempts: 9
  )pb");
  v1::GetPlaybookResponse out;
  ToProto({FromProto(playbook), 4, absl::UnixEpoch(), true}, out);
  EXPECT_EQ(out.version(), 4);
  EXPECT_TRUE(MessageDifferencer::Equals(out.playbook(), playbook))
      << out.playbook().DebugString();
}

TEST(Converters, ContactsKeepTheirSuppressions) {
  const auto request = Parse<v1::UpsertContactsRequest>(R"pb(
    program_id: "acme"
    contacts {
      contact_id: "ada"
      time_zone: "Asia/Kolkata"
      locale: "en-IN"
      suppressions {
        suppressions { cause: "do_not_contact" }
        suppressions { channel: CHANNEL_SMS cause: "bounce" }
      }
    }
    contacts { contact_id: "bob" }
    contacts {
      contact_id: "cid"
      suppressions {}
    }
  )pb");
  const std::vector<ContactUpdate> updates = FromProto(request);
  ASSERT_EQ(updates.size(), 3u);
  EXPECT_EQ(updates[0].contact.program_id, "acme");
  EXPECT_FALSE(updates[0].keeps_suppressions);
  EXPECT_TRUE(updates[1].keeps_suppressions) << "nothing is said of them";
  EXPECT_FALSE(updates[2].keeps_suppressions) << "there are none, says the caller";
  v1::ExplainContactResponse out;
  ToProto({updates[0].contact, {}, "contact Asia/Kolkata", "next"}, out);
  EXPECT_EQ(out.next_page_token(), "next");
  EXPECT_TRUE(MessageDifferencer::Equals(out.contact(), request.contacts(0)));
  EXPECT_EQ(out.zone_source(), "contact Asia/Kolkata");
}

TEST(Converters, ATraceCarriesTheVerdict) {
  Message message = FirstMessage(MakePlaybook(), MakeContact(), At("2026-05-01T10:00:00Z"));
  message.state = MessageState::kDead;
  message.reason = "permanent";
  message.reason_detail = "no such address";
  const Verdict verdict =
      Evaluate(message, MakeContact(), MakePlaybook(), {}, At("2026-05-02T10:00:00Z"));
  v1::ExplainContactResponse out;
  ToProto({MakeContact(), {{message, verdict}}, "utc", ""}, out);
  ASSERT_EQ(out.messages_size(), 1);
  const v1::MessageTrace& trace = out.messages(0);
  EXPECT_EQ(trace.reason(), "permanent: no such address");
  EXPECT_EQ(trace.state(), v1::MESSAGE_STATE_DEAD);
  EXPECT_FALSE(trace.would_send());
  ASSERT_EQ(trace.checks_size(), 1);
  EXPECT_EQ(trace.checks(0).name(), "state");
  EXPECT_FALSE(trace.checks(0).passed());
  EXPECT_EQ(FromProto(trace.planned_time()), At("2026-05-01T10:00:00Z"));
}

TEST(Converters, AnswersAreEncoded) {
  const absl::Time next = At("2026-05-01T10:00:00Z") + absl::Microseconds(7);
  const auto nacked =
      ParseBytes<v1::NackMessageResponse>(EncodeNacked({MessageState::kScheduled, next}));
  EXPECT_EQ(nacked.state(), v1::MESSAGE_STATE_SCHEDULED);
  EXPECT_EQ(FromProto(nacked.next_attempt_time()), next);
  EXPECT_FALSE(ParseBytes<v1::NackMessageResponse>(EncodeNacked({MessageState::kDead, {}}))
                   .has_next_attempt_time());
  EXPECT_EQ(ParseBytes<v1::AckMessageResponse>(EncodeAcked({MessageState::kSent, {}})).state(),
            v1::MESSAGE_STATE_SENT);
  const auto applied = ParseBytes<v1::ApplyPlaybookResponse>(
      EncodeApplied({3, true, {{"time_zone", "", "UTC"}}}));
  EXPECT_EQ(applied.version(), 3);
  EXPECT_EQ(applied.differences(0).new_value(), "UTC");
}

TEST(Converters, ALeaseTellsTheSenderAllItNeeds) {
  const absl::Time start = At("2026-05-01T10:00:00Z");
  Message message = FirstMessage(MakePlaybook(), MakeContact(), start);
  message.subject_id = "r1";
  message = Leased(message, {"1-ab", start, start + absl::Minutes(1), "w"});
  const auto claimed =
      ParseBytes<v1::ClaimDueResponse>(EncodeClaimed({{{message, "hello-template", "de"}}}));
  EXPECT_TRUE(MessageDifferencer::Equals(claimed.messages(0), Parse<v1::LeasedMessage>(R"pb(
                                           message_id: "welcome:ada:ada:hello"
                                           lease_token: "1-ab"
                                           contact_id: "ada"
                                           playbook_id: "welcome"
                                           playbook_version: 1
                                           step_id: "hello"
                                           kind: STEP_KIND_ASK
                                           channel: CHANNEL_EMAIL
                                           template: "hello-template"
                                           locale: "de"
                                           due_time { seconds: 1777629600 }
                                           lease_end_time { seconds: 1777629660 }
                                           attempt: 1
                                           subject_id: "r1"
                                         )pb")))
      << claimed.DebugString();
}

}  // namespace
}  // namespace kith::outreach
