import { setVariable } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { commandWords } from "../../derive/kubeconfig/command-words.ts";
import { contextAsked } from "../../derive/kubeconfig/effective-context.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { regenerateEntry } from "../../fixes/exec-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

/**
 * Where clients go when no kubeconfig is in effect.
 * Source: client-go, rest/config.go, `defaultServer`; plugin/KUBECTL.md, "Words of kubectl".
 */
const NOWHERE =
  /(?:localhost|127\.0\.0\.1):8080|(?:https?:\/\/localhost(?:\/|"))|no configuration has been provided|connect ECONNREFUSED 127\.0\.0\.1:80\b/;

/** No kubeconfig, or none with a current context, is in effect: the client calls localhost. */
export const kubeconfigNone = defineLegacyRule({
  code: "kubeconfig-none",
  stage: "kubeconfig",
  causes: ["K14"],
  expects: "a kubeconfig with a current context is in effect",
  needs: [],
  needsOneOf: ["kubeconfig", "pastedError"],
  judge(facts) {
    const { pastedError: said, symptom, context } = facts;
    const words = matchInError(said, NOWHERE);
    const kind = symptom?.kind;
    const mayBe = kind === undefined || kind === "unreachable" || kind === "configuration";
    if (isOtherPrincipal(facts) || !mayBe || isLocal(facts)) return [];
    const lacks = whatIsMissing(facts);
    if (words === undefined && (lacks === undefined || kind !== undefined)) return [];
    return [
      {
        cause: "K14",
        stage: "kubeconfig",
        severity: "error",
        confidence: words !== undefined && context === undefined ? "certain" : "likely",
        summary:
          context === undefined
            ? "No kubeconfig with a current context is in effect, so the client calls localhost."
            : `The client called localhost, so it does not read ${context.currentFrom ?? "the kubeconfig"} that names ${context.name}.`,
        evidence: [
          ...(words === undefined ? [] : [`The call said: “${words.line}”`]),
          ...(lacks === undefined ? [] : [lacks]),
          ...(isSudo(facts)
            ? ["The command begins with sudo: root has another HOME and other variables."]
            : []),
        ],
        falsifiedBy: sentence`${kubectl("config current-context")}, run in the same way, prints a context.`,
        fixes: fixes(facts),
      },
    ];
  },
});

/** Somebody may really have a cluster there; and a context whose cluster does not exist leads there too (K15). */
function isLocal({ context }: Facts): boolean {
  if (context !== undefined && context.cluster === undefined) return true;
  const server = context?.cluster?.body["server"];
  const host = addressOf(typeof server === "string" ? server : undefined)?.host;
  return host === "localhost" || host === "127.0.0.1";
}

function whatIsMissing({ kubeconfig, evidence }: Facts): string | undefined {
  if (kubeconfig?.view === undefined || contextAsked(evidence) !== undefined) return undefined;
  const { view, missing } = kubeconfig;
  if (view.documents.length === 0) return `There is no file ${missing.join(", ") || "to read"}.`;
  if (view.currentContext === undefined) {
    return `No current-context is set in ${view.documents.map(({ path }) => path).join(", ")}.`;
  }
  return undefined;
}

function isSudo({ evidence }: Facts): boolean {
  return commandWords(evidence.question?.command ?? "")[0] === "sudo";
}

function fixes(facts: Facts): Fix[] {
  const { kubeconfig, context } = facts;
  if (context !== undefined) {
    const path = context.currentFrom ?? context.cluster?.path ?? "KUBECONFIG_FILE";
    return [
      {
        audience: "you",
        description: isSudo(facts)
          ? "Run it without sudo, or name the file."
          : "Name the file to the client.",
        actions: [setVariable("KUBECONFIG", path), kubectl("config current-context", { kubeconfig: path })],
      },
    ];
  }
  const names = [...(kubeconfig?.view?.entries.contexts.keys() ?? [])];
  if (names.length > 0) {
    return [
      {
        audience: "you",
        description: `Choose one of the contexts there are: ${names.join(", ")}.`,
        actions: [kubectl("config use-context", {}, names.length === 1 ? (names[0] ?? "") : "CONTEXT")],
      },
    ];
  }
  return [regenerateEntry(facts, "Write a kubeconfig for the cluster.")];
}
