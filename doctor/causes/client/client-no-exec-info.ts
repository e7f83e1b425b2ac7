import { run } from "../../../token/command/command.ts";
import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { isOlderThan } from "../../derive/client/client-kind.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { EXEC_API } from "../../derive/kubeconfig/exec-block.ts";
import type { Client } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { setExec } from "../../fixes/kubeconfig-commands.ts";
import { quoteCall } from "../shared/error-rule.ts";
import { NOT_BEFORE_REQUEST } from "../shared/not-applicable.ts";
import { failsWithout } from "../shared/refuted.ts";

/** Source: doctor/EKS-ACCESS.md, "Reports", T10. Current AWS CLIs silently fall back to v1beta1. */
const EMPTY = /Empty KUBERNETES_EXEC_INFO, defaulting to client\.authentication\.k8s\.io\/v1alpha1/;

/** An old client does not tell the plugin which version it needs, and does not understand the answer. */
export const clientNoExecInfo = defineRule({
  cause: {
    id: "T10",
    what: "The client is too old to tell the plugin which apiVersion it wants.",
    seen: "Empty KUBERNETES_EXEC_INFO",
    remedy: "Upgrade the client (Helm: 3.6 or later), and set v1beta1 in the exec block.",
    page: "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
  },
  expects: "the client tells the plugin which version it wants",
  needs: ["pastedError"],
  check({ pastedError }, seen) {
    if (!seen.failsBeforeRequest) return NOT_BEFORE_REQUEST;
    const words = matchInError(pastedError, EMPTY);
    if (words === undefined) return doesNotApply("the error does not mention KUBERNETES_EXEC_INFO");
    return found({ confidence: "certain", explains: ["K3"], describe: (facts) => describe(facts, words) });
  },
  refuted: (seen) => failsWithout(seen, ({ client }) => isNewer(client, seen.client)),
});

function isNewer(other: Client | undefined, own: Client | undefined): boolean {
  const [, major = "", minor = ""] = /(?<!\d)(\d+)\.(\d+)/.exec(other?.version ?? "") ?? [];
  return other?.name === own?.name && isOlderThan(own?.version ?? "", [Number(major), Number(minor)]);
}

function describe(facts: Facts, words: QuotedMatch) {
  const { exec, client: { name, version } = {} } = facts;
  const isHelm = name === "helm";
  const client = `${name ?? "The client"}${version === undefined ? "" : ` ${version}`}`;
  return {
    summary: `${client} does not tell the plugin which version it wants (KUBERNETES_EXEC_INFO), so ${exec?.program ?? "the plugin"} returns v1alpha1.`,
    evidence: [
      quoteCall(words),
      exec?.apiVersion !== undefined && `users[].user.exec.apiVersion is ${exec.apiVersion}.`,
      isHelm &&
        version !== undefined &&
        isOlderThan(version, [3, 6]) &&
        "helm has set KUBERNETES_EXEC_INFO since 3.6.",
    ],
    falsifiedBy: "A newer client with the same plugin prints the same line.",
    fixes: [
      forYou(
        `Upgrade ${name ?? "the client"}${isHelm ? " to 3.6 or later" : ""}, and set v1beta1 in the exec block.`,
        ...(isHelm ? [run("helm", "version", { short: true })] : []),
        setExec(facts, { apiVersion: EXEC_API.v1beta1 }),
      ),
    ],
  };
}
