#include "services/referral/app/change_stock.h"

#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/referral/app/rules.h"
#include "services/referral/store/fulfilment_tables.h"

namespace kith::referral::app {
namespace {

// Far more than there is of anything, so that sums cannot overflow.
constexpr int64_t kMostPieces = int64_t{1} << 50;

}  // namespace

ChangeStock::ChangeStock(Request request, Encoder<Response> encode)
    : request_(std::move(request)), encode_(std::move(encode)) {}

void ChangeStock::Prefetch(exec::Loader& loader) const {
  Rules::Want(loader, request_.program_id);
  loader.Want<store::StockTable>({request_.program_id, request_.item});
}

absl::StatusOr<std::string> ChangeStock::Decide(exec::Unit& unit, absl::Time now) const {
  KITH_RETURN_IF_ERROR(Rules::Load(unit, request_.program_id).status());
  const auto* stored = unit.Find<store::StockTable>({request_.program_id, request_.item});
  domain::Stock stock;
  if (stored != nullptr) stock = *stored;
  stock.program_id = request_.program_id;
  stock.item = request_.item;
  stock.on_hand = request_.set ? request_.pieces : stock.on_hand + request_.pieces;
  if (stock.on_hand > kMostPieces || stock.on_hand < -kMostPieces) {
    return MakeFieldError(kith::errors::kInvalidField, "pieces", "must leave a sane number");
  }
  stock.changed_time = now;
  unit.Put<store::StockTable>(stock);
  return encode_(stock);
}

}  // namespace kith::referral::app
