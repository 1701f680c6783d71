#include "tests/property/generator.h"

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "tests/property/rules.h"

namespace kith::property {
namespace {

constexpr int kAdvocates = 4;
constexpr int kCustomers = 10;

class Generator {
 public:
  Generator(uint64_t seed, const std::string& program_id)
      : random_(seed), program_id_(program_id) {}

  History Make() {
    Begin();
    const int length = 25 + Pick(50);
    while (static_cast<int>(history_.size()) < length) Add();
    Advance(absl::Hours(24 * 40));
    Advance(absl::Hours(24 * 400));
    return std::move(history_);
  }

 private:
  int Pick(int n) { return static_cast<int>(random_() % n); }
  bool Chance(int percent) { return Pick(100) < percent; }
  template <class List>
  auto OneOf(const List& list) {
    return *(std::begin(list) + Pick(static_cast<int>(std::size(list))));
  }

  std::string Advocate() { return absl::StrCat("a", Pick(kAdvocates)); }
  // Some customers recommend, too.
  std::string Customer() {
    return Chance(6) ? Advocate() : absl::StrCat("c", Pick(kCustomers));
  }
  static std::string EmailOf(int person) {
    const char* domain = person % 5 == 2   ? "corp.example"
                         : person % 7 == 6 ? "throwaway.example"
                                           : "mail.example";
    return absl::StrCat("p", person, "@", domain);
  }
  std::string Email() { return Chance(50) ? "" : EmailOf(Pick(kCustomers + kAdvocates)); }
  std::string Device() { return Chance(75) ? "" : absl::StrCat("d", Pick(8)); }
  std::string Ip() { return Chance(85) ? "" : absl::StrCat("10.0.0.", Pick(6)); }
  std::string Code() { return codes_[Pick(static_cast<int>(codes_.size()))]; }
  std::string Campaign() { return Chance(60) ? "" : OneOf(kCampaigns); }
  // Some time before now, often long before.
  absl::Time Past() {
    return now_ - absl::Hours(Chance(50) ? Pick(24 * 5) : Pick(24 * 120)) -
           absl::Minutes(Pick(60));
  }

  Step& Push(Act act) {
    history_.emplace_back();
    history_.back().act = act;
    return history_.back();
  }

  void Begin() {
    Push(Act::kAdvance).time = now_;
    Apply();
    for (int i = 0; i < kAdvocates; ++i) {
      Step& step = Push(Act::kEnroll);
      step.advocate = absl::StrCat("a", i);
      step.email = EmailOf(i);
      step.device = Device();
      step.ip = Ip();
      step.joined = i > 0;
      codes_.push_back(FirstCodeOf(step.advocate));
    }
  }

  void Apply() {
    program_ = RandomRules(random_, program_id_, program_);
    Push(Act::kApply).program = program_;
    ++versions_;
  }

  void Advance(absl::Duration by) {
    now_ += by;
    Push(Act::kAdvance).time = now_;
  }

  void Add() {
    const size_t before = history_.size();
    const int what = Pick(112);
    if (what >= 109) {
      AddRecalculation();
    } else if (what >= 106) {
      AddHandling(Pick(10));
    } else if (what >= 100) {
      AddHonesty(Pick(10));
    } else if (what < 18) {
      AddSignup();
    } else if (what < 36) {
      AddLead();
    } else if (what < 46) {
      AddTouch();
    } else if (what < 68) {
      AddConversion();
    } else if (what < 76) {
      Advance(absl::Minutes(1 + Pick(60 * 24 * (Chance(50) ? 2 : 30))));
    } else if (what < 80) {
      AddReversal();
    } else if (what < 84) {
      AddFulfilment();
    } else {
      AddRarely(Pick(16));
    }
    if (history_.size() == before) return;
    Step& step = history_.back();
    step.again = MayComeAgain(step) && Chance(10);
    Repeat();
  }

