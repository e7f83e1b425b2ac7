import { findEntry } from "../../eks/mapping/access-entry.ts";
import { isSamePrincipal, type Principal, principalOfArn } from "../../eks/principal/principal.ts";
import { isInstanceSession } from "../../eks/principal/username-template.ts";
import { type AccessEntryJson, type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { looksLikeNodes } from "../../evidence/node-names.ts";
import type { Facts } from "../facts.ts";

type NodeCase = Pick<
  Facts,
  "evidence" | "principal" | "isOtherPrincipal" | "question" | "symptom" | "eksCall"
>;

/** EKS's refusal of a node's groups, which only an entry of type STANDARD can be given. */
const NODE_GROUP = /group name system:(?:nodes|bootstrappers|node-proxier) is invalid/;

/** Whether someone tried to make an existing entry one for nodes. */
export function isNodeGroupRefused({ eksCall }: Pick<NodeCase, "eksCall">): boolean {
  return eksCall?.operation === "UpdateAccessEntry" && NODE_GROUP.test(eksCall.words);
}

/**
 * The access entry of the role that the nodes call with: by what was refused, by their session, or as the principal asked about;
 * else the only entry that was described and is for nodes by its type or by the name of its role, and not the caller's. Undefined: it
 * is not known which one it is.
 */
export function nodeEntry(facts: NodeCase): AccessEntryJson | undefined {
  const { evidence } = facts;
  const role = nodeRole(facts);
  if (role !== undefined) {
    const search = findEntry(evidence, role);
    return search.state === "found" ? search.entry : undefined;
  }
  const described = (knownValue(evidence.accessEntryDetails) ?? []).map(({ accessEntry }) => accessEntry);
  const standard = described.filter(({ type }) => type === "STANDARD");
  if (isNodeGroupRefused(facts)) return onlyOne(standard);
  const caller = facts.principal?.arn;
  const others = described.filter(
    ({ principalArn }) => caller === undefined || !isSamePrincipal(principalArn, caller),
  );
  return onlyOne(others.filter(isForNodes));
}

/** Nothing else shows that an entry of type STANDARD is not that of a user. */
function isForNodes({ type, principalArn }: AccessEntryJson): boolean {
  return type !== "STANDARD" || looksLikeNodes(principalArn.split("/").at(-1) ?? "");
}

/** The role of the nodes, as far as a call shows it. */
function nodeRole(facts: NodeCase): Principal | undefined {
  const { symptom, eksCall } = facts;
  if (isNodeGroupRefused(facts)) return principalOfArn(eksCall?.principalArn ?? "");
  if (symptom?.kind === "forbidden" && principalOfArn(symptom.user) !== undefined)
    return principalOfArn(symptom.user);
  const { principal, isOtherPrincipal } = facts;
  return principal !== undefined && (isInstanceSession(principal) || isOtherPrincipal)
    ? principal
    : undefined;
}

function onlyOne<T>([only, ...more]: readonly T[]): T | undefined {
  return more.length > 0 ? undefined : only;
}

/** Words around the nodes of EKS Auto Mode. */
const AUTO_MODE =
  /\bauto[- ]?mode\b|\beks\.amazonaws\.com\/(?:compute-type|nodeclass|v1\b)|\bnodeclasses\.eks\.amazonaws\.com|AmazonEKSAuto/i;
const KARPENTER = /\bEC2NodeClass\b|\bec2nodeclasses\b|\bkarpenter\.k8s\.aws\b/;
const WINDOWS = /\bwindows[- ](?:nodes?|workers?|node ?groups?|instances?)\b|\bkube-proxy-windows\b/i;

const WINDOWS_FAIL = /\bwindows (?:nodes?|workers?|instances?)\b[^.\n]{0,60}\b(?:not ?ready|join|register)/i;

/** Words around nodes of another kind in the same cluster. */
const OTHER_KIND = /\bnode ?groups?\b|\bmanaged nodes?\b|\bself-managed\b|\blinux nodes?\b/i;

/** What kind of nodes it is about, by what was said: the type that their entry needs; undefined if nothing shows it. */
export function saidType({ question }: Pick<NodeCase, "question">): string | undefined {
  const said = `${question?.command ?? ""}\n${question?.stderr ?? ""}`;
  if (WINDOWS_FAIL.test(said)) return "EC2_WINDOWS";
  if (OTHER_KIND.test(said)) return undefined;
  if (KARPENTER.test(said)) return "EC2_LINUX";
  if (AUTO_MODE.test(said)) return "EC2";
  return WINDOWS.test(said) ? "EC2_WINDOWS" : undefined;
}

/**
 * The type that the nodes' entry needs in place of its own; undefined if its own may be right. Source: doctor/EKS-ACCESS.md,
 * "Access entries".
 */
export function neededType(facts: NodeCase, { type }: AccessEntryJson): string | undefined {
  const session = nodeRole(facts)?.sessionName ?? "";
  const said = saidType(facts);
  if (session.startsWith("mi-")) return type === "HYBRID_LINUX" ? undefined : "HYBRID_LINUX";
  if (type === "STANDARD") return said ?? "EC2_LINUX";
  if (session.startsWith("i-") && /^(?:HYBRID|FARGATE)_LINUX$/.test(type ?? "")) return said ?? "EC2_LINUX";
  if (said === "EC2_LINUX") return type === "EC2" ? said : undefined;
  const isEc2 = type?.startsWith("EC2") === true;
  return isEc2 && said !== undefined && said !== type ? said : undefined;
}

/** Whether the failed command or its error is about nodes that lost the cluster. */
export function isAboutNodes({ question }: Pick<DoctorEvidence, "question">): boolean {
  const { command = "", stderr = "" } = question ?? {};
  return /\bNotReady\b|node (?:status )?is unknown|(?:nodes?|instances) (?:failed|cannot|could not|do(?:es)? not) (?:to )?join|Unable to register node|Node not registered with cluster|does not have an associated node|NodeCreationFailure|(?<!\/)kubelet/i.test(
    `${command}\n${stderr}`,
  );
}
