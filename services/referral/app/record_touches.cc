#include "services/referral/app/record_touches.h"

#include <map>
#include <set>
#include <utility>

#include "common/base/status_macros.h"
#include "services/referral/app/attribution.h"
#include "services/referral/app/decisions.h"
#include "services/referral/domain/attribution.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/errors.h"
#include "services/referral/domain/link.h"
#include "services/referral/domain/submission.h"
#include "services/referral/store/advocate_tables.h"
#include "services/referral/store/customer_tables.h"

namespace kith::referral::app {
namespace {

using NewTouch = RecordTouches::NewTouch;

bool SameContent(const NewTouch& touch, const std::string& code, const domain::Touch& stored) {
  return code == stored.code && touch.visitor_id == stored.visitor_id &&
         touch.touch_time.value_or(stored.touch_time) == stored.touch_time &&
         touch.kind == stored.kind && touch.source == stored.source;
}

// What became of a code that counts for nobody any more.
std::string HowRetired(exec::Unit& unit, const domain::Code& code) {
  if (FindDecision(unit, code.program_id, store::kRevoked, code.code) != nullptr) {
    return std::string(domain::kCodeRevoked);
  }
  const bool graced = code.honoured_until > code.retired_time;
  return std::string(graced ? domain::kCodeRotated : domain::rejections::kCodeRetired);
}

RecordedTouch View(exec::Unit& unit, const Rules& rules, const domain::Touch& touch) {
  RecordedTouch view{touch, "", std::nullopt};
  const auto* code = unit.Find<store::CodeTable>({touch.program_id, touch.code});
  if (code == nullptr) return view;
  view.honoured_until = code->honoured_until;
  const auto* advocate =
      unit.Find<store::AdvocateTable>({touch.program_id, code->advocate_id});
  if (advocate == nullptr) return view;
  const domain::ProgramVersion* version = rules.InForce(touch.touch_time);
  view.uncounted = domain::CodeRefusal(
      *code, *advocate, version == nullptr ? nullptr : &version->program, touch.touch_time);
  if (view.uncounted == domain::rejections::kCodeRetired) {
    view.uncounted = HowRetired(unit, *code);
  }
  return view;
}

}  // namespace

RecordTouches::RecordTouches(std::string program_id, std::vector<NewTouch> touches,
                             Encoder<Response> encode)
    : program_id_(std::move(program_id)),
      touches_(std::move(touches)),
      encode_(std::move(encode)) {}

void RecordTouches::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, program_id_);
  const Rules rules = Rules::Peek(loader, program_id_);
  std::map<std::string, std::set<std::string>> advocates;  // by visitor
  for (const NewTouch& touch : touches_) {
    const std::string code_text = domain::CodeOf(rules.versions(), touch.code);
    const store::IdKey visitor = {program_id_, touch.visitor_id};
    loader.Want<store::TouchTable>({program_id_, touch.touch_id});
    loader.Want<store::CodeTable>({program_id_, code_text});
    loader.WantAll<store::CustomersByVisitor>(visitor);
    const auto* code = loader.Peek<store::CodeTable>({program_id_, code_text});
    if (code != nullptr) {
      loader.Want<store::AdvocateTable>({program_id_, code->advocate_id});
      if (code->retired_time.has_value()) {
        WantDecision(loader, program_id_, store::kRevoked, code_text);
      }
    }
    advocates[touch.visitor_id].insert(code == nullptr ? "" : code->advocate_id);
  }
  for (const auto& [visitor_id, brought_by] : advocates) {
    for (const auto* customer :
         loader.PeekAll<store::CustomersByVisitor>({program_id_, visitor_id})) {
      for (const std::string& advocate_id : brought_by) {
        WantAttribution(loader, rules, *customer, advocate_id);
      }
    }
  }
}

absl::StatusOr<std::string> RecordTouches::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_ASSIGN_OR_RETURN(const Rules rules, Rules::Load(unit, program_id_));
  Response response;
  std::set<std::string> visitors;
  for (const NewTouch& touch : touches_) {
    response.push_back(Record(unit, rules, touch, domain::CodeOf(rules.versions(), touch.code),
                              now, visitors));
  }
  for (const std::string& visitor : visitors) JudgeVisitor(unit, rules, visitor, now);
  return encode_(response);
}

absl::StatusOr<RecordedTouch> RecordTouches::Record(exec::Unit& unit, const Rules& rules,
                                                    const NewTouch& input,
                                                    const std::string& code_text,
                                                    absl::Time now,
                                                    std::set<std::string>& visitors) const {
  if (const auto* stored = unit.Find<store::TouchTable>({program_id_, input.touch_id})) {
    if (SameContent(input, code_text, *stored)) return View(unit, rules, *stored);
    return MakeFieldError(domain::errors::kTouchIdReused, "touch_id",
                          "was used before with other content");
  }
  const absl::Time time = input.touch_time.value_or(now);
  KITH_RETURN_IF_ERROR(domain::CheckNotInFuture(time, now, "touch_time"));
  const auto* code = unit.Find<store::CodeTable>({program_id_, code_text});
  if (code == nullptr) {
    return MakeFieldError(domain::errors::kUnknownCode, "code",
                          domain::IsLink(code_text)
                              ? "must be a code, or a link by the program's link_template"
                              : "must be the code of an enrolled advocate");
  }
  const domain::Touch touch = {.program_id = program_id_,
                               .touch_id = input.touch_id,
                               .code = code_text,
                               .visitor_id = input.visitor_id,
                               .advocate_id = code->advocate_id,
                               .touch_time = time,
                               .kind = input.kind,
                               .source = input.source,
                               .campaign = code->campaign};
  unit.Put<store::TouchTable>(touch);
  visitors.insert(input.visitor_id);
  return View(unit, rules, touch);
}

void RecordTouches::JudgeVisitor(exec::Unit& unit, const Rules& rules,
                                 const std::string& visitor_id, absl::Time now) const {
  std::vector<domain::Customer> customers;
  for (const auto* customer :
       unit.Select<store::CustomersByVisitor>({program_id_, visitor_id})) {
    customers.push_back(*customer);
  }
  for (domain::Customer& customer : customers) {
    Attribute(unit, rules, std::move(customer), now);
  }
}

}  // namespace kith::referral::app
