import pMap from "p-map";
import { run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { closed, list, maybe, oneOf, type TypeOf, text } from "../../../token/schema.ts";
import { isEksHost } from "../../derive/kubeconfig/kubeconfig-cluster.ts";
import { type AwsAuth, parseAwsAuth } from "../../eks/aws-auth/aws-auth.ts";
import { awsDate } from "../../eks/mapping/aws-date.ts";
import { permissionSetRole } from "../../eks/principal/permission-set.ts";
import { isSamePrincipal, principalOfArn } from "../../eks/principal/principal.ts";
import { fitsTemplate } from "../../eks/principal/username-template.ts";
import { policyName } from "../../eks/rbac/access-policies.ts";
import { DEFAULT_RBAC } from "../../eks/rbac/default-rbac.ts";
import { namespaceOf } from "../../eks/rbac/rbac-index.ts";
import type { AccessEntryJson, AssociatedPoliciesJson, RbacObjectJson } from "../../evidence/evidence.ts";
import { type AwsCalls, awsReason } from "../aws/aws-calls.ts";
import type { KubeCalls } from "./kube-calls.ts";

/** Who has access to a cluster. */
interface AccessList {
  readonly authenticationMode: string | undefined;
  readonly principals: MappedPrincipal[];
  /** What could not be read, and why. */
  readonly notRead: { readonly what: string; readonly reason: string }[];
}

/** A principal that the cluster maps to a Kubernetes user. */
export const PRINCIPAL_SCHEMA = closed("A principal that the cluster maps to a Kubernetes user.", {
  principal: text("ARN of the role or user; `account ID` for all principals of an account."),
  by: oneOf(["access-entry", "aws-auth"], "What maps the principal."),
  type: maybe(text("Type of the access entry.")),
  username: maybe(text("Kubernetes username, which can contain templates.")),
  groups: list(text(), "Kubernetes groups."),
  policies: list(
    closed("An access policy of the access entry.", {
      name: text("Name of the policy."),
      namespaces: maybe(list(text(), "Namespaces of the policy; absent for the whole cluster.")),
    }),
  ),
  bindings: list(
    closed("A binding of RBAC for the user or one of the groups.", {
      binding: text("Kind and name of the binding."),
      role: text("Kind and name of the role."),
      namespace: maybe(text("Namespace of the binding; absent for the whole cluster.")),
    }),
  ),
  notes: list(text(), "What an admin should know, such as that the role no longer exists."),
});

type MappedPrincipal = TypeOf<typeof PRINCIPAL_SCHEMA>;
type Mapped = Omit<MappedPrincipal, "bindings" | "notes"> & { readonly createdAt?: unknown };

/** How many access entries are read at once, and how many roles. */
const AT_ONCE = 8;

/**
 * Every principal that the cluster maps to a Kubernetes user, with its permissions. What cannot be read is listed. Throws
 * `permission-denied` if neither access entries nor aws-auth can be read, `cluster-mismatch` if EKS describes another cluster.
 */
export async function accessList(
  { cluster, region, server }: { readonly cluster: string; readonly region: string; readonly server: string },
  aws: AwsCalls,
  kube: KubeCalls,
): Promise<AccessList> {
  const notRead = new Map<string, string>();
  const read = async <T>(what: string, asked: Promise<T>): Promise<T | undefined> => {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof VouchError && error.code === "interrupted") throw error;
      if (!notRead.has(what)) notRead.set(what, awsReason(error));
      return undefined;
    }
  };
  const described = (await read("the cluster", aws.describeCluster(cluster)))?.cluster;
  const mode = described?.accessConfig?.authenticationMode;
  const { endpoint } = described ?? {};
  if (endpoint !== undefined && isEksServer(server) && new URL(endpoint).host !== new URL(server).host)
    throw new VouchError(
      "cluster-mismatch",
      `Cluster ${cluster} of these credentials is at ${endpoint}, but the context calls ${server}: it is another cluster of that name.`,
      { hint: "Use a context or a profile of the account that owns the cluster." },
    );
  if (mode === "CONFIG_MAP")
    notRead.set("who created the cluster", "EKS does not show it; the creator is an admin of the cluster");
  const [arns, configMap, rbac] = await Promise.all([
    mode === "CONFIG_MAP" ? [] : read("access entries", aws.listAccessEntries(cluster)),
    mode === "API" ? null : read("aws-auth", kube.awsAuth()),
    read("RBAC", kube.rbac()),
  ]);
  if ((arns === undefined && !configMap) || (mode === "CONFIG_MAP" && configMap === undefined))
    throw new VouchError(
      "permission-denied",
      `Cannot read who has access to ${cluster}: ${["access entries", "aws-auth"].flatMap((what) => notRead.get(what) ?? []).join("; ")}.`,
      {
        hint: "Ask a cluster admin to run this command, or to grant you eks:ListAccessEntries, eks:DescribeAccessEntry and eks:ListAssociatedAccessPolicies.",
      },
    );

  const policiesOf = async (arn: string) => {
    const answer = await read("access policies", aws.listAssociatedPolicies(cluster, arn));
    return answer?.associatedAccessPolicies ?? [];
  };
  const entries = await pMap(
    arns ?? [],
    async (arn) => {
      const found = await read(`access entry ${arn}`, aws.describeAccessEntry(cluster, arn));
      return found && ofEntry(found.accessEntry, isForPeople(found.accessEntry) ? await policiesOf(arn) : []);
    },
    { concurrency: AT_ONCE },
  );
  const awsAuth = configMap ? parseAwsAuth(configMap) : undefined;
  for (const error of [awsAuth?.roles.syntaxError, awsAuth?.users.syntaxError])
    if (error !== undefined) notRead.set("aws-auth", error);
  const mapped = [...entries.filter((one) => one !== undefined), ...awsAuthMappings(awsAuth)];
  const principals = await pMap(
    mapped,
    async ({ createdAt, ...one }) => {
      const state = await read("IAM roles", roleState(one.principal, { createdAt, described, aws }));
      const isShadowed =
        one.by === "aws-auth" && (arns ?? []).some((arn) => isSamePrincipal(arn, one.principal));
      return {
        ...one,
        bindings: bindingsOf(rbac?.items ?? [], one),
        notes: [
          ...(isShadowed ? ["ignored: the principal also has an access entry"] : []),
          ...notesOf(one, state, { "cluster-name": cluster, region }),
        ],
      };
    },
    { concurrency: AT_ONCE },
  );
  return {
    authenticationMode: mode,
    principals,
    notRead: [...notRead].map(([what, reason]) => ({ what, reason })),
  };
}

