import assert from "node:assert/strict";
import { networkClusterCaDiffers } from "../../../../doctor/rules/network/network-cluster-ca-differs.ts";
import { CA_DATA, healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { cluster, clusterEntry, networkFault, noAnswer, OTHER_CA } from "../../support/network-faults.ts";

const FAULT = networkFault("N6");
const OTHER = cluster({ certificateAuthority: { data: OTHER_CA } });
const UNTRUSTED =
  "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority";

describe("network-cluster-ca-differs", () => {
  it("compares the certificates, decoded", () => {
    assert.deepEqual(verdicts(networkClusterCaDiffers, FAULT), [
      {
        cause: "N6",
        stage: "network",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
        ],
      },
    ]);
    assert.match(
      findingsOf(networkClusterCaDiffers, FAULT)?.[0]?.summary ?? "",
      /^The CA in the kubeconfig is not that of lab,/,
    );
  });

  it("sees it in the files alone, when nobody tried", () => {
    const {
      question: _,
      apiServer: __,
      network: ___,
      selfSubjectReview: ____,
      ...files
    } = healthyBundle(OTHER);
    assert.deepEqual(confidences(networkClusterCaDiffers, files), ["N6 likely"]);
  });

  it("names a CA that is cut off, whatever the cluster says", () => {
    const bundle = noAnswer("error: unable to load root certificates: unable to parse bytes as PEM block", {
      ...clusterEntry((text) => text.replace(CA_DATA, CA_DATA.slice(0, 48))),
      cluster: { failed: "denied" },
    });
    assert.deepEqual(
      findingsOf(networkClusterCaDiffers, bundle)?.map(({ summary, confidence }) => [
        confidence,
        summary.split(",")[0],
      ]),
      [["certain", "The CA in the kubeconfig is damaged: it has no complete certificate"]],
    );
  });

  it("names a CA that is missing", () => {
    const bundle = noAnswer(
      UNTRUSTED,
      clusterEntry((text) => text.replace(/^.*certificate-authority-data.*\n/m, "")),
    );
    const { network: _, ...rest } = bundle;
    assert.match(
      findingsOf(networkClusterCaDiffers, rest)?.[0]?.summary ?? "",
      /^The kubeconfig has no CA for lab,/,
    );
  });

  it("goes by the issuer when DescribeCluster is denied", () => {
    assert.deepEqual(confidences(networkClusterCaDiffers, { ...FAULT, cluster: { failed: "denied" } }), [
      "N6 likely",
    ]);
  });

  const both = btoa(atob(OTHER_CA) + atob(CA_DATA));
  const silent = {
    "everything works": healthyBundle(),
    "it works although the CA seems to differ": healthyBundle(OTHER),
    "the API server answers 401: TLS was fine": unauthorized(OTHER),
    "the kubeconfig has the cluster's CA among others": {
      ...FAULT,
      ...clusterEntry((text) => text.replace(CA_DATA, both)),
    },
    "the CA is the same in other line breaks": noAnswer(
      UNTRUSTED,
      cluster({ certificateAuthority: { data: btoa(atob(CA_DATA).replaceAll("\n", "\r\n")) } }),
    ),
    "the CA is in a file that nobody has seen": {
      ...FAULT,
      ...clusterEntry((text) =>
        text.replace(/certificate-authority-data: .*/, "certificate-authority: /etc/ca.pem"),
      ),
    },
    "verification is switched off": {
      ...FAULT,
      ...clusterEntry((text) =>
        text.replace(/certificate-authority-data: .*/, "insecure-skip-tls-verify: true"),
      ),
    },
    "a proxy signs, and cluster and CA are right (N7)": networkFault("N7"),
  };
  for (const [when, bundle] of Object.entries(silent)) {
    it(`is silent when ${when}`, () => {
      assert.deepEqual(findingsOf(networkClusterCaDiffers, bundle), []);
    });
  }
});
