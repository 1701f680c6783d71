#include "services/retention/domain/population.h"

#include <algorithm>

namespace kith::retention {
namespace {

// Moves all but the greatest groups into one.
template <class T, class Size, class Add>
void Fold(std::map<std::string, T>& groups, Size size, Add add) {
  if (groups.size() <= kMaxGroups) return;
  std::vector<std::pair<int64_t, std::string>> order;
  for (const auto& [name, group] : groups) order.emplace_back(-size(group), name);
  std::sort(order.begin(), order.end());
  T other;
  for (size_t i = kMaxGroups - 1; i < order.size(); ++i) {
    const auto it = groups.find(order[i].second);
    add(it->second, other);
    groups.erase(it);
  }
  groups.emplace(kOtherGroups, std::move(other));
}

void AddCounts(const ChannelCounts& from, ChannelCounts& into) {
  into.customers += from.customers;
  into.churned += from.churned;
  into.onboarded += from.onboarded;
  into.aha_reached += from.aha_reached;
  for (const auto& [currency, minor] : from.revenue) into.revenue[currency] += minor;
}

void DropEmpty(TenuresByGroup& groups) {
  for (auto group = groups.begin(); group != groups.end();) {
    std::erase_if(group->second,
                  [](const auto& item) { return item.second == TenureCount(); });
    group = group->second.empty() ? groups.erase(group) : std::next(group);
  }
}

}  // namespace

std::vector<CounterKey> Contributions(const Customer& customer) {
  if (!customer.signup_time.has_value()) return {{Measure::kWithoutSignup, "", 0}};
  const std::string& channel = customer.channel;
  std::vector<CounterKey> keys;
  if (customer.churn_time.has_value()) {
    const int64_t tenure = TenureDays(*customer.signup_time, *customer.churn_time);
    keys.push_back({Measure::kChurned, channel, tenure});
  } else {
    keys.push_back({Measure::kLive, channel, CeilDay(*customer.signup_time)});
  }
  if (customer.onboarded_time.has_value()) keys.push_back({Measure::kOnboarded, channel, 0});
  if (customer.aha_time.has_value()) keys.push_back({Measure::kAhaReached, channel, 0});
  return keys;
}

TenuresByGroup PopulationAt(int64_t day, const Counters& counters,
                            absl::Span<const LateCustomers> late) {
  TenuresByGroup groups;
  for (const auto& [key, total] : counters) {
    if (key.measure == Measure::kLive && key.day <= day) {
      groups[key.channel][day - key.day].censored += total;
    } else if (key.measure == Measure::kChurned) {
      groups[key.channel][key.day].events += total;
    }
  }
  for (const LateCustomers& row : late) {
    Tenures& group = groups[row.channel];
    group[row.tenure].events -= row.customers;
    if (row.censored >= 0) group[row.censored].censored += row.customers;
  }
  DropEmpty(groups);
  return groups;
}

void FoldSmallGroups(TenuresByGroup& groups) {
  Fold(
      groups, [](const Tenures& tenures) { return Totals(tenures).customers; }, Merge);
}

ProgramCounts Summarize(const Counters& counters,
                        const std::map<std::string, Revenue>& revenue) {
  ProgramCounts counts;
  for (const auto& [channel, by_currency] : revenue) {
    counts.channels[channel].revenue = by_currency;
  }
  for (const auto& [key, total] : counters) {
    switch (key.measure) {
      case Measure::kLive:
        counts.channels[key.channel].customers += total;
        break;
      case Measure::kChurned:
        counts.channels[key.channel].customers += total;
        counts.channels[key.channel].churned += total;
        break;
      case Measure::kOnboarded:
        counts.channels[key.channel].onboarded += total;
        break;
      case Measure::kAhaReached:
        counts.channels[key.channel].aha_reached += total;
        break;
      case Measure::kWithoutSignup:
        counts.without_signup += total;
        break;
      case Measure::kEvents:
        counts.events += total;
        break;
    }
  }
  std::erase_if(counts.channels, [](const auto& item) { return item.second.customers == 0; });
  for (const auto& [name, channel] : counts.channels) AddCounts(channel, counts.all);
  Fold(
      counts.channels, [](const ChannelCounts& channel) { return channel.customers; },
      AddCounts);
  return counts;
}

}  // namespace kith::retention
