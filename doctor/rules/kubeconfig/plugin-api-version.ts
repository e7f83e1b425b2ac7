import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { failsBeforeRequest } from "../../derive/failure/startup.ts";
import { isOlderThan } from "../../derive/version-number.ts";
import { regenerateEntry } from "../../fixes/exec-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { setCredentials } from "../../fixes/kubeconfig-commands.ts";

/** Source: plugin/KUBECTL.md, "Words of kubectl". */
const REFUSED =
  /exec plugin: invalid apiVersion "(?<version>[^"]*)"|apiVersion must be specified for (?<user>.{1,300}?) to use exec/;

/** The versions client-go knows since 1.24. Source: plugin/KUBECTL.md, "Exec block". */
const KNOWN = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

/** The client refuses the version of the exec block before it runs the plugin. */
export const pluginApiVersion = defineLegacyRule({
  code: "plugin-api-version",
  stage: "kubeconfig",
  causes: ["K2"],
  expects: "the exec block has a version that the client knows",
  needs: [],
  needsOneOf: ["exec", "pastedError"],
  judge(facts) {
    if (!failsBeforeRequest(facts)) return [];
    const words = matchInError(facts.pastedError, REFUSED);
    const configured = facts.exec?.apiVersion ?? "";
    const version = words === undefined ? configured : (words.match.groups?.["version"] ?? "");
    const confidence = words === undefined ? byField(facts, configured) : "certain";
    if (confidence === undefined) return [];
    const client = `${facts.client?.name ?? "The client"}${facts.client?.version === undefined ? "" : ` ${facts.client.version}`}`;
    return [
      {
        cause: "K2",
        stage: "kubeconfig",
        severity: "error",
        confidence,
        summary: `${client} does not know the version of the exec block, ${version === "" ? "which is missing" : version}.`,
        evidence: [
          ...(words === undefined ? [] : [`The call said: “${words.line}”`]),
          ...(facts.exec === undefined
            ? []
            : [`users[].user.exec.apiVersion is ${configured === "" ? "missing" : configured}.`]),
        ],
        falsifiedBy: KNOWN.includes(version)
          ? "A newer client refuses it too."
          : "A client of version 1.24 or later accepts it.",
        fixes: fixes(facts, version),
      },
    ];
  },
});

/** Old clients take v1alpha1; those before 1.22 know no v1, but say so themselves. */
function byField({ exec, client, symptom }: Facts, configured: string): Confidence | undefined {
  if (exec === undefined || KNOWN.includes(configured) || symptom?.kind === "plugin-failed") return undefined;
  if (client?.name !== "kubectl" || client.version === undefined) return "likely";
  return isOlderThan(client.version, [1, 24]) ? undefined : "certain";
}

function fixes(facts: Facts, version: string): Fix[] {
  const beta: Fix = {
    audience: "you",
    description: KNOWN.includes(version)
      ? "The client is too old for v1: upgrade it, or let the entry ask for v1beta1."
      : "Ask for v1beta1 in the entry that is there.",
    actions: [setCredentials(facts, { "exec-api-version": "client.authentication.k8s.io/v1beta1" })],
  };
  if (
    KNOWN.includes(version) ||
    (facts.exec !== undefined && facts.exec.tool !== "aws" && facts.exec.tool !== "kubectl-vouch")
  ) {
    return [beta];
  }
  return [
    regenerateEntry(
      facts,
      "Write the entry anew, with a version that clients know (AWS CLI 2.6.3, 1.23.9 or later).",
    ),
    beta,
  ];
}
