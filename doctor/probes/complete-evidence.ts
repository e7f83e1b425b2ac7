import { isDeepStrictEqual } from "node:util";
import { defined } from "../../token/record.ts";
import { deriveFacts } from "../derive/derive.ts";
import type { Facts } from "../derive/facts.ts";
import { principalArn } from "../derive/identity/principal-arn.ts";
import { isSamePrincipal, principalOfArn } from "../eks/principal/principal.ts";
import { type DoctorEvidence, failureOf, knownValue, type Question } from "../evidence/evidence.ts";
import { type EvidencePart, partEntry, partsWhere } from "../evidence/parts.ts";

/** A bundle, completed with what another user could see of the same cluster. */
interface CompletedEvidence {
  readonly evidence: DoctorEvidence;
  /** What the bundle lacked. */
  readonly added: readonly EvidencePart[];
  /** Where the bundle says something else than the cluster does now. */
  readonly corrected: readonly EvidencePart[];
  /** What that user could not see either, and why; what the bundle says of it is not used. */
  readonly missing: readonly { readonly part: EvidencePart; readonly reason: string }[];
  /** The account of the principal, if the cluster is in a different one. */
  readonly otherAccount: string | undefined;
}

/** What to ask about a cluster for the user of a bundle. */
export interface Case {
  /** Undefined if the bundle names none. */
  readonly context: string | undefined;
  readonly cluster: string;
  /** `server` in the kubeconfig; undefined if the bundle has none. */
  readonly server: string | undefined;
  readonly region: string;
  /** The principal of the case; undefined if not known. */
  readonly principal: string | undefined;
  readonly question: Pick<Question, "principal" | "attempt">;
}

/** Finds out what a bundle is about. */
export function caseOf(bundle: DoctorEvidence): Case {
  const facts = deriveFacts(bundle);
  const principal = principalOfCase(facts);
  return {
    context: facts.context?.name ?? bundle.question?.context,
    cluster: facts.target.cluster,
    server: facts.clusterEntry?.server ?? facts.cluster?.endpoint,
    region: facts.target.region,
    principal,
    question: defined({ principal, attempt: facts.attempt }),
  };
}

/** The caller, otherwise the role that was to be assumed. */
function principalOfCase(facts: Facts): string | undefined {
  const { principal, exec } = facts;
  if (principal !== undefined) return principalArn(facts, principal);
  return exec?.role === undefined || principalOfArn(exec.role) === undefined ? undefined : exec.role;
}

/** IAM is asked by name, in the asker's own account, where a role of that name may be another one. */
function isRoleOf({ role, question }: DoctorEvidence): boolean {
  return isSamePrincipal(knownValue(role)?.Role.Arn ?? "", question?.principal ?? "");
}

function otherAccount(principal: string | undefined, { cluster }: DoctorEvidence): string | undefined {
  const account = principalOfArn(principal ?? "")?.account;
  const own = knownValue(cluster)?.cluster.arn?.split(":")[4];
  return own === undefined || own === account ? undefined : account;
}

/**
 * Replaces what a bundle says of a cluster and of its principal's access with what an administrator gathered about them. Anyone can
 * write a bundle, and an administrator pastes the fixes: what is granted must not follow from what the bundle claims was granted
 * before. Who calls, how the call went and what the caller can do stay as they are: nothing of the administrator's own identity,
 * token, answers or files gets into the bundle. Pure.
 */
export function completeEvidence(bundle: DoctorEvidence, gathered: DoctorEvidence): CompletedEvidence {
  const { principal } = caseOf(bundle);
  const hasPrincipal = principal !== undefined && principal === gathered.question?.principal;
  const read = partsWhere(({ about }) => about === "cluster" || about === "principal").map((part) => {
    const before = bundle[part];
    const isAnswered = hasPrincipal || partEntry(part).about === "cluster";
    const now =
      isAnswered && (part !== "role" || isRoleOf(gathered)) ? knownValue(gathered[part]) : undefined;
    // A refusal of the administrator has their name in it. A role's trust policy grants nothing in the cluster.
    const isKept = part === "role" || failureOf(before) !== undefined;
    return { part, before, now, after: now === undefined && isKept ? before : now };
  });
  const isRead = (part: EvidencePart) => read.some((one) => one.part === part && one.now !== undefined);
  const differs = read.filter(({ before, now }) => now !== undefined && !isDeepStrictEqual(before, now));
  const isOpen = (part: unknown) => part === undefined || failureOf(part) !== undefined;
  const excerpts = [
    ...(bundle.excerpts ?? []).filter((part) => !isRead(part)),
    ...(gathered.excerpts ?? []).filter(isRead),
  ];
  return {
    evidence: defined({
      ...bundle,
      ...Object.fromEntries(read.map(({ part, after }) => [part, after])),
      excerpts: bundle.excerpts === undefined && excerpts.length === 0 ? undefined : excerpts,
    }) as DoctorEvidence,
    added: differs.flatMap(({ part, before }) => (isOpen(before) ? [part] : [])),
    corrected: differs.flatMap(({ part, before }) => (isOpen(before) ? [] : [part])),
    missing: read.flatMap(({ part }) => {
      const reason = failureOf(gathered[part]);
      return reason === undefined ? [] : [{ part, reason }];
    }),
    otherAccount: otherAccount(principal, gathered),
  };
}
