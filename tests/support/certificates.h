#ifndef STEELYARD_TESTS_SUPPORT_CERTIFICATES_H_
#define STEELYARD_TESTS_SUPPORT_CERTIFICATES_H_

#include <cstdio>
#include <cstdlib>
#include <string>

namespace steelyard::testing {

// A certificate authority in a folder, and what it signs, made by the openssl
// program. Failures end the test program.
class Certificates {
 public:
  // `folder` is there; `name` tells authorities in one folder apart.
  explicit Certificates(std::string folder, const std::string& name = "ca")
      : folder_(std::move(folder)), ca_(folder_ + "/" + name) {
    Run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=" +
        name + "' -keyout " + ca_ + ".key -out " + ca_ + ".pem");
  }

  // Makes NAME.pem and NAME.key with the subject alternative names `san`, such
  // as "IP:127.0.0.1" or "URI:steelyard://councils/ken".
  void Make(const std::string& name, const std::string& san) const {
    const std::string path = folder_ + "/" + name;
    Run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name +
        " -keyout " + path + ".key -out " + path + ".csr");
    Run("printf 'subjectAltName=" + san + "' > " + path + ".ext");
    Run("openssl x509 -req -days 2 -in " + path + ".csr -CA " + ca_ + ".pem -CAkey " + ca_ +
        ".key -CAcreateserial -extfile " + path + ".ext -out " + path + ".pem");
  }

  std::string ca() const { return ca_ + ".pem"; }
  std::string Certificate(const std::string& name) const { return folder_ + "/" + name + ".pem"; }
  std::string Key(const std::string& name) const { return folder_ + "/" + name + ".key"; }

 private:
  static void Run(const std::string& command) {
    if (std::system((command + " 2>/dev/null").c_str()) == 0) return;
    std::fprintf(stderr, "failed: %s\n", command.c_str());
    std::abort();
  }

  const std::string folder_;
  const std::string ca_;
};

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_SUPPORT_CERTIFICATES_H_
