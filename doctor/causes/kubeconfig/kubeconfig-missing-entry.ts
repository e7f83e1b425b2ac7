import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import {
  type Conclusion,
  type Description,
  defineRule,
  doesNotApply,
  found,
  passed,
  type Verdict,
} from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import { isAnonymous } from "../../derive/failure/symptom.ts";
import { contextAsked, type EffectiveContext } from "../../derive/kubeconfig/effective-context.ts";
import { isMisspelt } from "../../eks/rbac/binding-near-misses.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { quoteCall } from "../shared/error-rule.ts";
import {
  correctPassedOver,
  describePassedOver,
  MISSING_ENTRY,
  missingIn,
  type PassedOverPart,
  passedOverEntry,
  passedOverKey,
  switchContext,
} from "../shared/kubeconfig-gaps.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

/** Fields of a user entry that hold, or fetch, a credential. Source: client-go, tools/clientcmd/api/types.go, `AuthInfo`. */
const CREDENTIALS = [
  "exec",
  "auth-provider",
  "token",
  "tokenFile",
  "client-certificate",
  "client-certificate-data",
  "username",
];

/** No kubeconfig file has the context, or the user or cluster that it refers to. */
export const kubeconfigMissingEntry = defineRule({
  cause: {
    id: "K15",
    what: "The context refers to a cluster or user that is not in any kubeconfig file.",
    seen: "Please enter Username, or 401 without credentials",
    remedy: "Specify an existing context, or recreate the one that is incomplete.",
    page: "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
  },
  expects: "the context exists, and so do its cluster and user",
  check(_, seen) {
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const words =
      seen.symptom?.kind === "configuration" ? matchInError(seen.pastedError, MISSING_ENTRY) : undefined;
    if (words !== undefined)
      return found(conclusion("certain", (facts) => describeFiles(facts) ?? describeWords(facts, words)));
    if (seen.staticToken !== undefined) return doesNotApply("the call uses a static token");
    return checkFiles(seen);
  },
});

/** Without these entries no plugin runs, so no credentials are looked for either. */
function conclusion(confidence: Confidence, describe: (facts: Facts) => Description): Conclusion {
  return { confidence, explains: ["L1"], describe };
}

function checkFiles(seen: Facts): Verdict {
  if (nameOf(seen) === undefined)
    return doesNotApply("no context is specified, or a kubeconfig file is broken");
  const { context } = seen;
  const part = context && missingPart(context);
  if (context !== undefined && part === undefined) return passed;
  const confidence = context === undefined ? confidenceInContext(seen) : confidenceInPart(seen);
  if (confidence === undefined)
    return doesNotApply("the call did not fail the way a missing entry makes it fail");
  return found(conclusion(confidence, (facts) => describeFiles(facts) as Description));
}

function nameOf(seen: Facts): string | undefined {
  const view = seen.kubeconfig?.view;
  return view && (contextAsked(seen) ?? view.currentContext?.name);
}

function confidenceInContext({ symptom }: Facts): Confidence | undefined {
  const kind = symptom?.kind;
  if (kind === "unreachable") return "likely";
  return kind === undefined || kind === "configuration" || kind === "other" ? "certain" : undefined;
}

/** A call that reached a server or ran the plugin had a user and a cluster. A failed run by the doctor proves nothing. */
function confidenceInPart(seen: Facts): Confidence | undefined {
  if (isAnonymous(seen)) return "certain";
  const kind = seen.symptom?.kind;
  if (kind === "none" || kind === "forbidden" || kind === "aws-refused") return undefined;
  if (kind === "plugin-failed" && seen.pastedError !== undefined) return undefined;
  return kind === "unreachable" && !callsLocalhost(seen) ? "likely" : "certain";
}

/** Whether kubectl called its default server, since the context's cluster does not exist (measured, 1.36). */
function callsLocalhost({ pastedError = "", context }: Facts): boolean {
  return context?.cluster === undefined && /localhost:8080/.test(pastedError);
}

interface MissingPart {
  readonly kind: "user" | "cluster";
  readonly name: string;
  readonly lacks: string;
  readonly shows: string;
}

function missingPart({ userName, clusterName, user, cluster }: EffectiveContext): MissingPart | undefined {
  if (user === undefined) return notInFiles("user", userName);
  if (cluster === undefined) return notInFiles("cluster", clusterName);
  if (CREDENTIALS.some((field) => (user.body[field] ?? undefined) !== undefined)) return undefined;
  return {
    kind: "user",
    name: userName,
    lacks: `uses user ${userName}, which has neither credentials nor an exec block`,
    shows: `The fields of users[].user of ${userName} in ${user.path} are ${JSON.stringify(Object.keys(user.body))}.`,
  };
}