  void AddRarely(int what) {
    switch (what) {
      case 0:
        Push(Act::kCrash);
        return;
      case 1:
        return Apply();
      case 2:
        return AddVanity();
      case 3:
        return AddCampaignCode();
      case 4:
        return AddRotation();
      case 5:
        Push(Act::kRevoke).code = Code();
        return;
      case 6:
        Push(Act::kSuspend).advocate = Advocate();
        return;
      case 7:
        Push(Act::kReinstate).advocate = Advocate();
        return;
      case 8:
      case 9:
        return AddOverride();
      case 10:
      case 11:
        return AddLife(Act::kAha);
      case 12:
        return AddLife(Chance(70) ? Act::kChurn : Act::kReactivate);
      default:
        return AddDecision();
    }
  }

  Outcome ReportOf() {
    return Chance(50)   ? Outcome::kSuccess
           : Chance(80) ? Outcome::kFailure
                        : Outcome::kFailureForGood;
  }
  void AddFulfilment() {
    Step& step = Push(Act::kFulfil);
    step.amount = 1 + Pick(4);
    step.outcome = Chance(20)   ? Outcome::kNoReport
                   : Chance(50) ? Outcome::kSuccess
                                : ReportOf();
  }
  void AddHandling(int what) {
    if (what < 5) {
      Push(Act::kReport).outcome = ReportOf();
    } else if (what < 7) {
      Push(Act::kRetry).amount = Pick(5);
    } else {
      Step& step = Push(Act::kStock);
      step.id = "mug";
      step.amount = Pick(5);
    }
  }
  void AddRecalculation() {
    Step& step = Push(Act::kRecalculate);
    step.amount = Chance(60) ? 0 : 1 + Pick(versions_);
    step.no = Chance(50);
    step.time = now_ - absl::Hours(24 * Pick(150));
    step.until = step.time + absl::Hours(24 * (1 + Pick(150)));
  }

  // What names a thing by its place in a list names another one when it comes again.
  static bool MayComeAgain(const Step& step) {
    const bool by_place = step.act == Act::kResolve || step.act == Act::kRetry;
    return step.act != Act::kAdvance && step.act != Act::kCrash &&
           step.act != Act::kRecalculate && step.act != Act::kReport &&
           !(by_place && step.amount);
  }

  void AddHonesty(int what) {
    if (what < 2) {
      Step& step = Push(Chance(70) ? Act::kBlock : Act::kUnblock);
      if (Chance(60)) {
        step.email = EmailOf(Pick(kCustomers + kAdvocates));
      } else {
        step.device = absl::StrCat("d", Pick(8));
      }
      return;
    }
    Step& step = Push(Act::kResolve);
    step.no = Chance(45);
    if (what < 8) {
      step.amount = Pick(10);
    } else {
      step.id = Chance(70) ? absl::StrCat("r", Pick(std::max(1, leads_)))
                           : absl::StrCat("signup:", Customer());
    }
  }

  // The same step once more, much later: a duplicate that comes out of order.
  void Repeat() {
    if (!Chance(4)) return;
    Step copy = history_[Pick(static_cast<int>(history_.size()))];
    const bool item = copy.act == Act::kTouch || copy.act == Act::kLead ||
                      copy.act == Act::kSignup || copy.act == Act::kConvert;
    copy.joined = false;
    if (item) history_.push_back(std::move(copy));
  }

  void Join(Step& step) {
    const size_t size = history_.size();
    step.joined = size > 1 && history_[size - 2].act == step.act &&
                  !history_[size - 2].again && Chance(60);
  }

  void AddLead() {
    Step& step = Push(Act::kLead);
    step.id = absl::StrCat("r", leads_++);
    step.advocate = Chance(95) ? Advocate() : "nobody";
    if (Chance(60)) step.customer = Customer();
    step.email = Email();
    step.campaign = Campaign();
    step.time = Past();
    if (Chance(60)) step.seats = absl::StrCat(Pick(30));
    step.device = Device();
    step.ip = Ip();
    Join(step);
  }

