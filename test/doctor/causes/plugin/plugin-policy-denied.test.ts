import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { AWS_EXEC, healthyBundle, kubeconfigText } from "../../support/bundle.ts";
import { connectError, KUBECONFIG, KUBECONFIG_FAULTS, stopped } from "../../support/kubeconfig-faults.ts";
import { testRule } from "../../support/test-rule.ts";

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

/** Nobody said how the call failed. */
const unasked = (changes: Partial<DoctorEvidence>) => stopped("", { question: {}, ...changes });

testRule("plugin/plugin-policy-denied", "K5", {
  certain: {
    "kubectl says so": {
      on: KUBECONFIG_FAULTS.K5,
      commands: `${SET} --allowlist-entry=command=/usr/local/bin/aws --overwrite`,
    },
    "keeps the entries that are on the list": {
      on: stopped(
        connectError(
          'getting credentials: plugin path "/usr/local/bin/aws" is not permitted by the credential plugin allowlist',
        ),
        kuberc("Allowlist", "name: kubelogin", "command: /opt/x"),
      ),
      commands: `${SET} --allowlist-entry=command=kubelogin --allowlist-entry=command=/opt/x --allowlist-entry=command=/usr/local/bin/aws --overwrite`,
    },
    "a program that is no known plugin, which no command allows": {
      on: stopped(
        connectError(
          'getting credentials: plugin path "/opt/it" is not permitted by the credential plugin allowlist',
        ),
        {
          kubeconfig: {
            files: [
              {
                path: KUBECONFIG,
                text: kubeconfigText(AWS_EXEC.replace("command: aws", "command: /opt/it")),
              },
            ],
          },
          execCommand: { command: "/opt/it", resolved: "/opt/it" },
        },
      ),
      commands: [],
    },
    "kubectl does not start because of it": {
      on: stopped(
        'error occurred while applying preferences credential plugin policy set to "Allowlist", but allowlist is unspecified',
      ),
      summary: /^The credential plugin settings in kuberc are not valid/,
    },
    "a list that is empty, with which kubectl does not start": unasked(kuberc("Allowlist")),
    "a policy that does not exist": unasked(kuberc("Bogus")),
    "a list with another program": unasked(kuberc("Allowlist", "command: kubelogin")),
    "a list with the program under another path": unasked(kuberc("Allowlist", "name: /usr/bin/aws")),
    "a list with a path that is not plain": unasked(kuberc("Allowlist", "name: aws", "name: ./aws")),
    "a list by the newer key, for a kubectl that does not read it": unasked({
      ...kuberc("Allowlist", "command: aws"),
      client: { name: "kubectl", version: "v1.35.2" },
    }),
  },
  likely: {
    "DenyAll, for a kubectl of unknown version": unasked({
      ...kuberc("DenyAll"),
      client: { name: "kubectl" },
    }),
  },
  passed: {
    "AllowAll, and no policy": [unasked(kuberc("AllowAll")), unasked(kuberc('""'))],
    "a list with the command": unasked(kuberc("Allowlist", "command: aws")),
    "a list with the resolved path": unasked(kuberc("Allowlist", "name: /usr/local/bin/aws")),
    "DenyAll, with KUBERC=off": unasked({ ...kuberc("DenyAll"), environment: { KUBERC: "off" } }),
  },
  notApplicable: {
    "a context that works": healthyBundle(kuberc("DenyAll")),
    "DenyAll, for a kubectl that does not ask it yet": unasked({
      ...kuberc("DenyAll"),
      client: { name: "kubectl", version: "v1.34.1" },
    }),
    "DenyAll, for helm, which never asks": unasked({ ...kuberc("DenyAll"), client: { name: "helm" } }),
  },
});
