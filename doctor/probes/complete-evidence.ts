import { defined } from "../../token/record.ts";
import { deriveFacts } from "../derive/derive.ts";
import type { Facts } from "../derive/facts.ts";
import { principalArn } from "../derive/identity/principal-arn.ts";
import { isSamePrincipal, principalOfArn } from "../eks/principal/principal.ts";
import { type DoctorEvidence, failureOf, knownValue, type Question } from "../evidence/evidence.ts";
import { type EvidencePart, partsWhere } from "../evidence/parts.ts";

/** A bundle, completed with what another user could see of the same cluster. */
interface CompletedEvidence {
  readonly evidence: DoctorEvidence;
  readonly added: readonly EvidencePart[];
  /** What that user could not see either, and why. */
  readonly missing: readonly { readonly part: EvidencePart; readonly reason: string }[];
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

/**
 * Fills in what is missing in a bundle from what an administrator gathered about the same cluster and principal. Who calls, how
 * the call went and what the caller can do stay as they are: nothing of the administrator's own identity, token, answers or files
 * gets into the bundle. Pure.
 */
export function completeEvidence(bundle: DoctorEvidence, gathered: DoctorEvidence): CompletedEvidence {
  const { principal } = caseOf(bundle);
  const hasPrincipal = principal !== undefined && principal === gathered.question?.principal;
  const parts = partsWhere(({ about }) => about === "cluster" || (hasPrincipal && about === "principal"));
  const open = parts.filter((part) => bundle[part] === undefined || failureOf(bundle[part]) !== undefined);
  const added = open.filter(
    (part) => knownValue<unknown>(gathered[part]) !== undefined && (part !== "role" || isRoleOf(gathered)),
  );
  return {
    evidence: { ...bundle, ...Object.fromEntries(added.map((part) => [part, gathered[part]])) },
    added,
    missing: open.flatMap((part) => {
      const reason = failureOf(gathered[part]);
      return reason === undefined ? [] : [{ part, reason }];
    }),
  };
}
