import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule, type LegacyFinding } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError } from "../../derive/failure/pasted-error.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { isAnonymous } from "../../derive/failure/startup.ts";
import { contextAsked } from "../../derive/kubeconfig/effective-context.ts";
import { staticToken } from "../../derive/kubeconfig/static-token.ts";
import { regenerateEntry } from "../../fixes/exec-fixes.ts";
import type { Fix } from "../../fixes/fix.ts";
import { kubectl } from "../../fixes/kubectl.ts";

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

/** The context, or the user or cluster that it names, is in no kubeconfig file. */
export const kubeconfigMissingEntry = defineLegacyRule({
  code: "kubeconfig-missing-entry",
  stage: "kubeconfig",
  causes: ["K15"],
  expects: "the context exists, and so do the cluster and the user that it names",
  needs: [],
  needsOneOf: ["kubeconfig", "pastedError"],
  judge(facts) {
    if (isOtherPrincipal(facts) || staticToken(facts) !== undefined) return [];
    const shown = seenInFiles(facts);
    return shown.length > 0 ? shown : saidByClient(facts);
  },
});

function seenInFiles(facts: Facts): LegacyFinding[] {
  const { kubeconfig, context } = facts;
  const view = kubeconfig?.view;
  const name = contextAsked(facts.evidence) ?? view?.currentContext?.name;
  if (view === undefined || name === undefined) return [];
  if (context === undefined) return missingContext(facts, name, [...view.entries.contexts.keys()]);
  const confidence = sureness(facts);
  const lacks = missingPart(facts);
  if (confidence === undefined || lacks === undefined) return [];
  return [
    {
      ...FAULT,
      confidence,
      summary: `Context ${name} ${lacks.says}.`,
      evidence: [lacks.shows],
      falsifiedBy: sentence`${kubectl("config view", { minify: true, raw: true })} shows a cluster and a user with a credential.`,
      fixes: [regenerateEntry(facts, "Write the context anew, with its cluster and its user.")],
    },
  ];
}

/** kubectl's, helm's and client-go's words for it. Source: plugin/KUBECTL.md, "Words of kubectl". */
const MISSING =
  /context was not found for specified context: (?<context>\S+)|context "(?<named>[^"]*)" does not exist|no context exists with the name:? "?(?<wanted>[^"\s]+)|auth info "(?<user>[^"]*)" does not exist|no server found for cluster "(?<cluster>[^"]*)"/;

function saidByClient(facts: Facts): LegacyFinding[] {
  const words =
    facts.symptom?.kind === "configuration" ? matchInError(facts.pastedError, MISSING) : undefined;
  if (words === undefined) return [];
  const { context, named, wanted, user, cluster } = words.match.groups ?? {};
  const what = user === undefined ? (cluster === undefined ? "context" : "cluster") : "user";
  const name = context ?? named ?? wanted ?? user ?? cluster ?? "";
  return [
    {
      ...FAULT,
      confidence: "certain",
      summary: `There is no ${what} ${name} in the kubeconfig files that the client reads.`,
      evidence: [`The call said: “${words.line}”`],
      falsifiedBy: sentence`${kubectl(`config get-${what}s`)}, run in the same way, lists ${name}.`,
      fixes: [
        {
          audience: "you",
          description: "Look which there are.",
          actions: [kubectl(`config get-${what}s`)],
        },
        regenerateEntry(facts, "Or write the context anew."),
      ],
    },
  ];
}

const FAULT = { cause: "K15", stage: "kubeconfig", severity: "error" } as const;

/** The call that got through had a user; without one, kubectl asks for a name or is nobody. */
function sureness(facts: Facts): Confidence | undefined {
  const kind = facts.symptom?.kind;
  if (isAnonymous(facts)) return "certain";
  if (kind === "none" || kind === "forbidden" || kind === "aws-refused" || kind === "plugin-failed")
    return undefined;
  return kind === "unreachable" && !callsLocalhost(facts) ? "likely" : "certain";
}

/** Where kubectl goes when the context's cluster does not exist (measured, 1.36). */
function callsLocalhost({ pastedError: said, context }: Facts): boolean {
  return context?.cluster === undefined && /localhost:8080/.test(said ?? "");
}

function missingPart({ context }: Facts): { readonly says: string; readonly shows: string } | undefined {
  if (context === undefined) return undefined;
  const { userName, clusterName, user, cluster } = context;
  if (user === undefined) {
    return {
      says: userName === "" ? "names no user" : `names user ${userName}, which is in no kubeconfig file`,
      shows: `contexts[].context.user is ${JSON.stringify(userName)}; users has no such name.`,
    };
  }
  if (cluster === undefined) {
    return {
      says:
        clusterName === ""
          ? "names no cluster"
          : `names cluster ${clusterName}, which is in no kubeconfig file`,
      shows: `contexts[].context.cluster is ${JSON.stringify(clusterName)}; clusters has no such name.`,
    };
  }
  const hasCredential = CREDENTIALS.some(
    (field) => user.body[field] !== undefined && user.body[field] !== null,
  );
  if (hasCredential) return undefined;
  return {
    says: `has user ${userName}, which holds no credential and no exec block`,
    shows: `users[].user of ${userName} in ${user.path} is ${JSON.stringify(Object.keys(user.body))}.`,
  };
}

function missingContext(facts: Facts, name: string, names: readonly string[]): LegacyFinding[] {
  const kind = facts.symptom?.kind;
  const fits = kind === undefined || kind === "configuration" || kind === "other" || kind === "unreachable";
  if (!fits) return [];
  return [
    {
      ...FAULT,
      confidence: kind === "unreachable" ? "likely" : "certain",
      summary: `There is no context ${name} in the kubeconfig files that are read.`,
      evidence: [`contexts has ${names.length === 0 ? "nothing" : names.join(", ")}.`],
      falsifiedBy: sentence`${kubectl("config get-contexts", {}, name)} finds it.`,
      fixes: [...choose(name, names), regenerateEntry(facts, "Or write the context.")],
    },
  ];
}

function choose(name: string, names: readonly string[]): Fix[] {
  if (names.length === 0) return [];
  const alike = names.find(
    (candidate) => candidate.toLowerCase().includes(name.toLowerCase()) || name.includes(candidate),
  );
  return [
    {
      audience: "you",
      description: `Use one that exists: ${names.join(", ")}.`,
      actions: [
        kubectl("config use-context", {}, alike ?? (names.length === 1 ? (names[0] ?? "") : "CONTEXT")),
      ],
    },
  ];
}