  void AddTouch() {
    Step& step = Push(Act::kTouch);
    step.id = absl::StrCat("t", touches_++);
    step.code = Code();
    step.visitor = absl::StrCat("v", Pick(kCustomers));
    step.time = Past();
    step.no = Chance(40);
    if (Chance(10)) step.source = "google_ads";
    Join(step);
  }

  void AddSignup() {
    Step& step = Push(Act::kSignup);
    step.customer = Customer();
    step.email = Email();
    step.time = Past();
    if (Chance(30)) step.code = Chance(90) ? Code() : "typo";
    if (Chance(30)) step.referrer = Chance(90) ? Advocate() : "nobody";
    if (Chance(50)) step.visitor = absl::StrCat("v", Pick(kCustomers));
    if (Chance(50)) step.plan = OneOf(kPlans);
    step.device = Device();
    step.ip = Ip();
    if (Chance(8)) step.source = "google_ads";
    Join(step);
  }

  void AddConversion() {
    Step& step = Push(Act::kConvert);
    step.id = absl::StrCat("o", conversions_++);
    if (Chance(80)) step.customer = Customer();
    if (step.customer.empty() || Chance(10)) {
      step.referral = absl::StrCat("r", Pick(std::max(1, leads_)));
    }
    step.time = Past();
    if (Chance(60)) step.time = std::max(step.time, Past());  // mostly after the signup
    if (Chance(85)) step.amount = Pick(12'000);
    if (step.amount && Chance(20)) step.annual = Pick(200'000);
    if (step.amount && Chance(20)) step.fee = Pick(3'000);
    if (Chance(50)) step.event = OneOf(kEvents);
    if (Chance(40)) step.plan = OneOf(kPlans);
    if (Chance(30)) step.order = absl::StrCat("trip", Pick(3));
    Join(step);
  }

  void AddReversal() {
    Step& step = Push(Act::kReverse);
    step.id = absl::StrCat("o", Pick(std::max(1, conversions_)));
    if (!Chance(40)) return;
    step.amount = Pick(24 * (Chance(50) ? 3 : 30));
    step.time = now_ - absl::Hours(*step.amount);
  }

  void AddVanity() {
    Step& step = Push(Act::kVanity);
    step.advocate = Advocate();
    step.code = absl::StrCat("FRIEND", 20 + Pick(6));
    codes_.push_back(step.code);
  }
  void AddCampaignCode() {
    Step& step = Push(Act::kCampaignCode);
    step.advocate = Advocate();
    step.campaign = OneOf(kCampaigns);
    step.code = absl::StrCat("campaign:", codes_.size());
    codes_.push_back(step.code);
  }
  void AddRotation() {
    Step& step = Push(Act::kRotate);
    step.advocate = Advocate();
    step.code = absl::StrCat("new:", codes_.size());
    codes_.push_back(step.code);
  }
  void AddOverride() {
    Step& step = Push(Act::kOverride);
    step.customer = Customer();
    if (Chance(80)) step.advocate = Advocate();
  }
  void AddLife(Act act) {
    Step& step = Push(act);
    step.customer = Customer();
    step.time = Past();
  }
  void AddDecision() {
    Step& step = Push(Act::kQualify);
    step.id = absl::StrCat("r", Pick(std::max(1, leads_)));
    step.no = Chance(40);
  }

  std::mt19937_64 random_;
  const std::string program_id_;
  absl::Time now_ = kBeginning;
  std::vector<std::string> codes_;
  std::optional<kith::referral::v1::Program> program_;
  int versions_ = 0, leads_ = 0, touches_ = 0, conversions_ = 0;
  History history_;
};

}  // namespace

History RandomHistory(uint64_t seed, const std::string& program_id) {
  return Generator(seed, program_id).Make();
}

}  // namespace kith::property
