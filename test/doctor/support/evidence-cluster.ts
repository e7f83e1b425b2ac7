import { awsAuthTexts } from "../../../doctor/eks/aws-auth/aws-auth.ts";
import { principalOfArn } from "../../../doctor/eks/principal/principal.ts";
import { type DoctorEvidence, knownValue } from "../../../doctor/evidence/evidence.ts";
import { emptyWorld } from "../../lab/aws/empty-world.ts";
import { accessPolicy, addCluster } from "../../lab/aws/world.ts";
import { type KubeUser, kubeIdentity } from "../../lab/kube/authentication/kube-identity.ts";
import { accessEntryMapper, awsAuthMapper } from "../../lab/kube/authentication/mappers.ts";
import { Refusal } from "../../lab/kube/authentication/refusal.ts";
import { bindingOf, roleOf } from "../../lab/kube/authorization/rbac-model.ts";
import { rulesByRole } from "../../lab/kube/authorization/role-aggregation.ts";
import type { AccessEntry, AuthenticationMode, Cluster, RbacRole } from "../../lab/model.ts";
import { ACCOUNT } from "./bundle.ts";
import { principalIdOf } from "./carry-out.ts";

/** The lab's cluster in the state that the evidence shows: entries, policies, aws-auth, RBAC. */
export function clusterOf(bundle: DoctorEvidence): Cluster {
  const cluster = addCluster(emptyWorld(ACCOUNT), { name: "lab", region: "eu-west-1" });
  const { accessConfig } = knownValue(bundle.cluster)?.cluster ?? {};
  const mode = accessConfig?.authenticationMode;
  if (mode !== undefined) cluster.authenticationMode = mode as AuthenticationMode;
  for (const { metadata } of knownValue(bundle.namespaces)?.items ?? [])
    cluster.namespaces.add(metadata.name);
  for (const entry of entriesIn(bundle)) cluster.accessEntries.set(entry.principalArn, entry);
  cluster.awsAuth = bundle.awsAuth === null ? undefined : { ...awsAuthTexts(bundle.awsAuth) };
  const items = structuredClone(knownValue(bundle.rbac)?.items ?? []);
  const names = new Set(items.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const isOwn = (kind: string, name: string, namespace?: string) =>
    namespace === undefined && names.has(`Cluster${kind} ${name}`);
  const roles = [
    ...cluster.roles.filter(({ name, namespace }) => !isOwn("Role", name, namespace)),
    ...items.filter(({ kind }) => kind.endsWith("Role")).map(roleOf),
  ];
  // What the cluster's controller collects is written out, once for all questions.
  const rules = rulesByRole(roles);
  cluster.roles = roles.map(({ aggregates: _, ...role }, index) => ({
    ...role,
    rules: [...(rules.get(roles[index] as RbacRole) ?? [])],
  }));
  cluster.bindings = [
    ...cluster.bindings.filter(({ name, namespace }) => !isOwn("RoleBinding", name, namespace)),
    ...items.filter(({ kind }) => kind.endsWith("Binding")).map(bindingOf),
  ];
  return cluster;
}

function entriesIn(bundle: DoctorEvidence): AccessEntry[] {
  const associated = knownValue(bundle.associatedPolicies) ?? [];
  const details = (knownValue(bundle.accessEntryDetails) ?? []).map(({ accessEntry }) => accessEntry);
  const described = new Set(details.map(({ principalArn }) => principalArn));
  const others = (knownValue(bundle.accessEntries)?.accessEntries ?? []).filter((arn) => !described.has(arn));
  return [...others.map((principalArn) => ({ principalArn }) as (typeof details)[number]), ...details].map(
    (entry) => ({
      principalArn: entry.principalArn,
      principalId: isStale(bundle, entry)
        ? "id of a principal that was deleted"
        : principalIdOf(entry.principalArn),
      kubernetesGroups: [...(entry.kubernetesGroups ?? [])],
      username: entry.username ?? "",
      type: (entry.type ?? "STANDARD") as AccessEntry["type"],
      createdAt: new Date(0),
      modifiedAt: new Date(0),
      tags: {},
      policies: associated
        .filter(({ principalArn }) => principalArn === entry.principalArn)
        .flatMap(({ associatedAccessPolicies }) => associatedAccessPolicies)
        .map(({ policyArn, accessScope: { namespaces = [] } }) =>
          accessPolicy(policyArn.split("/").at(-1) ?? "", namespaces),
        ),
    }),
  );
}

/** An entry that is older than its role is of another role, which had the same name. */
function isStale(
  { role }: DoctorEvidence,
  {
    principalArn,
    createdAt,
  }: { readonly principalArn: string; readonly createdAt?: string | number | undefined },
): boolean {
  const found = knownValue(role)?.Role;
  if (found === undefined || principalIdOf(found.Arn) !== principalIdOf(principalArn)) return false;
  return createdAt !== undefined && new Date(createdAt) < new Date(found.CreateDate ?? createdAt);
}

/** Whom the evidence is about. */
export interface Subject {
  /** As AWS knows them; undefined for somebody whom it does not know. */
  readonly arn: string | undefined;
  readonly known: { readonly username: string; readonly groups: readonly string[] } | undefined;
}

export function subjectOf(bundle: DoctorEvidence): Subject {
  const known = knownValue(bundle.selfSubjectReview)?.status.userInfo;
  const arn = bundle.question?.principal ?? knownValue(bundle.callerIdentity)?.Arn;
  const { username, groups = [] } = known ?? {};
  return { arn, known: username === undefined ? undefined : { username, groups } };
}

/** Whom the cluster takes them for; undefined if it does not let them in. */
export function userIn(cluster: Cluster, { arn, known }: Subject): KubeUser | undefined {
  const principal = arn === undefined ? undefined : principalOfArn(arn);
  if (principal === undefined)
    return known && { ...known, groups: [...new Set([...known.groups, "system:authenticated"])], extra: {} };
  const identity = {
    arn: principal.arn,
    canonicalArn: principal.canonicalArn,
    accountId: principal.canonicalArn.split(":")[4] ?? "",
    userId: principalIdOf(principal.canonicalArn),
    sessionName: principal.sessionName ?? "",
    accessKeyId: "ASIAEXAMPLEEXAMPLE12",
  };
  const byEntry = accessEntryMapper(cluster.accessEntries.values());
  const byLine = awsAuthMapper(cluster.awsAuth ?? {});
  const mappers = { CONFIG_MAP: [byLine], API_AND_CONFIG_MAP: [byEntry, byLine], API: [byEntry] };
  try {
    return kubeIdentity(identity, mappers[cluster.authenticationMode]);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
