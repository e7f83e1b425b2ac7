import { reasonOf } from "../../token/errors/errors.ts";
import { isRecord, ownValue } from "../../token/record.ts";
import { clusterByName, endpointRegion, isClusterName } from "../derive/target/target-cluster.ts";
import { principalOfArn } from "../eks/principal/principal.ts";
import { readExecCredential, tokenFacts } from "../evidence/exec-credential.ts";
import { isListOfAnswers, PART_NAMES, partEntry } from "../evidence/parts.ts";
import { readEvidence } from "../evidence/read-evidence.ts";
import { RBAC_KINDS } from "../evidence/schema/kubernetes-shapes.ts";
import { type Found, isFound, type Recognition } from "./found.ts";
import { isKubectl } from "./words.ts";

type Value = Readonly<Record<string, unknown>>;

interface Reading {
  /** Epoch milliseconds, for the age of a token. */
  readonly now: number;
  readonly command: string | undefined;
}

/** The fields by which an answer of AWS is recognized, and the part that it is. */
const ANSWERS = PART_NAMES.flatMap((part) =>
  (partEntry(part).fields ?? []).map((fields) => ({ part, fields })),
);

/** Top-level fields by which a value is recognized: YAML begins with one of them. */
export const KNOWN_FIELDS: readonly string[] = [
  ...ANSWERS.flatMap(({ fields }) => fields),
  "associations",
  "config",
  "Events",
];

/** What a JSON or YAML value is, by its own fields; undefined where it is not recognized. */
export function recognizeValue(value: unknown, reading: Reading): Recognition | undefined {
  if (!isRecord(value)) return Array.isArray(value) ? recognizeAll(value, reading) : undefined;
  const { kind } = value;
  const byKind = typeof kind === "string" ? ownValue(KINDS, kind)?.(value, reading) : undefined;
  if (byKind !== undefined) return byKind;
  const { Credentials, Events, associations, config, data } = value;
  if (isRecord(Credentials) || ["AccessKeyId", "SecretAccessKey"].every((name) => name in value))
    return { ignored: "credentials, which are not needed: revoke them if others could have seen them" };
  if (Array.isArray(Events)) return creators(Events);
  if (Array.isArray(associations)) return associated(associations);
  if (isRecord(config) && isRecord(config["awsAuthConfig"])) return ofArgo(value, config["awsAuthConfig"]);
  const isAuth = (texts: Value) =>
    ["mapRoles", "mapUsers", "mapAccounts"].some((name) => typeof texts[name] === "string");
  if (isAuth(value)) return [{ part: "awsAuth", value: { data: value } }];
  // The kind comes behind the data: what is without one is cut off.
  if (kind === undefined && isRecord(data) && isAuth(data))
    return [{ part: "awsAuth", value: { ...value, data: withoutLast(data) }, isExcerpt: true }];
  if (kind === undefined && Array.isArray(value["items"])) return items(value, reading);
  const { part } = ANSWERS.find(({ fields }) => fields.every((field) => value[field] !== undefined)) ?? {};
  return part === undefined ? undefined : [{ part, value: isListOfAnswers(part) ? [value] : value }];
}

/** What each item of a list is: of `kubectl get … -o json` for several kinds, or of documents that someone put together. */
function recognizeAll(items: readonly unknown[], reading: Reading): Recognition | undefined {
  const lines = (arn: string) => items.filter((item) => isRecord(item) && typeof item[arn] === "string");
  const sections = { mapRoles: lines("rolearn"), mapUsers: lines("userarn") };
  if (items.length > 0 && sections.mapRoles.length + sections.mapUsers.length === items.length)
    return [{ part: "awsAuth", value: { data: mapValues(sections) }, isExcerpt: true }];
  const found = items.flatMap((item) => {
    const one = recognizeValue(item, reading);
    return isFound(one) ? one : [];
  });
  return found.length === 0 ? undefined : found;
}

/** The data of an aws-auth that is cut off, without the last item of its last list: the rest of it may be missing. */
function withoutLast(data: Value): Value {
  const [name = "", text = ""] = Object.entries(data).at(-1) ?? [];
  const lines = String(text).split("\n");
  const dash = lines.find((line) => /^ *- /.test(line))?.search("-") ?? 0;
  const last = lines.findLastIndex((line) => line.startsWith("- ", dash) && line.trim().startsWith("- "));
  return { ...data, [name]: last < 0 ? text : lines.slice(0, last).join("\n") };
}

