import assert from "node:assert/strict";
import { awsSilence, isOffline } from "../../../../doctor/derive/network/aws-silence.ts";
import { healthyBundle } from "../../support/bundle.ts";

describe("isOffline", () => {
  const gone = "Could not connect to the endpoint URL";
  it("needs a call that failed for a name, and none that was answered", () => {
    assert.equal(
      isOffline(healthyBundle({ callerIdentity: { failed: gone }, cluster: { failed: gone } })),
      true,
    );
    assert.equal(isOffline(healthyBundle({ cluster: { failed: gone } })), false);
    assert.equal(
      isOffline(healthyBundle({ callerIdentity: { failed: "ExpiredToken" }, cluster: { failed: "denied" } })),
      false,
    );
  });
});

describe("awsSilence", () => {
  const failing = (words: string) =>
    healthyBundle({ callerIdentity: { failed: words }, cluster: { failed: words } });

  // Words measured: of the AWS CLI 2.36, of ours on a machine whose network is down, and of ours where nothing comes back.
  for (const [words, said] of [
    ['Could not connect to the endpoint URL: "https://sts.eu-west-1.amazonaws.com/"', undefined],
    ["connect ENETUNREACH 203.0.113.5:443 - Local (0.0.0.0:0)", undefined],
    ["socket hang up", undefined],
    ["getaddrinfo EAI_AGAIN sts.eu-west-1.amazonaws.com", undefined],
    [
      "TimeoutError: sts.eu-west-1.amazonaws.com did not accept a connection within 3 s.",
      "sts.eu-west-1.amazonaws.com did not accept a connection within 3",
    ],
    [
      "no AWS credentials for the call: sts.eu-west-1.amazonaws.com cannot be reached from this network.",
      "sts.eu-west-1.amazonaws.com cannot be reached from this network",
    ],
  ] as const) {
    it(`hears it in: ${words}`, () => {
      assert.equal(awsSilence(failing(words), undefined), said ?? words);
    });
  }

  for (const [what, words] of Object.entries({
    "a refusal": "ExpiredToken: The security token included in the request is expired",
    "the machine's own service": "connect EHOSTUNREACH 169.254.169.254:80",
    "a proxy that is down":
      "The proxy http://127.0.0.1:3128 of HTTPS_PROXY does not answer: connect ECONNREFUSED 127.0.0.1:3128",
    "the server of Vouch": "us.vouch.sh refuses connections.",
  })) {
    it(`does not hear it in the words of ${what}`, () => {
      assert.equal(awsSilence(failing(words), "us.vouch.sh"), undefined);
    });
  }

  it("is none where AWS answered another call, be it with a refusal", () => {
    const silent = { failed: "connect ETIMEDOUT 203.0.113.5:443" };
    assert.equal(awsSilence(healthyBundle({ cluster: silent, clusters: silent }), undefined), undefined);
    const denied = { failed: "AccessDeniedException: User is not authorized to perform: eks:ListClusters" };
    const bundle = healthyBundle({ callerIdentity: silent, cluster: silent, clusters: denied });
    assert.equal(awsSilence(bundle, undefined), undefined);
  });
});
