import { aws, kubectl, type Run, run, runPerSystem } from "../../token/command/command.ts";
import type { Sentence } from "../../token/command/sentence.ts";
import { namespaceMeant } from "../derive/authorization/attempt-of-command.ts";
import { type ClientKind, clientKind } from "../derive/client/client-kind.ts";
import type { Facts } from "../derive/facts.ts";
import type { Symptom } from "../derive/failure/symptom.ts";
import { likelyPrincipal, ownEntryArn } from "../derive/identity/principal-arn.ts";
import { commandTarget } from "../derive/target/eks-call.ts";
import { endpointNamed } from "../derive/target/target-cluster.ts";
import { knownValue } from "../evidence/evidence.ts";
import { type EvidenceNames, UNKNOWN_NAMES } from "../evidence/part.ts";
import { type EvidencePart, partEntry } from "../evidence/parts.ts";
import { commandFor, type Reader, sentenceFor } from "../fixes/render-fix.ts";

/** A piece of evidence to collect, and the command that prints it. */
interface NextEvidence {
  readonly part: string;
  readonly command: string;
}

/**
 * What to collect next if nothing explains a failure: what is decisive and cheap comes first.
 *
 * Source: doctor/EKS-ACCESS.md, "Order of checks".
 */
const IN_ORDER: readonly EvidencePart[] = [
  "kubeconfig",
  "pluginRun",
  "callerIdentity",
  "token",
  "tokenNames",
  "network",
  "apiServer",
  "question",
  "selfSubjectReview",
  "cluster",
  "accessEntries",
  "accessEntryDetails",
  "role",
  "associatedPolicies",
  "awsAuth",
  "accessReviews",
  "rbac",
];

/** What decides between the suspicions of a bare error, by how the call failed. */
const DECISIVE: Partial<Record<Symptom["kind"], readonly EvidencePart[]>> = {
  unauthorized: ["kubeconfig", "callerIdentity", "accessEntries"],
  forbidden: ["selfSubjectReview", "accessEntryDetails", "associatedPolicies"],
  unreachable: ["kubeconfig", "cluster"],
  "plugin-failed": ["kubeconfig", "callerIdentity"],
  "aws-refused": ["kubeconfig", "callerIdentity"],
  other: ["kubeconfig", "callerIdentity"],
};

/** What decides where nodes are refused or NotReady. */
const DECISIVE_FOR_NODES: readonly EvidencePart[] = [
  "cluster",
  "accessEntryDetails",
  "associatedPolicies",
  "awsAuth",
];

/** How many are named at most: one step at a time. */
const AT_MOST = 3;

/** What is enough where a bare error is all there is, as commands alone. */
const ENOUGH: Partial<Record<EvidencePart, Sentence>> = {
  kubeconfig: [kubectl("config view", { minify: true })],
  callerIdentity: [aws("sts get-caller-identity")],
};

/** Where to run the commands, by the client that made the call. */
const PLACES: Readonly<Record<ClientKind, string>> = {
  terraform: "In the shell or job that runs Terraform",
  "argo-cd": "Where you are logged in with the argocd CLI",
  ci: "In a step of the job, before the one that fails",
  graphical: "In the terminal that this program opens, which has its variables",
  k9s: "In the shell that you start k9s from",
  helm: "In the shell that runs Helm",
};

/** Where to run the commands of `nextEvidence`. */
export function nextPlace(facts: Facts): string {
  const kind = clientKind(facts);
  return kind === undefined ? "Where the call fails" : PLACES[kind];
}

/** What shows how a client calls the cluster that has no kubeconfig. */
function configurationOf(facts: Facts): Run | undefined {
  const kind = clientKind(facts);
  if (kind === "terraform")
    return runPerSystem(
      ["grep", "-rhA", "20", "--include=*.tf", "--exclude-dir=.terraform", '^provider "', "."],
      { powershell: "Get-Content *.tf", cmd: "type *.tf" },
    );
  if (kind !== "argo-cd") return undefined;
  const { endpoint } = namesIn(facts);
  return run("argocd", "cluster get", { o: "yaml" }, `https://${endpoint}`);
}

