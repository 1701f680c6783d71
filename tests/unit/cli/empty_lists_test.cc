// One rule for lists without rows: a sentence, and an empty array with --json.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "kith/advocacy/v1/advocacy.pb.h"
#include "kith/outreach/v1/outreach.pb.h"
#include "kith/referral/v1/attribution.pb.h"
#include "kith/referral/v1/fraud.pb.h"
#include "kith/referral/v1/fulfilment.pb.h"
#include "kith/referral/v1/lead.pb.h"
#include "kith/referral/v1/program.pb.h"
#include "kith/referral/v1/referral.pb.h"
#include "kith/referral/v1/reward.pb.h"
#include "kith/retention/v1/retention.pb.h"
#include "nlohmann/json.hpp"
#include "tests/unit/cli/fake_caller.h"

namespace kith::cli {
namespace {

using namespace kith::referral::v1;
using nlohmann::json;

class EmptyListsTest : public CommandTest {
 protected:
  // All services know the program, and nothing else.
  EmptyListsTest() {
    caller_.Return<GetProgramRequest>(GetProgramResponse());
    caller_.Return<ListProgramsRequest>(ListProgramsResponse());
    caller_.Return<ListProgramVersionsRequest>(ListProgramVersionsResponse());
    caller_.Return<ListCampaignsRequest>(ListCampaignsResponse());
    caller_.Return<GetQualityRequest>(GetQualityResponse());
    caller_.Return<ListReferralsRequest>(ListReferralsResponse());
    caller_.Return<ListLeadsRequest>(ListLeadsResponse());
    caller_.Return<ListOverdueLeadsRequest>(ListOverdueLeadsResponse());
    caller_.Return<ListOverridesRequest>(ListOverridesResponse());
    caller_.Return<ListCodesRequest>(ListCodesResponse());
    caller_.Return<ListRewardsRequest>(ListRewardsResponse());
    caller_.Return<GetCapUseRequest>(GetCapUseResponse());
    caller_.Return<ListFulfilmentsRequest>(ListFulfilmentsResponse());
    caller_.Return<ListStockRequest>(ListStockResponse());
    caller_.Return<ListCasesRequest>(ListCasesResponse());
    caller_.Return<ListBlocklistRequest>(ListBlocklistResponse());
    caller_.Return<ListSuspendedAdvocatesRequest>(ListSuspendedAdvocatesResponse());
    caller_.Return<ListSuspensionsRequest>(ListSuspensionsResponse());
    caller_.Return<ClaimRewardsRequest>(ClaimRewardsResponse());
  }
};

TEST_F(EmptyListsTest, AreASentenceAndAnEmptyArray) {
  struct Case {
    const char* line;
    const char* sentence;
    const char* array;
  };
  for (const Case& one : {
           Case{"programs list", "no programs", "programs"},
           Case{"programs versions p", "no versions", "versions"},
           Case{"campaigns list p", "no campaigns", "campaigns"},
           Case{"campaigns quality p", "no campaigns under test", "campaigns"},
           Case{"referrals list p", "no referrals", "referrals"},
           Case{"referrals list p --lead won", "no referrals", "referrals"},
           Case{"referrals overdue p", "no overdue leads", "leads"},
           Case{"attribution overrides p", "no overrides", "overrides"},
           Case{"codes list p ann", "no codes", "codes"},
           Case{"rewards p", "no rewards", "rewards"},
           Case{"rewards caps p", "no caps", "uses"},
           Case{"fulfilment list p --state failed", "no fulfilments", "fulfilments"},
           Case{"fulfilment stock p", "no stocked items", "stock"},
           Case{"fraud cases p", "no cases", "cases"},
           Case{"fraud blocklist p", "no blocked identities", "blocked"},
           Case{"fraud suspended p", "no suspended advocates", "advocates"},
           Case{"fraud suspensions p ann", "no suspensions", "suspensions"},
           Case{"fulfilment claim p --provider shop", "no rewards", "rewards"},
       }) {
    const auto outcome = RunLine(one.line);
    EXPECT_EQ(outcome.code, kExitOk) << one.line;
    EXPECT_EQ(outcome.out, absl::StrCat(one.sentence, "\n")) << one.line;
    EXPECT_EQ(outcome.err, "") << one.line;
    const json shown = json::parse(RunLine(absl::StrCat(one.line, " --json")).out);
    EXPECT_EQ(shown[one.array], json::array()) << one.line;
  }
}

TEST_F(EmptyListsTest, PartsOfAnAnswerSayItToo) {
  caller_.Return<ListLedgerEntriesRequest>(ListLedgerEntriesResponse());
  caller_.Return<GetLedgerBalancesRequest>(GetLedgerBalancesResponse());
  EXPECT_EQ(RunLine("rewards ledger p").out, "no entries\n\nBalances\nno balances\n");
  caller_.Return<ExplainAttributionRequest>(ExplainAttributionResponse());
  EXPECT_THAT(RunLine("attribution explain p c").out, testing::EndsWith("\n\nno evidence\n"));
  caller_.Return<GetCaseRequest>(GetCaseResponse());
  EXPECT_THAT(RunLine("fraud case p r").out, testing::EndsWith("\nno signals\n"));
  caller_.Return<ExplainRewardRequest>(ExplainRewardResponse());
  EXPECT_THAT(RunLine("rewards explain p r").out,
              testing::EndsWith("\nConditions\nno conditions\n\nArithmetic\nno steps\n"
                                "\nCaps\nno caps\n\nHistory\nno history\n"));
  caller_.Return<retention::v1::GetSurvivalRequest>(retention::v1::GetSurvivalResponse());
  EXPECT_EQ(RunLine("survival p").out, "no customers\n\nno steps\n");
  caller_.Return<advocacy::v1::GetConcentrationRequest>(
      advocacy::v1::GetConcentrationResponse());
  caller_.Return<advocacy::v1::GetSegmentsRequest>(advocacy::v1::GetSegmentsResponse());
  EXPECT_THAT(RunLine("concentration p").out,
              testing::EndsWith("\nno advocates\n\nno segments\n"));
  caller_.Return<outreach::v1::ExplainContactRequest>(outreach::v1::ExplainContactResponse());
  EXPECT_THAT(RunLine("explain c --program p").out, testing::EndsWith("\n\nno messages\n"));
}

}  // namespace
}  // namespace kith::cli
