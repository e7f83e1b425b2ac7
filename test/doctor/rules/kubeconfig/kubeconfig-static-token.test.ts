import assert from "node:assert/strict";
import { kubeconfigStaticToken } from "../../../../doctor/rules/kubeconfig/kubeconfig-static-token.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { edited, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";

function eksToken(date: string): string {
  const url = `https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-Date=${date}&X-Amz-Signature=c4n4ry`;
  return `k8s-aws-v1.${btoa(url).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_")}`;
}

const beside = (token: string) => edited(["    exec:", `    token: "${token}"\n    exec:`]);
const instead = (token: string) => edited([/ {4}exec:[\s\S]*/, `    token: "${token}"\n`]);

describe("kubeconfig-static-token", () => {
  it("is certain of a token beside an exec block", () => {
    assert.deepEqual(verdicts(kubeconfigStaticToken, KUBECONFIG_FAULTS["K11"] ?? healthyBundle()), [
      {
        cause: "K11",
        stage: "kubeconfig",
        severity: "error",
        confidence: "certain",
        commands: ["kubectl config unset users.lab.token"],
      },
    ]);
  });

  it("is certain of a token of EKS that is older than 15 minutes, and does not show it", () => {
    const [found] =
      findingsOf(kubeconfigStaticToken, unauthorized(instead(eksToken("20260115T114000Z")))) ?? [];
    assert.equal(found?.confidence, "certain");
    assert.deepEqual(found?.evidence, [
      "users[].user.token is set.",
      "It was signed 20 minutes before; EKS accepts tokens for 15.",
    ]);
    assert.equal(JSON.stringify(found).includes("k8s-aws-v1."), false);
  });

  it("sees a token on the command line", () => {
    const question = { command: "kubectl get po --token=***", exitCode: 1, stderr: "error: Unauthorized" };
    assert.deepEqual(confidences(kubeconfigStaticToken, unauthorized({ question })), ["K11 certain"]);
  });

  it("is only likely of a token alone, which may be a service account's", () => {
    assert.deepEqual(confidences(kubeconfigStaticToken, unauthorized(instead("***"))), ["K11 likely"]);
    assert.deepEqual(
      confidences(kubeconfigStaticToken, unauthorized(instead("eyJhbGciOiJSUzI1NiJ9.e30.x"))),
      ["K11 possible"],
    );
  });

  it("only warns while nobody knows how the call fails", () => {
    const [found] =
      verdicts(kubeconfigStaticToken, {
        ...unauthorized({ question: {}, apiServer: { failed: "not asked" } }),
        ...beside("***"),
      }) ?? [];
    assert.deepEqual([found?.severity, found?.confidence], ["warning", "possible"]);
  });

  it("is silent where the call works, on a 403, and without a token", () => {
    assert.deepEqual(findingsOf(kubeconfigStaticToken, healthyBundle(beside("***"))), []);
    const stderr =
      'pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "web"';
    assert.deepEqual(
      findingsOf(kubeconfigStaticToken, healthyBundle({ ...beside("***"), question: { stderr } })),
      [],
    );
    assert.deepEqual(findingsOf(kubeconfigStaticToken, unauthorized()), []);
  });
});
