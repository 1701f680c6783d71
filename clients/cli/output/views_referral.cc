#include "absl/strings/str_cat.h"
#include "clients/cli/output/format.h"
#include "clients/cli/output/table.h"
#include "clients/cli/output/views.h"
#include "clients/cli/text/enum_name.h"

namespace kith::cli {

std::string Counted(int64_t count, absl::string_view one) {
  return absl::StrCat(Count(count), " ", one, count == 1 ? "" : "s");
}

void PrintConcentration(const View& view,
                        const advocacy::v1::GetConcentrationResponse& concentration,
                        const advocacy::v1::GetSegmentsResponse& segments) {
  view.out << Counted(concentration.advocates(), "advocate") << ", "
           << Count(concentration.successes())
           << (concentration.successes() == 1 ? " success" : " successes") << ", Gini "
           << Decimal(concentration.gini(), 4) << '\n';
  Table top("advocates",
            {{"top of advocates", Align::kRight}, {"share of successes", Align::kRight}});
  for (const auto& share : concentration.top()) {
    top.Add({Percent(share.share_of_advocates()), Percent(share.share_of_successes())});
  }
  top.Print(view.out, view.color);
  view.out << '\n';
  Table table("segments", {{"segment"},
                           {"advocates", Align::kRight},
                           {"fewest", Align::kRight},
                           {"most successes", Align::kRight}});
  for (const auto& segment : segments.segments()) {
    table.Add({EnumText(segment.segment()), Count(segment.advocates()),
               Count(segment.min_successes()), Count(segment.max_successes())});
  }
  table.Print(view.out, view.color);
}

void PrintRewardTotals(
    const View& view,
    const google::protobuf::RepeatedPtrField<referral::v1::RewardTotal>& totals) {
  Table table("rewards", {{"state"}, {"rewards", Align::kRight}, {"total", Align::kRight}});
  for (const auto& total : totals) {
    table.Add({EnumText(total.state()), Count(total.count()),
               Amount(total.amount_minor(), total.currency())});
  }
  table.Print(view.out, view.color);
}

}  // namespace kith::cli