function isEksServer(server: string): boolean {
  return URL.canParse(server) && isEksHost(new URL(server).hostname);
}

function isForPeople({ type }: AccessEntryJson): boolean {
  return type === "STANDARD" || type === undefined;
}

function ofEntry(
  { principalArn: principal, type, username, kubernetesGroups: groups = [], createdAt }: AccessEntryJson,
  policies: AssociatedPoliciesJson["associatedAccessPolicies"],
): Mapped {
  return {
    ...{ principal, by: "access-entry", type, username, groups: [...groups], createdAt },
    policies: policies.map(({ policyArn, accessScope }) => ({
      name: policyName(policyArn),
      ...(accessScope?.type === "namespace" ? { namespaces: [...(accessScope.namespaces ?? [])] } : {}),
    })),
  };
}

function awsAuthMappings(awsAuth: AwsAuth | null | undefined): Mapped[] {
  const lines = [...(awsAuth?.roles.entries ?? []), ...(awsAuth?.users.entries ?? [])];
  return [
    ...lines.map(({ arn, username, groups }) => ({ principal: arn, username, groups: [...groups] })),
    ...(awsAuth?.accounts ?? []).map((account) => ({ principal: `account ${account}`, groups: [] })),
  ].map((one) => ({ by: "aws-auth", policies: [], ...one }));
}

/** `gone`: IAM does not know the role. `renewed`: it was created after its access entry, which is only for the earlier role. */
async function roleState(
  arn: string,
  {
    createdAt,
    described,
    aws,
  }: {
    readonly createdAt: unknown;
    readonly described: { readonly arn?: string | undefined } | undefined;
    readonly aws: AwsCalls;
  },
): Promise<"gone" | "renewed" | undefined> {
  const principal = principalOfArn(arn);
  const isOwn = principal !== undefined && principal.account === described?.arn?.split(":")[4];
  if (!isOwn || principal.kind !== "role" || /:role\/aws-service-role\//.test(arn)) return undefined;
  try {
    const { Role } = await aws.getRole(principal.name);
    const [made, entered] = [awsDate(Role.CreateDate), awsDate(createdAt as string | undefined)];
    return made !== undefined && entered !== undefined && made > entered ? "renewed" : undefined;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith("NoSuchEntity")) return "gone";
    throw error;
  }
}

function notesOf(
  { principal, by }: Mapped,
  state: Awaited<ReturnType<typeof roleState>>,
  place: { readonly "cluster-name": string; readonly region: string },
): string[] {
  const set = permissionSetRole(principal.split("/").at(-1) ?? "")?.set;
  const remove = withCommands`${run("aws", "eks delete-access-entry", { ...place, "principal-arn": principal })}`;
  const gone = by === "aws-auth" ? "remove its mapping from aws-auth" : `to remove it: ${remove}`;
  return [
    ...(state === "gone" ? [`no longer exists in IAM; ${gone}`] : []),
    ...(state === "renewed"
      ? [
          `was recreated after its access entry, which no longer applies; delete the entry (${remove}) and create it again`,
        ]
      : []),
    ...(set === undefined
      ? []
      : [
          `the role's name ends in a hash that changes if permission set ${set} is removed from the account and added again`,
        ]),
  ];
}

const EVERYONE = "system:authenticated";

/** The roles that Kubernetes itself grants to everyone: known by name, since a label can be on any binding. */
const ROLES_OF_EVERYONE: ReadonlySet<string | undefined> = new Set(
  DEFAULT_RBAC.flatMap(({ roleRef, subjects = [] }) =>
    subjects.some(({ name }) => name === EVERYONE) ? [roleRef?.name] : [],
  ),
);

/** What RBAC grants to the user and the groups of a mapping, and to everyone; a username can be a template. */
function bindingsOf(
  objects: readonly RbacObjectJson[],
  { username, groups }: Mapped,
): MappedPrincipal["bindings"] {
  const isMeant = ({ kind, name }: { readonly kind: string; readonly name: string }) =>
    kind === "Group"
      ? groups.includes(name) || name === EVERYONE
      : kind === "User" && username !== undefined && (name === username || fitsTemplate(username, name));
  return objects.flatMap((binding) => {
    const { kind, metadata, roleRef, subjects } = binding;
    if (roleRef === undefined || ROLES_OF_EVERYONE.has(roleRef.name) || subjects?.some(isMeant) !== true)
      return [];
    return [
      {
        binding: `${kind} ${metadata.name}`,
        role: `${roleRef.kind} ${roleRef.name}`,
        namespace: namespaceOf(binding),
      },
    ];
  });
}
