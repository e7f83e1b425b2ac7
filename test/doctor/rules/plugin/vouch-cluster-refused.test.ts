import assert from "node:assert/strict";
import { vouchClusterRefused } from "../../../../doctor/rules/plugin/vouch-cluster-refused.ts";
import { ENDPOINT, healthyVouchBundle, kubeconfigText, ROLE_ARN, VOUCH_EXEC } from "../../support/bundle.ts";
import { confidences, findingsOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

const CLUSTER = "cluster lab (eu-west-1, account 111122223333)";
const OTHER_HOST =
  "the client calls evil.example (CA dd2b7e101661309b); setup recorded 0123456789abcdef0123456789abcdef.gr7.eu-west-1.eks.amazonaws.com (CA dd2b7e101661309b)";
const words = (reason: string) => `error: No token for ${CLUSTER}: ${reason}. [cluster-mismatch]`;
const refused = (reason: string, changes: Parameters<typeof pluginFailed>[1] = {}) =>
  pluginFailed(words(reason), { vouch: true, ...changes });

const UNSAID = {
  kubeconfig: {
    files: [
      {
        path: "/home/ada/.kube/config",
        text: kubeconfigText(VOUCH_EXEC.replace("provideClusterInfo: true\n", "")),
      },
    ],
  },
};

describe("vouch-cluster-refused", () => {
  it("is certain of what we say ourselves, and writes and records the context", () => {
    const { callerIdentity = assert.fail() } = healthyVouchBundle();
    for (const changes of [{}, { callerIdentity }]) {
      assert.deepEqual(verdicts(vouchClusterRefused, refused(OTHER_HOST, { changes })), [
        {
          cause: "V8",
          stage: "plugin",
          severity: "error",
          confidence: "certain",
          commands: [
            `kubectl vouch setup eks --cluster lab --region eu-west-1 --role ${ROLE_ARN} --server https://us.vouch.sh`,
          ],
        },
      ]);
    }
  });

  it("says both clusters, and what the entry says", () => {
    const [finding] = findingsOf(vouchClusterRefused, refused(OTHER_HOST, { changes: UNSAID })) ?? [];
    assert.equal(finding?.summary, `kubectl-vouch gives no token for cluster lab: ${OTHER_HOST}.`);
    assert.deepEqual(finding?.evidence.slice(1), [
      `clusters[].cluster.server is ${ENDPOINT}.`,
      "The exec block has no provideClusterInfo: true.",
    ]);
  });

  for (const reason of [
    "the client does not say which cluster it calls, and requireClusterInfo is set",
    "the client calls evil.example (CA dd2b7e101661309b), no setup recorded this cluster, and requireClusterInfo is set",
    'the client calls "https://x.[y]" with the CAs of the system and does not check its certificate (insecure-skip-tls-verify); setup recorded nothing',
  ]) {
    it(`knows also: ${reason.slice(0, 70)}`, () => {
      const [finding] = findingsOf(vouchClusterRefused, refused(reason)) ?? [];
      assert.equal(finding?.summary, `kubectl-vouch gives no token for cluster lab: ${reason}.`);
    });
  }

  it("knows it from the pasted words of a call, less surely when the plugin gives a token now", () => {
    const { pluginRun = assert.fail(), callerIdentity = assert.fail() } = healthyVouchBundle();
    const now = { pluginRun, callerIdentity };
    assert.deepEqual(confidences(vouchClusterRefused, refused(OTHER_HOST, { changes: now })), [
      "V8 possible",
    ]);
  });

  it("names the certificate first, where the server is the near end of a tunnel", () => {
    const files = [
      {
        path: "/home/ada/.kube/config",
        text: kubeconfigText(VOUCH_EXEC).replace(ENDPOINT, "https://localhost:8443"),
      },
    ];
    const [found] =
      verdicts(vouchClusterRefused, refused(OTHER_HOST, { changes: { kubeconfig: { files } } })) ?? [];
    assert.equal(
      found?.commands[0],
      `kubectl config set-cluster lab --tls-server-name=${new URL(ENDPOINT).hostname}`,
    );
  });

  it("warns of an entry that does not let the client say which cluster it calls", () => {
    const [finding, ...others] = findingsOf(vouchClusterRefused, healthyVouchBundle(UNSAID)) ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(
      [finding?.severity, finding?.summary],
      [
        "warning",
        "Context lab does not tell kubectl-vouch which cluster it calls, so another server could get the token.",
      ],
    );
    assert.deepEqual(
      confidences(vouchClusterRefused, pluginFailed("It broke.", { vouch: true, changes: UNSAID })),
      ["V8 certain"],
    );
  });

  it("is silent on other failures of ours, on other programs, and where all is well", () => {
    assert.deepEqual(confidences(vouchClusterRefused, pluginFailed("It broke.", { vouch: true })), []);
    assert.deepEqual(confidences(vouchClusterRefused, pluginFailed(words(OTHER_HOST))), []);
    assert.deepEqual(confidences(vouchClusterRefused, healthyVouchBundle()), []);
  });
});
