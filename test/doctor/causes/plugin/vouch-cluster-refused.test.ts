import assert from "node:assert/strict";
import {
  ENDPOINT,
  execBlock,
  healthyVouchBundle,
  kubeconfigText,
  PROFILE_EXEC,
  pluginFailed,
  ROLE_ARN,
  VOUCH_EXEC,
} from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const CLUSTER = "cluster lab (eu-west-1, account 111122223333)";
const OTHER_HOST =
  "the client calls evil.example (CA dd2b7e101661309b); setup recorded 0123456789abcdef0123456789abcdef.gr7.eu-west-1.eks.amazonaws.com (CA dd2b7e101661309b)";
const words = (reason: string) => `error: No token for ${CLUSTER}: ${reason}. [cluster-mismatch]`;
const UNSAID_CLUSTER = "the client does not say which cluster it calls, and requireClusterInfo is set";
const refused = (reason: string, changes: Parameters<typeof pluginFailed>[1] = {}) =>
  pluginFailed(words(reason), { vouch: true, ...changes });
const UNSAID = execBlock(VOUCH_EXEC.replace("provideClusterInfo: true\n", ""));
const { pluginRun = assert.fail(), callerIdentity = assert.fail() } = healthyVouchBundle();
const SETUP = `kubectl vouch setup eks --cluster lab --region eu-west-1 --role ${ROLE_ARN} --server https://us.vouch.sh --context-name lab`;

testRule("plugin/vouch-cluster-refused", "V8", {
  certain: {
    "writes and records the context": {
      on: [refused(OTHER_HOST), refused(OTHER_HOST, { changes: { callerIdentity } })],
      commands: SETUP,
    },
    "says both clusters, and what the entry says": {
      on: refused(OTHER_HOST, { changes: UNSAID }),
      summary:
        "The context calls evil.example, but setup recorded 0123456789abcdef0123456789abcdef.gr7.eu-west-1.eks.amazonaws.com for cluster lab, so kubectl-vouch does not issue a token.",
      evidence: [
        /^GetCallerIdentity/,
        `The plugin reports: “${OTHER_HOST}”.`,
        `clusters[].cluster.server is ${ENDPOINT}.`,
        "The exec block does not set provideClusterInfo: true.",
      ],
    },
    "says that only the CA differs": {
      on: refused("the client calls a.example (CA 11); setup recorded a.example (CA 22)"),
      summary:
        "The CA certificate in the context is not the one that setup recorded for cluster lab, so kubectl-vouch does not issue a token.",
    },
    "names the certificate first, where the server is the near end of a tunnel": {
      on: refused(OTHER_HOST, {
        changes: {
          kubeconfig: {
            files: [
              {
                path: "/home/ada/.kube/config",
                text: kubeconfigText(VOUCH_EXEC).replace(ENDPOINT, "https://localhost:8443"),
              },
            ],
          },
        },
      }),
      commands: [`kubectl config set-cluster lab --tls-server-name=${new URL(ENDPOINT).hostname}`, SETUP],
    },
    "knows whose cluster it is where an AWS profile says so, or nobody": {
      on: ["profile dev", "profile my team (eu)", "your own credentials"].map((owner) =>
        pluginFailed(words(UNSAID_CLUSTER).replace("account 111122223333", owner), {
          profile: true,
          changes: execBlock(PROFILE_EXEC.replace("provideClusterInfo: true\n", "")),
        }),
      ),
      summary: `kubectl-vouch does not issue a token for cluster lab: ${UNSAID_CLUSTER}.`,
      commands: "kubectl vouch setup eks --cluster lab --region eu-west-1 --profile dev --context-name lab",
    },
    "warns of an entry that does not let the client say which cluster it calls": {
      on: healthyVouchBundle(UNSAID),
      severity: "warning",
      summary:
        "Context lab does not tell kubectl-vouch which cluster it connects to, so another server could get the token.",
    },
  },
  possible: {
    "by the pasted words of a call, while the plugin gives a token now": refused(OTHER_HOST, {
      changes: { pluginRun, callerIdentity },
    }),
  },
  passed: {
    "another failure of ours": pluginFailed("It broke.", { vouch: true }),
  },
  notApplicable: {
    "another program": pluginFailed(words(OTHER_HOST)),
  },
});
