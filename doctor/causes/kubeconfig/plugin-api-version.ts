import { defineRule, doesNotApply, found, passed, type Verdict } from "../../check/rule.ts";
import { isOlderThan } from "../../derive/client/client-kind.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { EXEC_API, isKnownVersion } from "../../derive/kubeconfig/exec-block.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { type Fix, forYou, orElse } from "../../fixes/fix.ts";
import { setExec } from "../../fixes/kubeconfig-commands.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";

/** Source: plugin/KUBECTL.md, "Words of kubectl". */
const REFUSED =
  /exec plugin: invalid apiVersion "(?<version>[^"\n]*)|apiVersion must be specified for (?<user>.{1,300}?) to use exec/;

/** The client rejects the version of the exec block before it runs the plugin. */
export const pluginApiVersion = defineRule({
  cause: {
    id: "K2",
    what: "The client does not support the exec block's apiVersion: newer clients dropped it, or the client is too old for it.",
    seen: "exec plugin: invalid apiVersion",
    remedy: "Recreate the entry, with an apiVersion that your client supports.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
  },
  expects: "the exec block has an apiVersion that the client supports",
  check(_, seen) {
    if (!seen.failsBeforeRequest) return NOT_BEFORE_REQUEST;
    const words = matchInError(seen.pastedError, REFUSED);
    return words === undefined ? checkField(seen) : unknownVersion("certain", words);
  },
  /** Another kubeconfig may have another version. */
  refuted({ workingWays, evidence }) {
    const own = knownValue(evidence.environment)?.["KUBECONFIG"];
    return workingWays.some(
      ({ observation: { client, environment, kubeconfig } }) =>
        kubeconfig === undefined &&
        (environment === undefined || environment["KUBECONFIG"] === own) &&
        client?.version !== undefined &&
        !isOlderThan(client.version, [1, 24]),
    );
  },
});

/** Old clients accept v1alpha1; those before 1.22 do not support v1, but report that themselves. */
function checkField(seen: Facts): Verdict {
  if (seen.exec === undefined) return doesNotApply("the user entry does not have an exec block");
  if (isKnownVersion(seen.exec.apiVersion ?? "")) return passed;
  if (seen.symptom?.kind === "plugin-failed") return doesNotApply("the client ran the plugin");
  if ((seen.exec.apiVersion ?? "") === "") return unknownVersion("certain");
  const { name, version } = seen.client ?? {};
  if (name !== "kubectl" || version === undefined) return unknownVersion("likely");
  return isOlderThan(version, [1, 24]) ? passed : unknownVersion("certain");
}

function unknownVersion(confidence: Confidence, words?: QuotedMatch): Verdict {
  return found({ confidence, explains: ["K3"], describe: (facts) => describe(facts, words) });
}

function describe(facts: Facts, words: QuotedMatch | undefined) {
  const { client, exec } = facts;
  const configured = exec?.apiVersion ?? "";
  const version = words === undefined ? configured : (words.match.groups?.["version"] ?? "");
  const name = `${client?.name ?? "The client"}${client?.version === undefined ? "" : ` ${client.version}`}`;
  return {
    summary:
      version === ""
        ? "The exec block does not specify an apiVersion."
        : `${name} does not support the exec block's apiVersion, ${version}.`,
    evidence: [
      quoteCall(words),
      exec && `users[].user.exec.apiVersion is ${configured === "" ? "missing" : configured}.`,
    ],
    falsifiedBy: falsifiedBy(version),
    fixes: fixes(facts, isKnownVersion(version)),
  };
}

function falsifiedBy(version: string): string {
  if (version === "") return "The client runs the plugin.";
  return isKnownVersion(version)
    ? "A newer client rejects it too."
    : "A client of version 1.24 or later accepts it.";
}

function fixes(facts: Facts, isClientOld: boolean): Fix[] {
  const { tool } = facts.exec ?? {};
  const beta = forYou(
    isClientOld
      ? "The client is too old for v1: upgrade it, or set v1beta1 in the entry."
      : "Set v1beta1 in the existing entry.",
    setExec(facts, { apiVersion: EXEC_API.v1beta1 }),
  );
  const canRegenerate = tool === undefined || tool === "aws" || tool === "kubectl-vouch";
  if (isClientOld || !canRegenerate) return [beta];
  const description =
    "Recreate the entry with an apiVersion that clients support (AWS CLI 2.6.3, 1.23.9 or later).";
  return [...regenerateEntry(facts, description), orElse(beta)];
}
