// One form for the spellings of text that people type: names and mail domains of any script.
#ifndef KITH_COMMON_BASE_SPELLING_H_
#define KITH_COMMON_BASE_SPELLING_H_

#include <string>

#include "absl/strings/string_view.h"

namespace kith {

// `text` in lower case and composed (NFKC), in any script: "JÖRG", and "jörg" with a combining
// diaeresis, become "jörg"; "ß" and "ss" remain two. What is no UTF-8 is lowered as ASCII.
std::string LowerCase(absl::string_view text);

// A domain as DNS knows it, in lower-case ASCII (IDNA 2008, UTS 46 non-transitional):
// "Bücher.example" becomes "xn--bcher-kva.example". What is no domain name is in lower case
// only.
std::string AsciiDomain(absl::string_view domain);

}  // namespace kith

#endif  // KITH_COMMON_BASE_SPELLING_H_
