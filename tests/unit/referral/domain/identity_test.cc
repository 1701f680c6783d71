#include "services/referral/domain/identity.h"

#include "common/base/ids.h"
#include "gtest/gtest.h"
#include "services/referral/domain/email.h"

namespace kith::referral::domain {
namespace {

TEST(IdentityTest, SpellingsOfOneNumberAreEqual) {
  EXPECT_EQ(NormalizePhone("+49 (0)171 / 234-5678"), "+491712345678");
  EXPECT_EQ(NormalizePhone("0049 171 2345678"), "+491712345678");
  EXPECT_EQ(NormalizePhone("0049 (0)171 2345678"), "+491712345678");
  EXPECT_EQ(NormalizePhone("+49(0) 171 2345678"), "+491712345678");
  EXPECT_EQ(NormalizePhone("(0)171 2345678"), "01712345678");
  EXPECT_EQ(NormalizePhone(" +491712345678 "), "+491712345678");
  EXPECT_EQ(NormalizePhone("0171 2345678"), "01712345678");
}

TEST(IdentityTest, ANumberWithoutACallingCodeIsOneOfTheProgramsCountry) {
  for (const char* spelling : {"0171 234-5678", "(0)171 2345678", "+49 171 2345678",
                               "+49 (0)171 2345678", "0049 171 2345678", "171 2345678"}) {
    EXPECT_EQ(NormalizePhone(spelling, "+49"), "+491712345678") << spelling;
  }
  EXPECT_EQ(NormalizePhone("+43 171 2345678", "+49"), "+431712345678");
  EXPECT_EQ(NormalizePhone("0043 171 2345678", "+49"), "+431712345678");
  EXPECT_EQ(NormalizePhone("0171", "+49"), "");
  EXPECT_EQ(NormalizePhone("", "+49"), "");
}

TEST(IdentityTest, CountriesDifferInWhatNumbersBeginWithInside) {
  EXPECT_EQ(NormalizePhone("06 1234 5678", "+39"), "+390612345678");
  EXPECT_EQ(NormalizePhone("(555) 010-9999", "+1"), "+15550109999");
  EXPECT_EQ(NormalizePhone("1-555-010-9999", "+1"), "+15550109999");
  EXPECT_EQ(NormalizePhone("8 (912) 345-67-89", "+7"), "+79123456789");
  EXPECT_EQ(NormalizePhone("812 345-67-89", "+7"), "+78123456789");
  EXPECT_EQ(NormalizePhone("06 30 123 4567", "+36"), "+36301234567");
  EXPECT_EQ(NormalizePhone("912 345 678", "+34"), "+34912345678");
}

TEST(IdentityTest, ANumberIsAlsoKnownAsItWasWithoutACallingCode) {
  const std::string now = HashPhone("key", "+491712345678");
  const std::string before = HashPhone("key", "01712345678");
  using Hashes = std::vector<std::string>;
  EXPECT_EQ(HashesOfPhone("key", "0171 2345678", "+49"), (Hashes{now, before}));
  EXPECT_EQ(HashesOfPhone("key", "+49 171 2345678", "+49"), (Hashes{now, before}));
  EXPECT_EQ(HashesOfPhone("key", "+49 171 2345678", "+43"), Hashes{now});
  EXPECT_EQ(HashesOfPhone("key", "+49 171 2345678", ""), Hashes{now});
  EXPECT_EQ(HashesOfPhone("key", "0171 2345678", ""), Hashes{before});
  EXPECT_EQ(HashesOfPhone("key", "1234", "+49"), Hashes{});
  EXPECT_EQ(HashesOfPhone("key", "+49 123", "+49").size(), 1u);
}

TEST(IdentityTest, FewerThanFiveDigitsAreNoNumber) {
  EXPECT_EQ(NormalizePhone("1234"), "");
  EXPECT_EQ(NormalizePhone("ask me"), "");
  EXPECT_EQ(NormalizePhone("12345"), "12345");
  EXPECT_EQ(HashPhone("key", "1-2-3"), "");
}

TEST(IdentityTest, SpellingsOfOneNetworkAddressAreEqual) {
  EXPECT_EQ(NormalizeIp("2001:DB8::1"), "2001:db8:0:0:0:0:0:1");
  EXPECT_EQ(NormalizeIp("2001:0db8:0:0:0:0:0:0001"), "2001:db8:0:0:0:0:0:1");
  EXPECT_EQ(NormalizeIp("::1"), "0:0:0:0:0:0:0:1");
  EXPECT_EQ(NormalizeIp("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(NormalizeIp(" 192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(NormalizeIp("1:2:3:4:5::6:7:8:9"), "1:2:3:4:5::6:7:8:9");
}

TEST(IdentityTest, NamesAreLowerCaseWithSingleSpaces) {
  EXPECT_EQ(NormalizeName("  Ada \t Byron\n"), "ada byron");
}

TEST(IdentityTest, TheDomainIsWhatFollowsTheLastAt) {
  EXPECT_EQ(DomainOf("\"a@b\"@Example.COM"), "example.com");
  EXPECT_EQ(DomainOf("nobody"), "");
}

TEST(IdentityTest, FreeMailIsTheUsualListAndTheProgramsOwn) {
  FraudRules rules;
  EXPECT_TRUE(IsFreeMail("gmail.com", rules));
  EXPECT_FALSE(IsFreeMail("university.edu", rules));
  rules.free_mail_domains = {"University.edu"};
  EXPECT_TRUE(IsFreeMail("university.edu", rules));
}

TEST(IdentityTest, SubdomainsOfThrowAwaysAreThrowAways) {
  FraudRules rules;
  EXPECT_TRUE(IsDisposable("mailinator.com", rules));
  EXPECT_TRUE(IsDisposable("anything.mailinator.com", rules));
  EXPECT_FALSE(IsDisposable("notmailinator.com", rules));
  EXPECT_FALSE(IsDisposable("", rules));
  rules.disposable_domains = {"burner.example"};
  EXPECT_TRUE(IsDisposable("x.burner.example", rules));
}

TEST(IdentityTest, KindsHashInSpacesOfTheirOwn) {
  const std::string device = KeyedHash("key", IdentityKind::kDevice, "12345");
  EXPECT_EQ(device, HmacSha256("key", std::string("device\0"
                                                  "12345",
                                                  12)));
  EXPECT_NE(device, KeyedHash("key", IdentityKind::kPayment, "12345"));
  EXPECT_NE(device, KeyedHash("key", IdentityKind::kPhone, "12345"));
  EXPECT_NE(device, KeyedHash("another", IdentityKind::kDevice, "12345"));
  EXPECT_EQ(KeyedHash("key", IdentityKind::kEmail, "A+1@b.org"), HashEmail("key", "a@b.org"));
}

TEST(IdentityTest, ADomainMayBeWrittenWithItsAt) {
  EXPECT_EQ(KeyedHash("key", IdentityKind::kEmailDomain, " @Firm.example"),
            KeyedHash("key", IdentityKind::kEmailDomain, "firm.example"));
}

TEST(IdentityTest, FreeMailTellsNoCompany) {
  const FraudRules rules;
  RawIdentity raw;
  EXPECT_EQ(HashIdentity("key", raw, rules), Identity());
  raw.email = "ada@acme.example";
  const Identity at_work = HashIdentity("key", raw, rules);
  EXPECT_EQ(at_work.domain_hash, KeyedHash("key", IdentityKind::kEmailDomain, "acme.example"));
  raw.email = "ada@gmail.com";
  EXPECT_EQ(HashIdentity("key", raw, rules).domain_hash, "");
}

TEST(IsPhoneTest, IsWhatPeopleWriteForANumber) {
  for (const char* phone : {"12345", "+49 30 1234567", "(030) 123-45.67", "0049/171/1234567",
                            " +1 (555) 010 9999 "}) {
    EXPECT_TRUE(IsPhone(phone)) << phone;
  }
  for (const char* none : {"", "1234", "+", "call 12345", "12345 ext 6", "a@b.example",
                           "123456789012345678", "++4930123456"}) {
    EXPECT_FALSE(IsPhone(none)) << none;
  }
}

TEST(IsIpTest, IsAnAddressOfEitherKind) {
  for (const char* ip : {"0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1", "FE80::A:B",
                         "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1", "64:ff9b::192.0.2.33"}) {
    EXPECT_TRUE(IsIp(ip)) << ip;
  }
  for (const char* none :
       {"", "10.0.0", "10.0.0.256", "10.0.0.1.2", "10.0.0.-1", "1:2:3:4:5:6:7", "1::2::3",
        "1:2:3:4:5:6:7:8:9", "12345::", "g::1", ":::", "1:", "10.0.0.1:80", "host.example"}) {
    EXPECT_FALSE(IsIp(none)) << none;
  }
}

}  // namespace
}  // namespace kith::referral::domain
