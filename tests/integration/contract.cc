#include "tests/integration/contract.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace kith::test {
namespace {

// Of all .proto files under protos/kith, relative to protos, sorted.
std::vector<std::string> ProtoFiles() {
  const char* root = std::getenv("KITH_SOURCE");
  const std::filesystem::path protos =
      std::filesystem::path(root != nullptr ? root : ".") / "protos";
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(protos / "kith")) {
    if (entry.path().extension() != ".proto") continue;
    files.push_back(entry.path().lexically_relative(protos));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<const google::protobuf::ServiceDescriptor*> AllServices() {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  const std::vector<std::string> names = ProtoFiles();
  EXPECT_FALSE(names.empty());
  for (const std::string& name : names) {
    const auto* file =
        google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    EXPECT_NE(file, nullptr) << name << " is not built: add it to protos/CMakeLists.txt";
    for (int i = 0; file != nullptr && i < file->service_count(); ++i)
      services.push_back(file->service(i));
  }
  return services;
}

bool IsOwnPackage(const std::string& package, const std::string& binary) {
  return package == absl::StrCat("kith.", binary, ".v1");
}

}  // namespace kith::test
