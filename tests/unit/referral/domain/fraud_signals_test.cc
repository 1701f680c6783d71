#include "services/referral/domain/fraud_signals.h"

#include "gtest/gtest.h"

namespace kith::referral::domain {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1700000000);

// Each signal's test changes one thing in an honest signup of bob, recommended by ann.
class FraudSignalsTest : public ::testing::Test {
 protected:
  FraudSignalsTest() {
    ann_.advocate_id = "ann";
    ann_.email_hash = "e-ann";
    ann_.identity = {"", "d-ann", "p-ann", "device-ann", "card-ann", "ip-ann"};
    input_.advocate_id = "ann";
    input_.customer_id = "bob";
    input_.referee = {"e-bob", "d-bob", "p-bob", "device-bob", "card-bob", "ip-bob"};
    input_.email_domain = "bob.example";
    input_.signup = true;
    input_.time = kNow;
    input_.advocate = &ann_;
  }
  // A customer who signed up an hour ago.
  static Customer Earlier(std::string id) {
    Customer customer;
    customer.customer_id = std::move(id);
    customer.signup_time = kNow - absl::Hours(1);
    return customer;
  }
  std::vector<Signal> Signals() const {
    std::vector<Signal> signals;
    for (const auto& one : FindSignals(input_, rules_)) signals.push_back(one.signal);
    return signals;
  }

  Advocate ann_;
  SignalInput input_;
  FraudRules rules_;
};

TEST_F(FraudSignalsTest, AnHonestReferralHasNone) { EXPECT_TRUE(Signals().empty()); }

TEST_F(FraudSignalsTest, SelfReferralByWhatIsShared) {
  input_.referee.device_hash = "device-ann";
  input_.referee.payment_hash = "card-ann";
  EXPECT_EQ(SelfReferral(input_), "same device, means of payment as advocate ann");
  EXPECT_EQ(Signals(), std::vector<Signal>{Signal::kSelfReferral});
  input_.customer_id = "ann";
  EXPECT_EQ(SelfReferral(input_), "the referee is advocate ann");
}

TEST_F(FraudSignalsTest, SelfReferralByTheAdvocatesOwnAccount) {
  Customer account = Earlier("ann");
  account.email_hash = "e-bob";
  account.identity.ip_hash = "ip-bob";
  input_.advocate_as_customer = &account;
  EXPECT_EQ(SelfReferral(input_), "same mail address, network address as advocate ann");
}

TEST_F(FraudSignalsTest, SelfReferralByWhereLeadsCameFrom) {
  input_.advocate_device = true;
  EXPECT_EQ(SelfReferral(input_), "same device as advocate ann");
  input_.advocate_ip = true;
  EXPECT_EQ(SelfReferral(input_), "same device, network address as advocate ann");
}

TEST_F(FraudSignalsTest, ALeadComesFromItsAdvocatesDevice) {
  input_.signup = false;
  input_.referee.device_hash = "device-ann";
  input_.referee.ip_hash = "ip-ann";
  input_.advocate_device = true;
  EXPECT_EQ(SelfReferral(input_), "");
  input_.referee.phone_hash = "p-ann";
  EXPECT_EQ(SelfReferral(input_), "same phone number as advocate ann");
}

TEST_F(FraudSignalsTest, SameDomain) {
  input_.referee.domain_hash = "d-ann";
  EXPECT_EQ(SameDomain(input_), "mail address of the same company as advocate ann");
  // The address that the advocate signed up with tells the company, too.
  Customer ann = Earlier("ann");
  ann.identity.domain_hash = "d-other";
  input_.advocate_as_customer = &ann;
  input_.referee.domain_hash = "d-other";
  EXPECT_EQ(SameDomain(input_), "mail address of the same company as advocate ann");
  input_.referee.domain_hash = "d-third";
  EXPECT_EQ(SameDomain(input_), "");
  input_.referee.domain_hash = "";  // free mail
  ann.identity.domain_hash = "";
  ann_.identity.domain_hash = "";
  EXPECT_EQ(SameDomain(input_), "");
}

TEST_F(FraudSignalsTest, DisposableDomain) {
  input_.email_domain = "mailinator.com";
  EXPECT_EQ(DisposableDomain(input_, rules_), "throw-away mail address");
  EXPECT_EQ(Signals(), std::vector<Signal>{Signal::kDisposableDomain});
}

