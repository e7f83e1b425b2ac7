import { kubectl, SHOW_AWS_AUTH } from "../../token/command/kubectl.ts";
import { sentence } from "../../token/command/sentence.ts";
import { allowedBeside, allowedElsewhere } from "../derive/authorization/access-reviews.ts";
import { type RequestKind, requestKind } from "../derive/authorization/classified-denial.ts";
import { describeRequest } from "../derive/authorization/denied-request.ts";
import type { Facts } from "../derive/facts.ts";
import { principalArn } from "../derive/identity/principal-arn.ts";
import { type AccessRequest, knownValue } from "../evidence/evidence.ts";
import { entryCommand } from "../fixes/access-entry-actions.ts";
import type { SuspectedCause, Suspicion } from "./suspected-cause.ts";

/** A request that the cluster denies to a caller whom it knows, and the caller's names there. */
interface Denied {
  readonly facts: Facts;
  readonly attempt: AccessRequest;
  readonly user: string;
  /** Without the groups that everybody is in. */
  readonly groups: readonly string[];
  /** True: the name is the default of an access entry, so it does not come from aws-auth. */
  readonly isEntryName: boolean;
  /** Requests that the API server allows the caller in the same namespace, and namespaces where it allows the same request. */
  readonly allowed: { readonly beside: readonly AccessRequest[]; readonly elsewhere: readonly string[] };
}

type SuspicionOf = (denied: Denied) => Omit<Suspicion, "audience"> | undefined;

/** Possible causes of a 403, the most common first. Source: doctor/EKS-ACCESS.md, "Reports". */
export const FORBIDDEN: readonly SuspectedCause[] = [
  suspect(["R5"], ({ attempt, facts: { symptom } }) => {
    const said = symptom?.kind === "forbidden" ? SAYS_ROLE_MISSING.exec(symptom.text) : null;
    if (said === null) return undefined;
    const [words, kind = "", name = ""] = said;
    return {
      hinted: true,
      summary: `A binding of the caller gives ${kind} ${name}, but there is no such role.`,
      hints: [`The API server says “${words}”.`],
      confirmedBy: sentence`${kubectl(`get ${kind}`, { n: kind === "role" ? attempt.namespace : undefined }, name)} does not find it.`,
    };
  }),
  suspect(["A11"], ({ user, facts }) => {
    if (facts.principal?.kind !== "role" || user !== facts.principal.canonicalArn) return undefined;
    return {
      hinted: true,
      summary: `Only mapAccounts of aws-auth lets the caller in: it gives a name and no group, so RBAC grants nothing.`,
      hints: [`Kubernetes calls you by the ARN of the role, ${user}.`],
      confirmedBy: sentence`${SHOW_AWS_AUTH} shows the account under mapAccounts, and no line for the role.`,
    };
  }),
  suspect(["A6"], ({ groups }) => {
    const glued = groups.find((group) => /\s/.test(group));
    if (glued === undefined) return undefined;
    return {
      hinted: true,
      summary: "aws-auth is indented wrongly, and the caller's groups are merged into one.",
      hints: [`Kubernetes says that you are in one group “${glued}”.`],
      confirmedBy: sentence`${SHOW_AWS_AUTH} shows the groups of the line.`,
    };
  }),
  suspect(["R8"], ({ facts, user, groups }) => {
    if (facts.principal !== undefined || !(user.includes("#") || groups.some((group) => group.includes(":"))))
      return undefined;
    return {
      hinted: true,
      summary: "A binding names the caller without the prefix that names of the identity provider have here.",
      hints: [`Kubernetes calls you ${user}${groups.length > 0 ? `, in ${groups.join(", ")}` : ""}.`],
      confirmedBy: sentence`${BINDINGS} shows a subject without that prefix.`,
    };
  }),
  suspect(["T2"], (denied) =>
    policyLacks(
      denied,
      "helm",
      "Helm keeps its releases in secrets, which the View policy does not contain.",
    ),
  ),
  suspect(["P13"], (denied) =>
    policyLacks(
      denied,
      "tools",
      "kubectl top, debug and drain need resources that no access policy contains.",
    ),
  ),
  suspect(["P4"], (denied) =>
    policyLacks(denied, "secrets", "Of the access policies for people, View does not contain secrets."),
  ),
  suspect(["P5"], (denied) =>
    policyLacks(
      denied,
      "custom",
      "Access policies contain Kubernetes' own API groups, and no custom resources.",
    ),
  ),
  suspect(["P3"], (denied) =>
    policyLacks(
      denied,
      "cluster-wide",
      "The request is for the whole cluster: a policy for namespaces does not reach it, and few contain such resources.",
    ),
  ),
  suspect(["R7"], ({ attempt, groups, isEntryName, allowed: { beside } }) => {
    if (beside.length === 0 && groups.length === 0) return undefined;
    return {
      hinted: beside.length > 0,
      summary: `The ${isEntryName && groups.length === 0 ? "policy or role" : "role"} that the caller has here lacks the right to ${describeRequest(attempt)}.`,
      hints: beside.slice(0, 2).map((other) => `You may ${describeRequest(other)}.`),
      confirmedBy: sentence`${kubectl("auth can-i", { list: true, n: attempt.namespace ?? "default" })} lists what RBAC gives.`,
    };
  }),
  suspect(["P1", "P10", "P2"], ({ facts, attempt, isEntryName, groups, allowed: { beside, elsewhere } }) => {
    const { namespace } = attempt;
    if (namespace === undefined || (!isEntryName && groups.length > 0)) return undefined;
    // Without groups, it is the policy that allows something else here, so its scope includes the namespace.
    if (beside.length > 0 && groups.length === 0) return undefined;
    return {
      hinted: elsewhere.length > 0,
      summary: `Namespace ${namespace} is not in the scope of the caller's access policy.`,
      hints: elsewhere.map((other) => `The same is allowed in namespace ${other}.`),
      confirmedBy: sentence`${policiesOf(facts)} shows the namespaces of the policy.`,
    };
  }),
  suspect(["R1", "R4", "R5", "R6"], ({ groups }) => {
    if (groups.length === 0) return undefined;
    return {
      hinted: true,
      summary: `No binding gives ${groups.length === 1 ? "group" : "the groups"} ${groups.join(", ")} a role for this: none names it, or one does in another namespace or with a role that does not exist.`,
      hints: [`Kubernetes says that you are in ${groups.join(", ")}.`],
      confirmedBy: sentence`${BINDINGS} shows the subjects and roles.`,
    };
  }),
  suspect(["E5", "E9", "E11"], ({ facts, user, groups, isEntryName, allowed: { beside, elsewhere } }) => {
    if (!isEntryName || groups.length > 0 || beside.length + elsewhere.length > 0) return undefined;
    return {
      hinted: isAllowedNothing(facts),
      summary:
        "The caller's access entry lets them in but grants nothing: it has neither policy nor group, lost them in an edit, or replaced a line of aws-auth.",
      hints: [`Kubernetes calls you ${user}, with no further groups.`],
      confirmedBy: sentence`${policiesOf(facts)} shows no policy.`,
    };
  }),
  suspect(["A8", "A14"], ({ isEntryName }) => {
    if (isEntryName) return undefined;
    return {
      hinted: false,
      summary:
        "The caller's line of aws-auth gives less than it seems: the role is there twice, and the last line wins, or it takes the rights of the cluster's creator away.",
      hints: [],
      confirmedBy: sentence`${SHOW_AWS_AUTH} shows the lines.`,
    };
  }),
  suspect(["R3", "R10", "R2", "R6"], ({ user }) => {
    return {
      hinted: false,
      summary: `A binding meant for the caller names a single session, a template or the role's ARN, and not ${user}.`,
      hints: [],
      confirmedBy: sentence`${BINDINGS} shows the subjects.`,
    };
  }),
];