/** Lines of aws-auth as the text of their section: JSON is YAML. */
function mapValues(sections: Readonly<Record<string, readonly unknown[]>>): Record<string, string> {
  const used = Object.entries(sections).filter(([, lines]) => lines.length > 0);
  return Object.fromEntries(used.map(([name, lines]) => [name, JSON.stringify(lines)]));
}

type Recognizer = (value: Value, reading: Reading) => Recognition | undefined;

/** Only answers of a cluster say what it has; a manifest that someone shows, renders or applies does not. */
function isManifest({ command }: Reading): boolean {
  return command !== undefined && !isKubectl(command, ["get"]);
}

const MANIFEST: Recognition = {
  ignored: "a manifest, which the cluster might not have: paste the output of kubectl get",
};

const rbacObject: Recognizer = (value, reading) =>
  isManifest(reading) ? MANIFEST : [{ part: "rbac", value: { items: [value] }, isExcerpt: true }];

const review: Recognizer = (value) =>
  isRecord(value["status"]) ? [{ part: "accessReviews", value: [value] }] : undefined;

/** By kind: Kubernetes' own, and ours. */
const KINDS: Readonly<Record<string, Recognizer>> = {
  SelfSubjectReview: (value) => [{ part: "selfSubjectReview", value }],
  SelfSubjectAccessReview: review,
  SubjectAccessReview: review,
  LocalSubjectAccessReview: review,
  ConfigMap: (value, reading) => {
    const { metadata } = value;
    if (!isRecord(metadata) || metadata["name"] !== "aws-auth") return undefined;
    return isManifest(reading) ? MANIFEST : [{ part: "awsAuth", value }];
  },
  ClusterRole: rbacObject,
  ClusterRoleBinding: rbacObject,
  Role: rbacObject,
  RoleBinding: rbacObject,
  Namespace: (value) => [{ part: "namespaces", value: { items: [value] }, isExcerpt: true }],
  List: items,
  ClusterRoleList: items,
  ClusterRoleBindingList: items,
  RoleList: items,
  RoleBindingList: items,
  NamespaceList: items,
  ConfigMapList: items,
  ExecCredential: (value, { now }) => {
    const { credential, token } = readExecCredential(value);
    const run: Found = { part: "pluginRun", value: { exitCode: 0, stderr: "", credential } };
    const isWhole = token !== undefined && !token.includes("***");
    return isWhole ? [run, { part: "token", value: tokenFacts(token, now) }] : [run];
  },
  TokenExplanation: ({ apiVersion: _1, kind: _2, acceptable: _3, acceptedBy: _4, ...facts }) => [
    { part: "token", value: facts },
  ],
  APIVersions: () => [{ part: "apiServer", value: { status: 200, isKubernetes: true } }],
  Status: status,
  DoctorEvidence: bundle,
  DoctorReport: () => ({ ignored: "a doctor report: paste the evidence that it was made from" }),
};

/** A bundle among other things; an invalid one is ignored, with the reason. */
function bundle(value: Value): Recognition {
  try {
    return { bundle: readEvidence(JSON.stringify(value)) };
  } catch (error) {
    return { ignored: reasonOf(error) };
  }
}

/** What the items of a Kubernetes list are. Only a list of all four RBAC kinds from all namespaces is the whole of RBAC. */
function items(value: Value, reading: Reading): Recognition | undefined {
  const { items: all } = value;
  if (!Array.isArray(all)) return undefined;
  if (isManifest(reading)) return MANIFEST;
  if (all.length === 0) return isWholeRbac(reading) ? [{ part: "rbac", value: { items: [] } }] : undefined;
  const { kind: listed = "List" } = value;
  const named = (item: unknown) =>
    isRecord(item) && item["kind"] === undefined
      ? { ...item, kind: String(listed).replace(/List$/, "") }
      : item;
  const known = all.map(named);
  const rbac = known.filter((item) => isRecord(item) && RBAC_KINDS.some((kind) => item["kind"] === kind));
  const spaces = known.filter((item) => isRecord(item) && item["kind"] === "Namespace");
  const others = known.filter((item) => !rbac.includes(item) && !spaces.includes(item));
  const found: Found[] = [
    ...(rbac.length === 0
      ? []
      : [{ part: "rbac" as const, value: { items: rbac }, isExcerpt: !isAll(rbac, reading) }]),
    ...(spaces.length === 0
      ? []
      : [{ part: "namespaces" as const, value: { items: spaces }, isExcerpt: isSelection(reading) }]),
  ];
  const rest = recognizeAll(others, reading);
  return !isFound(rest) ? (found.length === 0 ? undefined : found) : [...found, ...rest];
}

