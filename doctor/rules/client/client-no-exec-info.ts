import type { Run } from "../../../token/command/command.ts";
import { run } from "../../../token/command/command.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import { isOlderThan } from "../../derive/version-number.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setCredentials } from "../../fixes/kubeconfig-commands.ts";

/** Source: doctor/EKS-ACCESS.md, "Reports", T10. Today's AWS CLI falls back to v1beta1 without a word. */
const EMPTY = /Empty KUBERNETES_EXEC_INFO, defaulting to client\.authentication\.k8s\.io\/v1alpha1/;

/** An old client does not tell the plugin which version it wants, and does not understand the answer. */
export const clientNoExecInfo = defineLegacyRule({
  code: "client-no-exec-info",
  stage: "client",
  causes: ["T10"],
  expects: "the client tells the plugin which version it wants",
  needs: [],
  needsOneOf: ["pastedError", "client"],
  judge(facts) {
    const { client, pastedError: said, exec } = facts;
    const words = matchInError(said, EMPTY);
    if (words === undefined || !failsBeforeRequest(facts)) return [];
    const isOldHelm =
      client?.name === "helm" && client.version !== undefined && isOlderThan(client.version, [3, 6]);
    const name = `${client?.name ?? "The client"}${client?.version === undefined ? "" : ` ${client.version}`}`;
    return [
      {
        cause: "T10",
        stage: "client",
        severity: "error",
        confidence: "certain",
        summary: `${name} does not tell the plugin which version it wants (KUBERNETES_EXEC_INFO), so ${exec?.program ?? "the plugin"} answers in v1alpha1.`,
        evidence: [
          `The call said: “${words.line}”`,
          ...(exec?.apiVersion === undefined ? [] : [`users[].user.exec.apiVersion is ${exec.apiVersion}.`]),
          ...(isOldHelm ? ["helm sends it since 3.6."] : []),
        ],
        falsifiedBy: "A newer client, with the same plugin, prints the same line.",
        fixes: fixes(
          client?.name,
          setCredentials(facts, { "exec-api-version": "client.authentication.k8s.io/v1beta1" }),
        ),
        explains: ["K3"],
      },
    ];
  },
});

function fixes(name: string | undefined, askForBeta: Run): Fix[] {
  return [
    {
      audience: "you",
      description: `Upgrade ${name ?? "the client"}${name === "helm" ? " to 3.6 or later" : ""}, and let the entry ask for v1beta1.`,
      actions: [...(name === "helm" ? [run("helm", "version", { short: true })] : []), askForBeta],
    },
  ];
}