/** Source: Kubernetes, RBAC authorizer, errors of rule resolution. */
const SAYS_ROLE_MISSING =
  /RBAC: (clusterrole|role)\.rbac\.authorization\.k8s\.io "([^"\n]{1,300})" not found/;

const BINDINGS = kubectl("get rolebindings,clusterrolebindings", { A: true, o: "wide" });

function suspect(causes: SuspectedCause["causes"], suspicionOf: SuspicionOf): SuspectedCause {
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
  const groups = (facts.authorization?.groups ?? []).filter((group) => group !== "system:authenticated");
  // Access reviews are about the caller.
  const allowed = facts.isOtherPrincipal
    ? { beside: [], elsewhere: [] }
    : {
        beside: allowedBeside(attempt, facts.evidence),
        elsewhere: allowedElsewhere(attempt, facts.evidence),
      };
  return { facts, attempt, user, groups, isEntryName: isEntryName(user, facts), allowed };
}

/** Whether it is an access entry's default username: the ARN of the session, with `-` for `@`; for a user, the ARN. */
function isEntryName(user: string, { principal }: Facts): boolean {
  return principal?.kind === "user"
    ? user === principal.arn
    : /^arn:[\w-]+:sts::\d{12}:assumed-role\//.test(user);
}

function policyLacks({ facts, attempt, isEntryName, groups }: Denied, kind: RequestKind, summary: string) {
  if (requestKind(facts, attempt) !== kind || (!isEntryName && groups.length > 0)) return undefined;
  return {
    hinted: true,
    summary,
    hints: [`The denied request is to ${describeRequest(attempt)}.`],
    confirmedBy: sentence`${policiesOf(facts)} shows the policies.`,
  };
}

function policiesOf(facts: Facts) {
  const { principal, target } = facts;
  const who = principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, principal);
  return entryCommand("list-associated-access-policies", target, who);
}

/** Whether the API server was asked about several requests, and allows none. */
function isAllowedNothing({ evidence, isOtherPrincipal }: Facts): boolean {
  if (isOtherPrincipal) return false;
  const reviews = knownValue(evidence.accessReviews) ?? [];
  return reviews.length > 1 && reviews.every(({ status }) => !status.allowed);
}