function isAll(objects: readonly unknown[], reading: Reading): boolean {
  const kinds = new Set(objects.map((object) => isRecord(object) && object["kind"]));
  return (
    isWholeRbac(reading) || (reading.command === undefined && RBAC_KINDS.every((kind) => kinds.has(kind)))
  );
}

/** Whether a command asks for all four kinds in all namespaces. */
function isWholeRbac({ command = "" }: Reading): boolean {
  const asked = command.toLowerCase();
  return (
    RBAC_KINDS.every((kind) => asked.includes(`${kind.toLowerCase()}s`)) &&
    /(?:^|\s)(?:-A|--all-namespaces)\b/.test(command) &&
    !isSelection({ command })
  );
}

/** Whether a command shows only some of what there is. */
function isSelection({ command = "" }: Pick<Reading, "command">): boolean {
  return /\s(?:-l|--selector|--field-selector|--as(?:-group)?)\b|\|/.test(command);
}

/** A refusal by the API server, or what `kubectl vouch status` says. */
function status(value: Value): Recognition | undefined {
  if (String(value["apiVersion"]).startsWith("vouch.kubectl/")) return vouchStatus(value);
  const { code, message } = value;
  if (typeof code !== "number") return undefined;
  const said = typeof message === "string" ? { message } : {};
  return [{ part: "apiServer", value: { status: code, ...said, isKubernetes: true } }];
}

function vouchStatus({ server, email, expiresAt, authenticated, verified }: Value): Recognition | undefined {
  if (typeof server !== "string") return undefined;
  const facts = {
    server,
    loggedIn: authenticated === true,
    ...(typeof email === "string" ? { identity: email } : {}),
    ...(typeof expiresAt === "string" ? { sessionEnd: expiresAt } : {}),
    ...(typeof verified === "boolean" ? { serverConfirms: verified } : {}),
  };
  return [{ part: "vouch", value: facts }];
}

/** Who created the cluster, by CloudTrail's record, which is JSON within JSON. */
function creators(events: readonly unknown[]): Recognition | undefined {
  for (const event of events) {
    const text =
      isRecord(event) && event["EventName"] === "CreateCluster" ? event["CloudTrailEvent"] : undefined;
    const arn = typeof text === "string" ? /"arn"\s*:\s*"(arn:[^"]{1,2048})"/.exec(text)?.[1] : undefined;
    if (arn !== undefined) return [{ part: "clusterCreator", value: { Arn: arn, source: "cloudtrail" } }];
  }
  return { ignored: "CloudTrail events without a CreateCluster event" };
}

/** Which service account a Pod Identity association is for. Only the description of one association names its role. */
function associated(associations: readonly unknown[]): Recognition | undefined {
  const [one, ...more] = associations.filter(isRecord);
  if (one === undefined || more.length > 0)
    return { ignored: "Pod Identity associations: paste only the pod's" };
  const { namespace, serviceAccount, roleArn } = one;
  return [{ part: "workload", value: { kind: "pod", namespace, serviceAccount, podIdentityRole: roleArn } }];
}

/** The cluster, and the role that Argo CD assumes for it. Source: Argo CD, "Declarative Setup", "EKS". */
function ofArgo({ name, server }: Value, { roleARN, clusterName }: Value): Recognition {
  const byArn = typeof name === "string" ? clusterByName(name) : undefined;
  const question = {
    principal: typeof roleARN === "string" && principalOfArn(roleARN) !== undefined ? roleARN : undefined,
    cluster: typeof clusterName === "string" && isClusterName(clusterName) ? clusterName : byArn?.name,
    region: byArn?.region ?? endpointRegion(server),
  };
  return question.principal === undefined && question.cluster === undefined
    ? {
        ignored:
          "a cluster for which Argo CD does not assume an IAM role: the role of its service account applies",
      }
    : [{ part: "question", value: JSON.parse(JSON.stringify(question)) }];
}
