import assert from "node:assert/strict";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { pluginPolicyDenied } from "../../../../doctor/rules/plugin/plugin-policy-denied.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { connectError, KUBECONFIG, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";

function kuberc(policy: string, ...allowlist: readonly string[]): Pick<DoctorEvidence, "kubeconfig"> {
  const list = allowlist.map((entry) => `- ${entry}\n`).join("");
  return {
    kubeconfig: {
      files: [{ path: KUBECONFIG, text: kubeconfigText(AWS_EXEC) }],
      kuberc: {
        path: "/home/ada/.kube/kuberc",
        text: `apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: ${policy}\n${list === "" ? "" : `credentialPluginAllowlist:\n${list}`}`,
      },
    },
  };
}

const SET = "kubectl kuberc set --section=credentialplugin --policy=Allowlist";

describe("plugin-policy-denied", () => {
  it("is certain when kubectl says so", () => {
    assert.deepEqual(verdicts(pluginPolicyDenied, KUBECONFIG_FAULTS["K5"] ?? healthyBundle()), [
      {
        cause: "K5",
        stage: "plugin",
        severity: "error",
        confidence: "certain",
        commands: [`${SET} --allowlist-entry=command=/usr/local/bin/aws --overwrite`],
      },
    ]);
  });

  it("keeps the entries that are on the list", () => {
    const why =
      'getting credentials: plugin path "/usr/local/bin/aws" is not permitted by the credential plugin allowlist';
    const bundle = stopped(connectError(why), kuberc("Allowlist", "name: kubelogin", "command: /opt/x"));
    assert.deepEqual(verdicts(pluginPolicyDenied, bundle)?.[0]?.commands, [
      `${SET} --allowlist-entry=command=kubelogin --allowlist-entry=command=/opt/x --allowlist-entry=command=/usr/local/bin/aws --overwrite`,
    ]);
  });

  const unasked: Readonly<Record<string, readonly [Partial<DoctorEvidence>, readonly string[]]>> = {
    DenyAll: [kuberc("DenyAll"), ["K5 certain"]],
    "DenyAll, for a kubectl of unknown version": [
      { ...kuberc("DenyAll"), client: { name: "kubectl" } },
      ["K5 likely"],
    ],
    "DenyAll, for a kubectl that does not ask it yet": [
      { ...kuberc("DenyAll"), client: { name: "kubectl", version: "v1.34.1" } },
      [],
    ],
    "DenyAll, for helm, which never asks": [{ ...kuberc("DenyAll"), client: { name: "helm" } }, []],
    "DenyAll, with KUBERC=off": [{ ...kuberc("DenyAll"), environment: { KUBERC: "off" } }, []],
    AllowAll: [kuberc("AllowAll"), []],
    "no policy": [kuberc('""'), []],
    "a list that is empty, with which kubectl does not start": [kuberc("Allowlist"), ["K5 certain"]],
    "DenyAll with a list, with which kubectl does not start": [
      kuberc("DenyAll", "name: aws"),
      ["K5 certain"],
    ],
    "a policy that does not exist": [kuberc("Bogus"), ["K5 certain"]],
    "a list with another program": [kuberc("Allowlist", "command: kubelogin"), ["K5 certain"]],
    "a list with the command": [kuberc("Allowlist", "command: aws"), []],
    "a list with the resolved path": [kuberc("Allowlist", "name: /usr/local/bin/aws"), []],
    "a list with the program under another path": [kuberc("Allowlist", "name: /usr/bin/aws"), ["K5 certain"]],
    "a list with a path that is not plain": [kuberc("Allowlist", "name: aws", "name: ./aws"), ["K5 certain"]],
    "a list by the newer key, for a kubectl that does not read it": [
      { ...kuberc("Allowlist", "command: aws"), client: { name: "kubectl", version: "v1.35.2" } },
      ["K5 certain"],
    ],
  };
  for (const [name, [changes, expected]] of Object.entries(unasked)) {
    it(`judges ${name} when nobody said how the call failed`, () => {
      assert.deepEqual(confidences(pluginPolicyDenied, stopped("", { question: {}, ...changes })), expected);
    });
  }

  it("is certain when kubectl does not start because of it", () => {
    const why =
      'error occurred while applying preferences credential plugin policy set to "Allowlist", but allowlist is unspecified';
    const [found] = findingsOf(pluginPolicyDenied, stopped(why)) ?? [];
    assert.equal(found?.confidence, "certain");
    assert.match(found?.summary ?? "", /^What kuberc says of credential plugins is not valid/);
  });

  it("is silent on a context that works", () => {
    assert.deepEqual(findingsOf(pluginPolicyDenied, healthyBundle(kuberc("DenyAll"))), []);
  });
});
