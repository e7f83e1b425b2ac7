import assert from "node:assert/strict";
import { networkTlsInspected } from "../../../../doctor/rules/network/network-tls-inspected.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, pluginFailed, verdicts } from "../../support/credential-case.ts";
import { HOST, networkFault } from "../../support/network-faults.ts";

const FAULT = networkFault("N7");
const SSL_FAILED =
  "SSL validation failed for https://sts.eu-west-1.amazonaws.com/?X-Amz-Signature=canary-signature [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed";

describe("network-tls-inspected", () => {
  it("names who signed in the cluster's place, and never switches verification off", () => {
    assert.deepEqual(verdicts(networkTlsInspected, FAULT), [
      {
        cause: "N7",
        stage: "network",
        severity: "error",
        confidence: "certain",
        commands: [`export NO_PROXY=${HOST.toLowerCase()}`, "export AWS_CA_BUNDLE=/path/to/company-ca.pem"],
      },
    ]);
    assert.match(
      findingsOf(networkTlsInspected, FAULT)?.[0]?.summary ?? "",
      /"Example Corp Proxy CA" signed its certificate, not the cluster/,
    );
  });

  it("concludes it from the right CA when the issuer was not seen", () => {
    const { network: _, ...rest } = FAULT;
    assert.deepEqual(
      findingsOf(networkTlsInspected, rest)?.map(({ confidence, inferred }) => [confidence, inferred]),
      [["likely", true]],
    );
  });

  it("hears it from the AWS CLI, without the signed address", () => {
    const [finding] = findingsOf(networkTlsInspected, pluginFailed(SSL_FAILED)) ?? [];
    assert.deepEqual(
      [finding?.cause, finding?.confidence, finding?.evidence],
      [
        "N7",
        "likely",
        ["The AWS CLI says “SSL validation failed for https://sts.eu-west-1.amazonaws.com/”."],
      ],
    );
  });

  it("is likely where nobody described the cluster, or the kubeconfig calls another address", () => {
    assert.deepEqual(confidences(networkTlsInspected, { ...FAULT, cluster: { failed: "denied" } }), [
      "N7 likely",
    ]);
    assert.deepEqual(
      confidences(networkTlsInspected, {
        ...FAULT,
        ...networkFault("N1"),
        question: FAULT.question ?? {},
        network: FAULT.network ?? { failed: "-" },
      }),
      ["N7 likely"],
    );
  });

  for (const [when, bundle] of Object.entries({
    "everything works": healthyBundle(),
    "the cluster itself signs (N6)": networkFault("N6"),
    "the name does not fit (N9)": networkFault("N9"),
  })) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkTlsInspected, bundle), []);
    });
  }
});