/** Parts that only a caller whom the cluster lets in can get. */
const INSIDE: ReadonlySet<EvidencePart> = new Set(["selfSubjectReview", "accessReviews", "rbac"]);

/**
 * The next pieces, from those that are missing or only excerpts; a part that failed is requested again, from someone who can see
 * it.
 */
export function nextEvidence(facts: Facts, reader: Reader): NextEvidence[] {
  const { symptom } = facts;
  const names = namesIn(facts);
  const isBare = facts.context === undefined && facts.evidence.callerIdentity === undefined;
  const ofKind = symptom && DECISIVE[symptom.kind];
  const decisive = !isBare ? undefined : facts.isAboutNodes ? DECISIVE_FOR_NODES : ofKind;
  if (decisive !== undefined)
    return decisive
      .filter((part) => isMissing(part, facts))
      .slice(0, AT_MOST)
      .flatMap((part): NextEvidence[] => {
        const own = part === "kubeconfig" ? configurationOf(facts) : undefined;
        // Argo CD assumes a role of its own, which its entry for the cluster names.
        if (part === "callerIdentity" && clientKind(facts) === "argo-cd") return [];
        const source = own === undefined ? (ENOUGH[part] ?? partEntry(part).source(names)) : [own];
        return [{ part: own === undefined ? part : "client", command: sourceText(source, reader) }];
      });
  return IN_ORDER.filter((part) => isMissing(part, facts))
    .filter((part) => symptom?.kind !== "unauthorized" || !INSIDE.has(part))
    .filter((part) => likelyPrincipal(facts) !== undefined || partEntry(part).about !== "principal")
    .slice(0, AT_MOST)
    .map((part) => ({ part, command: sourceText(partEntry(part).source(names), reader) }));
}

/** Missing parts with the commands that print them: those that a command prints, the ones that decide most first. */
export function evidenceToFetch(
  parts: readonly EvidencePart[],
  facts: Facts,
  reader: Reader,
): NextEvidence[] {
  const names = namesIn(facts);
  const wanted = IN_ORDER.filter((part) => parts.includes(part) && isMissing(part, facts));
  return wanted
    .slice(0, AT_MOST)
    .map((part) => ({ part, command: sourceText(partEntry(part).source(names), reader) }));
}

/** If the question only names another user, the output of their command is missing as well. */
function isMissing(part: EvidencePart, { evidence, isOtherPrincipal, symptom }: Facts): boolean {
  if (isOtherPrincipal && partEntry(part).about === "caller") return false;
  if (isOtherPrincipal && part === "question") return symptom === undefined;
  return knownValue(evidence[part]) === undefined || evidence.excerpts?.some((of) => of === part) === true;
}

/** A source that is only a command is printed as a line to paste. */
function sourceText(source: Sentence, reader: Reader): string {
  const [only, ...others] = typeof source === "string" ? [] : source;
  if (only === undefined || typeof only === "string" || others.length > 0) return sentenceFor(source, reader);
  const rendered = commandFor(only, reader);
  return "line" in rendered ? rendered.line : sentenceFor(source, reader);
}

function namesIn(facts: Facts): EvidenceNames {
  const { attempt, cluster, clusterEntry } = facts;
  const principal = likelyPrincipal(facts);
  return {
    ...commandTarget(facts),
    roleArn: principal === undefined ? UNKNOWN_NAMES.roleArn : ownEntryArn(facts),
    role: principal?.name ?? UNKNOWN_NAMES.role,
    verb: attempt?.verb ?? UNKNOWN_NAMES.verb,
    resource: attempt?.resource ?? UNKNOWN_NAMES.resource,
    namespace: namespaceMeant(facts) ?? UNKNOWN_NAMES.namespace,
    endpoint:
      cluster?.endpoint?.replace("https://", "") ??
      clusterEntry?.host ??
      endpointNamed(facts) ??
      UNKNOWN_NAMES.endpoint,
  };
}