TEST_F(FraudSignalsTest, ExistingAndPastCustomers) {
  Customer carl = Earlier("carl");
  input_.same_phone = {&carl};
  EXPECT_EQ(ExistingCustomer(input_), "same phone number as customer carl");
  carl.churned_time = kNow - absl::Minutes(5);
  EXPECT_EQ(ExistingCustomer(input_), "same phone number as past customer carl");
  carl.signup_time = kNow + absl::Microseconds(1);  // later
  EXPECT_EQ(ExistingCustomer(input_), "");
}

// Dates without a time of day make one instant of a day's signups.
TEST_F(FraudSignalsTest, AnAccountOfTheSameInstantWasThereBeforeASignup) {
  Customer carl = Earlier("carl");
  carl.signup_time = kNow;
  input_.same_device = {&carl};
  EXPECT_EQ(DuplicateAccount(input_), "same device as customer carl");
  input_.same_email = {&carl};
  EXPECT_EQ(ExistingCustomer(input_), "same mail address as customer carl");
  // But a lead of that instant came before it.
  input_.signup = false;
  EXPECT_EQ(ExistingCustomer(input_), "");
}

TEST_F(FraudSignalsTest, NeitherEndIsAnother) {
  const Customer bob = Earlier("bob");
  const Customer ann = Earlier("ann");
  input_.same_email = {&ann, &bob};
  input_.same_device = {&ann, &bob};
  EXPECT_EQ(ExistingCustomer(input_), "");
  EXPECT_EQ(DuplicateAccount(input_), "");
}

TEST_F(FraudSignalsTest, DuplicateAccount) {
  const Customer carl = Earlier("carl");
  input_.same_payment = {&carl};
  EXPECT_EQ(DuplicateAccount(input_), "same means of payment as customer carl");
  input_.same_device = {&carl};
  EXPECT_EQ(DuplicateAccount(input_), "same device as customer carl");
  EXPECT_EQ(Signals(), std::vector<Signal>{Signal::kDuplicateAccount});
}

TEST_F(FraudSignalsTest, CircularChain) {
  input_.chain = {"carl", "bob"};
  EXPECT_EQ(CircularChain(input_), "the referee brought advocate ann, 2 steps back");
  input_.chain = {"bob"};
  EXPECT_EQ(CircularChain(input_), "the referee brought advocate ann, 1 step back");
  input_.customer_id = "";
  EXPECT_EQ(CircularChain(input_), "");
}

TEST_F(FraudSignalsTest, VelocityCountsThisOneToo) {
  rules_.velocity = {{VelocityDimension::kIp, 5}, {VelocityDimension::kAdvocate, 20}};
  input_.counts = {{VelocityDimension::kIp, 4}, {VelocityDimension::kAdvocate, 19}};
  EXPECT_EQ(Velocity(input_, rules_), "");
  input_.counts[0].before = 5;
  EXPECT_EQ(Velocity(input_, rules_), "6 in a day from one network address, 5 are ordinary");
  input_.counts[1].before = 20;
  EXPECT_EQ(Velocity(input_, rules_),
            "6 in a day from one network address, 5 are ordinary; "
            "21 in a day of advocate ann, 20 are ordinary");
}

TEST_F(FraudSignalsTest, PaidSearch) {
  input_.source = "Google_Ads";
  EXPECT_EQ(PaidSearch(input_, rules_), "");
  rules_.paid_sources = {"google_ads"};
  EXPECT_EQ(PaidSearch(input_, rules_), "traffic from google_ads is bought");
}

TEST_F(FraudSignalsTest, Blocklist) {
  input_.blocked = {IdentityKind::kEmailDomain, IdentityKind::kIp};
  EXPECT_EQ(Blocklist(input_), "mail domain, network address on the blocklist");
  EXPECT_EQ(AdvocateOnBlocklist(input_), "");
  input_.advocate_blocked = {IdentityKind::kEmail, IdentityKind::kPhone};
  EXPECT_EQ(AdvocateOnBlocklist(input_),
            "mail address, phone number of advocate ann on the blocklist");
  EXPECT_EQ(Signals(), (std::vector<Signal>{Signal::kBlocklist, Signal::kBlocklist}));
}

}  // namespace
}  // namespace kith::referral::domain
