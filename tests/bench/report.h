// What `make bench` prints and writes.
#ifndef KITH_TESTS_BENCH_REPORT_H_
#define KITH_TESTS_BENCH_REPORT_H_

#include <optional>
#include <string>
#include <vector>

namespace kith::bench {

// One line: a figure, and what it must reach, if it must.
struct Row {
  std::string name;
  double value = 0;
  std::string unit;                // "ratio", "ms", "MB", …
  std::optional<double> at_least;  // one of the two at most
  std::optional<double> at_most;
  std::string detail;  // the figures behind it

  bool ok() const {
    return (!at_least || value >= *at_least) && (!at_most || value <= *at_most);
  }
};

// The rows as a table for people.
std::string Table(const std::vector<Row>& rows);
// {"rows":[{"name","value","unit","at_least"|"at_most","ok","detail"}]}
std::string Json(const std::vector<Row>& rows);

}  // namespace kith::bench

#endif  // KITH_TESTS_BENCH_REPORT_H_
