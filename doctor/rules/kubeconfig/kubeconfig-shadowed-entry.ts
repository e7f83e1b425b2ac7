import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { entriesOf, type KubeRecord } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { isOtherPrincipal } from "../../derive/failure/pre-auth-severity.ts";
import { isSamePrincipal } from "../../derive/identity/principal.ts";
import type { EffectiveContext } from "../../derive/kubeconfig/effective-context.ts";
import { execBlock } from "../../derive/kubeconfig/exec-block.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { kubectl } from "../../fixes/kubectl.ts";

type Shadowed = EffectiveContext["shadowed"][number];

/** An entry in one file is hidden by another of the same name in an earlier file, and says something else. */
export const kubeconfigShadowedEntry = defineLegacyRule({
  code: "kubeconfig-shadowed-entry",
  stage: "kubeconfig",
  causes: ["K8"],
  expects: "no earlier kubeconfig file hides an entry that the context uses",
  needs: ["kubeconfig", "context"],
  judge(facts) {
    const { symptom } = facts;
    const hidden = facts.context.shadowed.filter((entry) => differs(facts, entry));
    const [first] = hidden;
    if (first === undefined || symptom?.kind === "none" || isOtherPrincipal(facts)) return [];
    const right = hidden.find((entry) => whyHiddenIsRight(facts, entry) !== undefined);
    const why = right && whyHiddenIsRight(facts, right);
    const confidence: Confidence =
      right !== undefined ? "certain" : symptom === undefined ? "possible" : "likely";
    const { section, name, path, shadowedBy } = right ?? first;
    return [
      {
        cause: "K8",
        stage: "kubeconfig",
        severity: symptom === undefined && right === undefined ? "warning" : "error",
        confidence,
        summary: `${shadowedBy} also has ${WORDS[section]} ${name}, and comes first: the one in ${path} is never read.`,
        evidence: [
          ...hidden.map(
            (entry) =>
              `${entry.section} ${entry.name} in ${entry.path} differs from the one in ${entry.shadowedBy}.`,
          ),
          ...(why === undefined ? [] : [why]),
        ],
        falsifiedBy: sentence`${kubectl("config view", { minify: true, raw: true })} shows the entry of ${path}, or both work alike.`,
        fixes: [
          {
            audience: "you",
            description: `Remove the entry of ${shadowedBy}, if it is not needed any more (a copy of the file is kept).`,
            actions: [
              run("cp", "", {}, shadowedBy, `${shadowedBy}-before`),
              kubectl("", { kubeconfig: shadowedBy }, "config", `delete-${WORDS[section]}`, name),
            ],
          },
        ],
        ...(right === undefined ? { inferred: true } : { explains: ["K10", "K11", "K15", "N1", "N6", "E1"] }),
      },
    ];
  },
});

/** How kubectl calls one entry of a section. */
const WORDS = { clusters: "cluster", users: "user", contexts: "context" } as const;

/** The bodies of both, held against each other. */
function differs(facts: Facts, entry: Shadowed): boolean {
  return (
    JSON.stringify(bodyIn(facts, entry, entry.path)) !==
    JSON.stringify(bodyIn(facts, entry, entry.shadowedBy))
  );
}

function bodyIn({ kubeconfig }: Facts, { section, name }: Shadowed, path: string): KubeRecord | undefined {
  const document = kubeconfig?.view?.documents.find((candidate) => candidate.path === path);
  return document && entriesOf(document.model, section).get(name);
}

/** What shows that the hidden entry is the one that was meant, and the one in force is not; undefined when nothing does. */
function whyHiddenIsRight(facts: Facts, entry: Shadowed): string | undefined {
  const { cluster } = facts;
  const [hidden, inForce] = [entry.path, entry.shadowedBy].map((path) => bodyIn(facts, entry, path) ?? {});
  if (hidden === undefined || inForce === undefined) return undefined;
  if (fitsCluster(facts, entry, { hidden, inForce }))
    return `Of the two, only the hidden one fits cluster ${cluster?.name} at ${cluster?.endpoint}.`;
  const listed = knownValue(facts.evidence.accessEntries)?.accessEntries;
  const [meant, used] = [hidden, inForce].map((body) => roleOf(facts, entry, body));
  const isListed = (role: string) => listed?.some((arn) => isSamePrincipal(arn, role)) === true;
  return entry.section === "users" && meant && used && isListed(meant) && !isListed(used)
    ? `Of the two, only the hidden one names a role that has an access entry: ${meant}.`
    : undefined;
}

function roleOf({ context }: Facts, { path, section }: Shadowed, body: KubeRecord): string | undefined {
  if (context === undefined || section !== "users") return undefined;
  return execBlock({ ...context, user: { body, path } })?.role;
}

/** Whether the hidden entry fits the cluster as EKS describes it, and the one in force does not. */
function fitsCluster(
  { cluster, context }: Facts,
  entry: Shadowed,
  { hidden, inForce }: { readonly hidden: KubeRecord; readonly inForce: KubeRecord },
): boolean {
  if (cluster?.endpoint === undefined || context === undefined) return false;
  const endpoint = addressOf(cluster.endpoint)?.host;
  const isServer = (body: KubeRecord) => addressOf(String(body["server"]))?.host === endpoint;
  if (entry.section === "clusters") return isServer(hidden) && !isServer(inForce);
  const isName = (body: KubeRecord) =>
    execBlock({ ...context, user: { body, path: entry.path } })?.clusterName === cluster.name;
  const callsIt = context.cluster !== undefined && isServer(context.cluster.body);
  return entry.section === "users" && callsIt && isName(hidden) && !isName(inForce);
}
