import { pluginFailed, without } from "../../support/bundle.ts";
import { HOST, networkFault } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = networkFault("N7");
const SSL_FAILED =
  "SSL validation failed for https://sts.eu-west-1.amazonaws.com/?X-Amz-Signature=canary-signature [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed";

testRule("network/network-tls-inspected", "N7", {
  certain: {
    "names who signed in the cluster's place, and never switches verification off": {
      on: FAULT,
      summary: /its certificate is signed by "Example Corp Proxy CA", not by the cluster/,
      commands: [`export NO_PROXY=${HOST.toLowerCase()}`, "export AWS_CA_BUNDLE=/path/to/company-ca.pem"],
    },
    "gives the AWS CLI the CA that other programs have": {
      on: { ...FAULT, environment: { SSL_CERT_FILE: "", NODE_EXTRA_CA_CERTS: "/etc/ssl/corp.pem" } },
      commands: [`export NO_PROXY=${HOST.toLowerCase()}`, "export AWS_CA_BUNDLE=/etc/ssl/corp.pem"],
    },
  },
  likely: {
    "concludes it from the right CA when the issuer was not seen": {
      on: without(FAULT, "network"),
      inferred: true,
    },
    "hears it from the AWS CLI, without the signed address": {
      on: pluginFailed(SSL_FAILED),
      evidence: ["The AWS CLI reports “SSL validation failed for https://sts.eu-west-1.amazonaws.com/”."],
    },
    "the kubeconfig calls another address": {
      ...FAULT,
      ...networkFault("N1"),
      question: FAULT.question ?? {},
      network: FAULT.network ?? { failed: "-" },
    },
  },
  passed: {
    "the cluster itself signs (N6)": networkFault("N6"),
  },
});
