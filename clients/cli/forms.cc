#include "clients/cli/forms.h"

#include <algorithm>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace kith::cli {
namespace {

// Where the meaning of an option begins in the help.
constexpr size_t kWidth = 28;

struct Form {
  std::vector<std::string> names;
  std::string text;
};

const std::vector<Form>& Forms() {
  static const auto& forms = *new std::vector<Form>{
      {{"PROGRAM", "ADVOCATE", "REFERRAL", "REWARD", "CUSTOMER", "CONVERSION", "CONTACT",
        "ORDER", "VISITOR", "ID", "WHO"},
       "an id: visible ASCII characters without spaces"},
      {{"CAMPAIGN", "ITEM", "NAME", "WORD"},
       "a lower-case word: a letter, then letters, digits, _, - and ."},
      {{"WORDS"}, "any text; in quotes when it has spaces"},
      {{"CODE"}, "letters and digits; case, spaces and dashes do not matter"},
      {{"TIME"}, "a date (2026-03-01: midnight UTC) or RFC 3339 (2026-03-01T10:00:00Z)"},
      {{"DURATION"}, "such as 30s, 10m, 36h, 90d or 1d12h"},
      {{"N", "SECONDS"}, "a whole number"},
      {{"AMOUNT"}, "a decimal such as 12.50"},
      {{"CURRENCY"}, "three upper-case letters such as EUR"},
      {{"EMAIL"}, "a mail address"},
      {{"PHONE"}, "in any spelling, five digits or more"},
      {{"IP"}, "a network address"},
      {{"NAME=VALUE"}, "a lower-case word, = and any text"},
      {{"NAME=AMOUNT"}, "a lower-case word, = and a decimal"},
  };
  return forms;
}

// The names that `command` uses, those of its groups of options included.
void AddNames(const CLI::App& command, std::vector<std::string>& names) {
  for (const CLI::Option* option : command.get_options()) {
    names.push_back(option->get_positional() ? option->get_single_name()
                                             : option->get_type_name());
  }
  const auto is_group = [](const CLI::App* inner) { return inner->get_name().empty(); };
  for (const CLI::App* group : command.get_subcommands(is_group)) AddNames(*group, names);
}

}  // namespace

absl::string_view FormOf(absl::string_view name) {
  for (const Form& form : Forms()) {
    if (std::find(form.names.begin(), form.names.end(), name) != form.names.end()) {
      return form.text;
    }
  }
  return "";
}

std::string DescribeForms(const CLI::App& command) {
  std::vector<std::string> used;
  AddNames(command, used);
  std::string text;
  for (const Form& form : Forms()) {
    std::vector<std::string> names;
    for (const std::string& name : form.names) {
      if (std::find(used.begin(), used.end(), name) != used.end()) names.push_back(name);
    }
    if (names.empty()) continue;
    const std::string list = absl::StrJoin(names, ", ");
    absl::StrAppend(&text, "  ", list,
                    list.size() < kWidth ? std::string(kWidth - list.size(), ' ')
                                         : "\n" + std::string(kWidth + 2, ' '),
                    form.text, "\n");
  }
  return text.empty() ? text : absl::StrCat("Forms:\n", text, "\n");
}

}  // namespace kith::cli