function notInFiles(kind: "user" | "cluster", name: string): MissingPart {
  return {
    kind,
    name,
    lacks:
      name === ""
        ? `does not specify a ${kind}`
        : `refers to ${kind} ${name}, which is not in any kubeconfig file`,
    shows: `contexts[].context.${kind} is ${JSON.stringify(name)}, but ${kind}s does not contain that name.`,
  };
}

function describeFiles(facts: Facts): Description | undefined {
  const { context, kubeconfig } = facts;
  const name = nameOf(facts);
  if (name === undefined) return undefined;
  if (context === undefined)
    return describeContext(facts, name, [...(kubeconfig?.view?.entries.contexts.keys() ?? [])]);
  const part = missingPart(context);
  if (part === undefined) return undefined;
  const hidden = passedOverEntry(kubeconfig, `${part.kind}s`, part.name);
  return {
    summary:
      hidden === undefined
        ? `Context ${name} ${part.lacks}.`
        : `${part.kind === "user" ? "User" : "Cluster"} ${part.name} of context ${name} is in ${inPassedOver(hidden)}`,
    evidence: [part.shows, hidden && describePassedOver(hidden)],
    falsifiedBy: sentence`${kubectl("config view", { minify: true })} shows a cluster and a user with credentials.`,
    fixes:
      hidden === undefined
        ? regenerateEntry(facts, "Recreate the context with its cluster and user.")
        : [correctPassedOver(hidden)],
  };
}

function inPassedOver({ path, why }: PassedOverPart): string {
  return `${path}, but kubectl ignores it: ${why}.`;
}

function describeContext(facts: Facts, name: string, names: readonly string[]): Description {
  const { kubeconfig } = facts;
  const hidden = passedOverEntry(kubeconfig, "contexts", name);
  const other = contextAsked(facts) === undefined ? passedOverKey(kubeconfig, "current-context") : undefined;
  const part = hidden ?? other;
  return {
    summary:
      hidden === undefined
        ? `Context ${name} is not in any kubeconfig file that is read.`
        : `Context ${name} is in ${inPassedOver(hidden)}`,
    evidence: [
      `contexts ${names.length === 0 ? "is empty" : `contains ${names.join(", ")}`}.`,
      ...describeNoFile(facts),
      part && describePassedOver(part),
    ],
    falsifiedBy: sentence`${kubectl("config get-contexts", {}, name)} lists it.`,
    fixes: part === undefined ? contextFixes(facts, name, names) : [correctPassedOver(part)],
  };
}

/** Nothing was read, because there is no file. */
function describeNoFile({ kubeconfig }: Facts): string[] {
  const { view, missing = [] } = kubeconfig ?? {};
  return view?.documents.length === 0 ? missing.map((path) => `File ${path} does not exist.`) : [];
}

function contextFixes(facts: Facts, name: string, names: readonly string[]): Fix[] {
  if (names.length === 0) return regenerateEntry(facts, "Create the context.");
  const choose = chooseContext(facts, name, names);
  // A user who mistyped a name does not want a context with that name.
  return names.some((known) => isMisspelt(known, name))
    ? [choose]
    : [choose, ...regenerateEntry(facts, "Or create the context.", { contextName: name })];
}

/** Switching the current context does not help a command that specifies one. */
function chooseContext(facts: Facts, name: string, names: readonly string[]): Fix {
  const similar = names.filter(
    (candidate) =>
      candidate.toLowerCase().includes(name.toLowerCase()) ||
      name.includes(candidate) ||
      isMisspelt(candidate, name),
  );
  if (contextAsked(facts) !== undefined)
    return forYou(
      similar.length === 0
        ? `Specify an existing context: ${names.join(", ")}.`
        : `Specify an existing context. Did you mean ${similar.join(" or ")}?`,
      kubectl("config get-contexts"),
    );
  return switchContext(names, similar[0]);
}

function describeWords(facts: Facts, words: QuotedMatch): Description {
  const { what, name, summary } = missingIn(words.match.groups ?? {});
  const list = kubectl(`config get-${what}s`);
  return {
    summary,
    evidence: [quoteCall(words)],
    falsifiedBy: sentence`${list}, run the same way, lists ${name === "" ? `a ${what} for the context` : name}.`,
    fixes: [
      forYou(`List the existing ${what}s.`, list),
      ...regenerateEntry(facts, "Or recreate the context."),
    ],
  };
}
