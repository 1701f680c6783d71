// Between the messages of the API and the application's terms. Messages have passed the
// generic checks of common/rpc. Enumerations have the same numbers on both sides.
#ifndef KITH_SERVICES_OUTREACH_RPC_CONVERTERS_H_
#define KITH_SERVICES_OUTREACH_RPC_CONVERTERS_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "services/outreach/app/answer_message.h"
#include "services/outreach/app/apply_playbook.h"
#include "services/outreach/app/claim_due.h"
#include "services/outreach/app/explain_contact.h"
#include "services/outreach/app/get_summary.h"
#include "services/outreach/app/upsert_contacts.h"
#include "services/outreach/domain/types.h"

namespace kith::outreach {

// Whole microseconds; the rest is cut off.
absl::Time FromProto(const google::protobuf::Timestamp& time);
absl::Duration FromProto(const google::protobuf::Duration& duration);
Playbook FromProto(const v1::Playbook& playbook);
std::vector<ContactUpdate> FromProto(const v1::UpsertContactsRequest& request);
ClaimDueRequest FromProto(const v1::ClaimDueRequest& request, absl::Time received_time);
ExplainContactRequest FromProto(const v1::ExplainContactRequest& request);

void ToProto(const PlaybookVersion& version, v1::GetPlaybookResponse& out);
void ToProto(const ContactExplanation& explanation, v1::ExplainContactResponse& out);
void ToProto(const Summary& summary, v1::GetOutreachSummaryResponse& out);

// Serialized responses of the commands.
std::string EncodeApplied(const ApplyPlaybookResult& result);
std::string EncodeUpserted(const UpsertContactsResult& result);
std::string EncodeClaimed(const ClaimDueResult& result);
std::string EncodeAcked(const AnswerResult& result);
std::string EncodeNacked(const AnswerResult& result);

}  // namespace kith::outreach

#endif  // KITH_SERVICES_OUTREACH_RPC_CONVERTERS_H_
