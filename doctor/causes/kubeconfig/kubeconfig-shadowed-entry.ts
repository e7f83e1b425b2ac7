import { kubectl, pathWord } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { copy } from "../../../token/command/tasks.ts";
import { entriesOf, type KubeRecord } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { EffectiveContext } from "../../derive/kubeconfig/effective-context.ts";
import { execBlock } from "../../derive/kubeconfig/exec-block.ts";
import { addressOf } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { isSamePrincipal } from "../../eks/principal/principal.ts";
import { knownValue } from "../../evidence/evidence.ts";
import { forYou } from "../../fixes/fix.ts";
import { OTHER_PRINCIPAL } from "../shared/not-applicable.ts";

type Shadowed = EffectiveContext["shadowed"][number];

/** What kubectl calls one entry of a section. */
const KINDS = { clusters: "cluster", users: "user", contexts: "context" } as const;

/** An entry in one file is hidden by another with the same name in an earlier file, and the two differ. */
export const kubeconfigShadowedEntry = defineRule({
  cause: {
    id: "K8",
    what: "An entry with the same name in an earlier kubeconfig file hides the right one.",
    seen: "401, although one file has the right entry",
    remedy: "Remove the entry from the file that hides it, if you no longer need it.",
    page: "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files",
  },
  expects: "no earlier kubeconfig file hides an entry that the context uses",
  needs: ["kubeconfig", "context"],
  check({ context }, seen) {
    const hidden = context.shadowed.filter((entry) => differs(seen, entry));
    const [first] = hidden;
    if (first === undefined) return passed;
    if (seen.isOtherPrincipal) return OTHER_PRINCIPAL;
    const isFailing = seen.symptom !== undefined;
    if (seen.symptom?.kind === "none") return doesNotApply("the call works");
    const [right] = hidden.flatMap((entry) => proofFor(seen, entry) ?? []);
    return found({
      severity: isFailing || right !== undefined ? "error" : "warning",
      ...(right === undefined
        ? { confidence: isFailing ? "likely" : "possible", inferred: true }
        : { confidence: "certain", explains: ["K10", "K11", "K15", "N1", "N6", "E1"] }),
      describe: () => describe(right?.entry ?? first, hidden, right?.proof),
    });
  },
});

/** The bodies of the hidden entry and of the effective one. */
function bodies({ kubeconfig }: Facts, { section, name, path, shadowedBy }: Shadowed) {
  const [hidden, inForce] = [path, shadowedBy].map((file) => {
    const document = kubeconfig?.view?.documents.find((candidate) => candidate.path === file);
    return document && entriesOf(document.model, section).get(name);
  });
  return { hidden, inForce };
}

function differs(seen: Facts, entry: Shadowed): boolean {
  const { hidden, inForce } = bodies(seen, entry);
  return JSON.stringify(hidden) !== JSON.stringify(inForce);
}

/** What shows that the hidden entry is the intended one, and the effective one is not. */
function proofFor(seen: Facts, entry: Shadowed) {
  const { hidden = {}, inForce = {} } = bodies(seen, entry);
  const fits = (body: KubeRecord) => fitsCluster(seen, entry, body);
  if (fits(hidden) && !fits(inForce)) {
    const { cluster } = seen;
    const proof = `Only the hidden entry matches cluster ${cluster?.name} at ${cluster?.endpoint}.`;
    return { entry, proof };
  }
  const [meant, used] = [hidden, inForce].map((body) => execOf(seen, entry, body)?.role);
  if (meant === undefined || used === undefined) return undefined;
  const listed = knownValue(seen.evidence.accessEntries)?.accessEntries;
  const isListed = (role: string) => listed?.some((arn) => isSamePrincipal(arn, role)) === true;
  if (!isListed(meant) || isListed(used)) return undefined;
  return { entry, proof: `Only the hidden entry uses a role that has an access entry: ${meant}.` };
}

function execOf({ context }: Facts, { path, section }: Shadowed, body: KubeRecord) {
  return context && section === "users" ? execBlock({ ...context, user: { body, path } }) : undefined;
}

/** Whether a body matches the cluster as EKS describes it: by its server, or by the cluster for which its plugin signs. */
function fitsCluster(seen: Facts, entry: Shadowed, body: KubeRecord): boolean {
  const { cluster } = seen;
  const endpoint = addressOf(cluster?.endpoint)?.host;
  if (endpoint === undefined) return false;
  const isServer = (server: unknown) => addressOf(String(server))?.host === endpoint;
  if (entry.section === "clusters") return isServer(body["server"]);
  return (
    isServer(seen.context?.cluster?.body["server"]) &&
    execOf(seen, entry, body)?.clusterName === cluster?.name
  );
}

function describe(
  { section, name, path, shadowedBy }: Shadowed,
  hidden: readonly Shadowed[],
  proof: string | undefined,
) {
  const kind = KINDS[section];
  return {
    summary: `${shadowedBy} also has ${kind} ${name} and comes first, so the one in ${path} is ignored.`,
    evidence: [
      ...hidden.map(
        (entry) =>
          `${entry.section} ${entry.name} in ${entry.path} differs from the one in ${entry.shadowedBy}.`,
      ),
      proof,
    ],
    falsifiedBy: sentence`${kubectl("config view", { minify: true, raw: true })} shows the entry from ${path}, or both entries behave the same.`,
    fixes: [
      forYou(
        `If the entry in ${shadowedBy} is no longer needed, remove it (a copy of the file is kept).`,
        copy(pathWord(shadowedBy), pathWord(`${shadowedBy}-before`)),
        kubectl("", { kubeconfig: pathWord(shadowedBy) }, "config", `delete-${kind}`, name),
      ),
    ],
  };
}
