import { entriesOf, type KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import type { EffectiveContext } from "../facts/effective-context.ts";
import { execBlock } from "../facts/exec-block.ts";
import type { Facts } from "../facts/facts.ts";
import { isAboutAnother } from "../facts/gravity.ts";
import { addressOf } from "../facts/kubeconfig-cluster.ts";
import { type Confidence, defineRule } from "../rule.ts";

type Shadowed = EffectiveContext["shadowed"][number];

/** An entry in one file is hidden by another of the same name in an earlier file, and says something else. */
export const kubeconfigShadowedEntry = defineRule({
  code: "kubeconfig-shadowed-entry",
  causes: ["K8"],
  expects: "no earlier kubeconfig file hides an entry that the context uses",
  needs: ["kubeconfig", "context"],
  judge(facts) {
    const { symptom } = facts;
    const hidden = facts.context.shadowed.filter((entry) => differs(facts, entry));
    const [first] = hidden;
    if (first === undefined || symptom?.kind === "none" || isAboutAnother(facts)) return [];
    const right = hidden.find((entry) => hiddenIsRight(facts, entry));
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
          ...(right === undefined
            ? []
            : [
                `Of the two, only the hidden one fits cluster ${facts.cluster?.name} at ${facts.cluster?.endpoint}.`,
              ]),
        ],
        disproof: `\`kubectl config view --minify --raw\` shows the entry of ${path}, or both work alike.`,
        mends: [
          {
            by: "you",
            does: `Remove the entry of ${shadowedBy}, if it is not needed any more (a copy of the file is kept).`,
            commands: [
              ["cp", shadowedBy, `${shadowedBy}-before`],
              ["kubectl", "--kubeconfig", shadowedBy, "config", `delete-${WORDS[section]}`, name],
            ],
          },
        ],
        ...(right === undefined ? { inferred: true } : { explains: ["K10", "K11", "K15", "N1", "N6"] }),
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

/** Whether the hidden entry fits the cluster as EKS describes it, and the one in force does not. */
function hiddenIsRight(facts: Facts, entry: Shadowed): boolean {
  const { cluster, context } = facts;
  if (cluster?.endpoint === undefined || context === undefined) return false;
  const [hidden, inForce] = [entry.path, entry.shadowedBy].map((path) => bodyIn(facts, entry, path) ?? {});
  if (hidden === undefined || inForce === undefined) return false;
  const endpoint = addressOf(cluster.endpoint)?.host;
  const isServer = (body: KubeRecord) => addressOf(String(body["server"]))?.host === endpoint;
  if (entry.section === "clusters") return isServer(hidden) && !isServer(inForce);
  const isName = (body: KubeRecord) =>
    execBlock({ ...context, user: { body, path: entry.path } })?.clusterName === cluster.name;
  const callsIt = context.cluster !== undefined && isServer(context.cluster.body);
  return entry.section === "users" && callsIt && isName(hidden) && !isName(inForce);
}
