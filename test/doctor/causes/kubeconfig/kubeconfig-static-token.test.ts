import assert from "node:assert/strict";
import { healthyBundle, NAMES_ADA, unauthorized } from "../../support/bundle.ts";
import { edited, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";
import { findingsOf, testRule } from "../../support/test-rule.ts";

function eksToken(date: string): string {
  const url = `https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Date=${date}&X-Amz-Signature=c4n4ry`;
  return `k8s-aws-v1.${btoa(url).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_")}`;
}

const beside = (token: string) => edited(["    exec:", `    token: "${token}"\n    exec:`]);
const instead = (token: string) => edited([/ {4}exec:[\s\S]*/, `    token: "${token}"\n`]);
const OUTDATED = unauthorized(instead(eksToken("20260115T114000Z")));

testRule("kubeconfig/kubeconfig-static-token", "K11", {
  certain: {
    "a token that `kubectl config view` leaves out": unauthorized(beside("REDACTED")),
    "a token beside an exec block": {
      on: KUBECONFIG_FAULTS.K11,
      commands: "kubectl config unset users.lab.token",
    },
    "a client certificate beside an exec block": {
      on: unauthorized(
        edited(["    exec:", "    client-certificate-data: AA==\n    client-key-data: AA==\n    exec:"]),
      ),
      summary: "User lab has a client certificate, so aws is never run.",
      commands: [
        "kubectl config unset users.lab.client-certificate-data",
        "kubectl config unset users.lab.client-key-data",
      ],
    },
    "a password beside an exec block": {
      on: unauthorized(edited(["    exec:", "    username: ada\n    password: p\n    exec:"])),
      commands: ["kubectl config unset users.lab.username", "kubectl config unset users.lab.password"],
    },
    "sees a token on the command line": unauthorized({
      question: { command: "kubectl get po --token=***", exitCode: 1, stderr: "error: Unauthorized" },
    }),
    "a token of EKS that is older than 15 minutes": {
      on: OUTDATED,
      evidence: [
        "users[].user.token is set.",
        "It was signed 20 minutes earlier; EKS accepts a token for 15.",
      ],
    },
  },
  likely: {
    "a token alone": unauthorized(instead("***")),
  },
  possible: {
    "a token that may be a service account's": unauthorized(instead("eyJhbGciOiJSUzI1NiJ9.e30.x")),
    "only warns while nobody knows how the call fails": {
      on: { ...unauthorized({ question: {}, apiServer: { failed: "not asked" } }), ...beside("***") },
      severity: "warning",
    },
  },
  passed: {
    "there is no token": unauthorized(),
  },
  notApplicable: {
    "the call works, or the server names the user": [
      healthyBundle(beside("***")),
      healthyBundle({ ...beside("***"), question: NAMES_ADA }),
    ],
  },
});

describe("kubeconfig-static-token", () => {
  it("does not show a token of EKS", () => {
    const findings = findingsOf("kubeconfig/kubeconfig-static-token", OUTDATED);
    assert.equal(findings.length, 1);
    assert.equal(JSON.stringify(findings).includes("k8s-aws-v1."), false);
  });
});
