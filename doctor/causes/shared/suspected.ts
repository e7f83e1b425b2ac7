import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import type { CauseId } from "../../check/cause-ids.ts";
import type { Suspected, Suspicion } from "../../check/rule.ts";
import { allowedBeside, allowedElsewhere } from "../../derive/authorization/access-reviews.ts";
import { describeRequest, type RequestKind, requestKind } from "../../derive/authorization/denial.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import type { Connection } from "../../derive/network/connection.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import { entryCommand } from "../../fixes/access-entry-actions.ts";
import { isUnknownCaller } from "./caller-words.ts";

/** A denied request of a caller that the cluster has authenticated, and the caller's names there. */
interface Denied {
  readonly facts: Facts;
  readonly attempt: AccessRequest;
  readonly user: string;
  /** Without the groups that every user is in; empty if they are not known, as where only the refusal is. */
  readonly groups: readonly string[];
  readonly areGroupsKnown: boolean;
  /** True: the name is the default of an access entry, so it does not come from aws-auth. */
  readonly isEntryName: boolean;
  /** Requests that the API server allows the caller in the same namespace, and namespaces where it allows the same request. */
  readonly allowed: { readonly beside: readonly AccessRequest[]; readonly elsewhere: readonly string[] };
}

type SuspicionOf = (denied: Denied) => Omit<Suspicion, "audience"> | undefined;

export const BINDINGS = kubectl("get rolebindings,clusterrolebindings", { A: true, o: "wide" });

/** Causes that fit a denied request, and their description. */
export function suspectedDenial(causes: Suspected["causes"], suspicionOf: SuspicionOf): Suspected {
  return {
    causes,
    suspicion: (facts) => {
      const denied = deniedOf(facts);
      const suspicion = denied && suspicionOf(denied);
      return suspicion && { ...suspicion, audience: "cluster-admin" };
    },
  };
}

function deniedOf(facts: Facts): Denied | undefined {
  const { symptom, attempt } = facts;
  if (symptom?.kind !== "forbidden" || attempt === undefined) return undefined;
  const { user } = symptom;
  // Without credentials nothing is known about the caller.
  if (user === "system:anonymous") return undefined;
  const groups = (facts.authorization?.groups ?? []).filter((group) => group !== "system:authenticated");
  // Access reviews are about the caller.
  const allowed = facts.isOtherPrincipal
    ? { beside: [], elsewhere: [] }
    : {
        beside: allowedBeside(attempt, facts.evidence),
        elsewhere: allowedElsewhere(attempt, facts.evidence),
      };
  const areGroupsKnown = facts.authorization?.groups !== undefined;
  return { facts, attempt, user, groups, areGroupsKnown, isEntryName: isEntryName(user, facts), allowed };
}

/** Whether it is an access entry's default username: the ARN of the session, with `-` for `@`; for a user, the ARN. */
function isEntryName(user: string, { principal }: Facts): boolean {
  return principal?.kind === "user"
    ? user === principal.arn
    : /^arn:[\w-]+:sts::\d{12}:assumed-role\//.test(user);
}

/** The cause of a denied request of a kind that the caller's access policy does not include. */
export function policyLacks(cause: CauseId, kind: RequestKind, summary: string): Suspected {
  return suspectedDenial([cause], ({ facts, attempt, isEntryName, groups }) => {
    if (requestKind(facts, attempt) !== kind || (!isEntryName && groups.length > 0)) return undefined;
    return {
      summary,
      hints: [`Denied request: ${describeRequest(attempt)}.`],
      confirmedBy: sentence`${policiesOf(facts)} lists the associated policies.`,
    };
  });
}

export function policiesOf(facts: Facts) {
  const { principal, target } = facts;
  const who = principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, principal);
  return entryCommand("list-associated-access-policies", target, who);
}

/** Causes that fit a 401 of a caller of whom nothing is known, such as when only the error is available. */
export function suspectedUnknown(
  causes: Suspected["causes"],
  suspicion: (facts: Facts) => Omit<Suspicion, "audience"> | undefined,
): Suspected {
  return {
    causes,
    suspicion: (facts) => {
      const fit = isUnknownCaller(facts) ? suspicion(facts) : undefined;
      return fit && { ...fit, audience: "you" };
    },
  };
}

/** Causes that fit a plugin that failed, where its own words are not known: with them, their rules decide. */
export function suspectedCredentials(
  causes: Suspected["causes"],
  suspicion: Omit<Suspicion, "hinted" | "hints" | "audience">,
  hint?: { readonly words: RegExp; readonly text: string },
): Suspected {
  return {
    causes,
    suspicion: (facts) => {
      if (facts.exec !== undefined || facts.pluginRun !== undefined || !isUnknownCaller(facts))
        return undefined;
      const isHinted = hint?.words.test(facts.pastedError ?? "") === true;
      return { ...suspicion, audience: "you", hints: isHinted ? [hint.text] : [] };
    },
  };
}

/** Causes that fit how a connection failed, where only the error is known: with a kubeconfig, their rules decide. */
export function suspectedFailure(
  causes: Suspected["causes"],
  failed: (connection: Connection) => boolean,
  suspicion: (facts: Facts) => Suspicion,
): Suspected {
  return {
    causes,
    suspicion: (facts) => {
      const { connection, clusterEntry } = facts;
      const isBare = clusterEntry === undefined && connection !== undefined;
      return isBare && failed(connection) ? suspicion(facts) : undefined;
    },
  };
}
