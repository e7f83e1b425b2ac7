import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import type { CauseId } from "../../doctor/check/cause-ids.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import type { Fix } from "../../doctor/fixes/fix.ts";
import { sentenceText } from "../../token/command/sentence.ts";
import type { KubeUser } from "../lab/kube/authentication/kube-identity.ts";
import { isPath } from "../lab/kube/authorization/attributes.ts";
import { askPolicies } from "../lab/kube/authorization/policies.ts";
import { askRbac, rulesFor } from "../lab/kube/authorization/rbac.ts";
import type { Cluster, RbacBinding } from "../lab/model.ts";
import { REFUSED_TO_DEVELOPERS, REFUSED_TO_THE_BLIND, seenBy } from "../support/few-rights.ts";
import { poorer } from "./support/bundle.ts";
import { carryOut } from "./support/carry-out.ts";
import { type Denial, denials, isAllowed } from "./support/denials.ts";
import { userOf } from "./support/denied-clusters.ts";
import { reportOn } from "./support/report-case.ts";

const COUNT = 800;

/** A subject that misses the caller. */
const MISSES: readonly CauseId[] = ["R1", "R2", "R3", "R6", "R8", "R10"];
const SCOPES: readonly CauseId[] = ["P1", "P2", "P3", "P10"];
const CONTENTS: readonly CauseId[] = ["P3", "P4", "P5", "P13", "R7"];

/** The causes that are true of a denial, as the lab's own authorizers show by what they would say to another cluster. */
function trueCauses(denial: Denial): readonly CauseId[] {
  const { cluster, attempt } = denial;
  const user = userOf(denial);
  const namespace = isPath(attempt) ? "" : attempt.namespace;
  if (rulesFor(cluster, asNamed(user), namespace).errors.length > 0) return ["R5"];
  if (isGrantedElsewhere(denial)) return ["R4"];
  const misses = askRbac(boundTo(cluster, user.username), user, attempt).allowed ? MISSES : [];
  const policies = user.entry?.policies ?? [];
  if (user.entry !== undefined && policies.length > 0) {
    const wide = policies.map((policy) => ({
      ...policy,
      accessScope: { type: "cluster" as const, namespaces: [] },
    }));
    const isInScope = askPolicies({ ...user.entry, policies: wide }, attempt).allowed;
    return [...misses, ...(isInScope ? SCOPES : CONTENTS)];
  }
  return [...misses, ...(isBound(cluster, user) ? (["R7"] as const) : (["R1", "E5"] as const))];
}

/** Whether a binding of another namespace would allow it, there or everywhere. */
function isGrantedElsewhere({ cluster, attempt, ...denial }: Denial): boolean {
  const user = userOf({ ...denial, cluster });
  if (isPath(attempt)) {
    const bindings = cluster.bindings.filter(({ roleRef }) => roleRef.kind === "ClusterRole");
    const wide = bindings.map(({ namespace: _, ...binding }) => binding);
    return askRbac({ ...cluster, bindings: wide }, user, attempt).allowed;
  }
  return cluster.bindings.some(
    ({ namespace }) => namespace !== undefined && askRbac(cluster, user, { ...attempt, namespace }).allowed,
  );
}

/** The cluster, if each binding but Kubernetes' own were of this user. */
function boundTo(cluster: Cluster, name: string): Cluster {
  const isOwn = (binding: RbacBinding) => /^b\d+$/.test(binding.name);
  return {
    ...cluster,
    bindings: cluster.bindings.map((binding) =>
      isOwn(binding) ? { ...binding, subjects: [{ kind: "User", name }] } : binding,
    ),
  };
}

/** Without what everybody is, or every service account. */
function asNamed({ groups, ...user }: KubeUser): KubeUser {
  const everybody = ["system:authenticated", "system:serviceaccounts"];
  return { ...user, groups: groups.filter((group) => !everybody.includes(group)) };
}

/** Whether any binding names the caller. */
function isBound(cluster: Cluster, user: KubeUser): boolean {
  return ["", ...cluster.namespaces].some((namespace) => {
    const { rules, errors } = rulesFor(cluster, asNamed(user), namespace);
    return rules.length + errors.length > 0;
  });
}

function firstCauseOf(bundle: DoctorEvidence) {
  return diagnose(RULES, deriveFacts(bundle)).rootCauses[0];
}

/** Whether the first way out, up to where another begins, leads out. */
function isCured(denial: Denial, fixes: readonly Fix[]): boolean {
  for (const [index, fix] of fixes.entries()) {
    if (index > 0 && sentenceText(fix.description, "bash").startsWith("Or ")) return false;
    carryOut(fix, denial.cluster);
    if (isAllowed(denial)) return true;
  }
  return false;
}

describe("a denied request", () => {
  it("has a cause that is true, and a fix that cures it, where everything is known", () => {
    const seen = new Set<CauseId>();
    for (const [index, denial] of denials(3, COUNT).entries()) {
      const root = firstCauseOf(denial.bundle) ?? assert.fail(`${index}: no cause`);
      const said = `${index}: ${root.cause}, ${root.summary}`;
      assert.ok(trueCauses(denial).includes(root.cause), `${said}, is one of ${trueCauses(denial)}`);
      assert.ok(isCured(denial, root.fixes), said);
      seen.add(root.cause);
    }
    const all = [...MISSES, ...SCOPES, ...CONTENTS, "R4", "R5", "E5"].filter((cause) => cause !== "P10");
    assert.deepEqual([...seen].sort(), [...new Set(all)].sort());
  });

  it("has a cause, a suspicion or something to look for next, whatever is not known", () => {
    for (const [index, { bundle }] of denials(2, 20).entries()) {
      for (const [what, less] of lessOf(bundle)) {
        const { rootCauses, suspicions, unknown } = reportOn(less);
        const [root] = rootCauses;
        const next = [...(root?.fixes ?? []), ...suspicions, ...(unknown?.fetchNext ?? [])];
        assert.ok(next.length > 0, `${index}, ${what}: ${root?.cause ?? "nothing"}`);
      }
    }
  });
});

/** The bundle as those see it who may see less, or show less of it. */
function lessOf(bundle: DoctorEvidence): readonly (readonly [what: string, less: DoctorEvidence])[] {
  const { apiVersion, kind, question = {}, rbac = { items: [] } } = bundle;
  const excerpts = ["rbac", "awsAuth", "associatedPolicies", "accessEntries"] as const;
  const { stderr = "" } = question;
  return [
    ["a developer", seenBy(bundle, REFUSED_TO_DEVELOPERS)],
    ["nobody in AWS", seenBy(bundle, REFUSED_TO_THE_BLIND)],
    ["the words alone", { apiVersion, kind, question: { stderr } }],
    ["the words and RBAC", { apiVersion, kind, question: { stderr }, rbac }],
    ...excerpts.map((part) => [`part of ${part}`, { ...bundle, excerpts: [part] }] as const),
    ["parts", { ...bundle, excerpts }],
    ...poorer(bundle),
  ];
}
