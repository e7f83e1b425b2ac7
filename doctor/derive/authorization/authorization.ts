import { isMapped, type Mapping, usernameTemplate } from "../../eks/mapping/mapping.ts";
import { fitsTemplate } from "../../eks/principal/username-template.ts";
import { coversNamespace, policyName, policyRules } from "../../eks/rbac/access-policies.ts";
import { type BindingNearMiss, nearMissOf } from "../../eks/rbac/binding-near-misses.ts";
import { isOidcUser } from "../../eks/rbac/oidc-prefixes.ts";
import { type BindingVerdict, bindingVerdict, subjectFor } from "../../eks/rbac/rbac.ts";
import { rbacOf } from "../../eks/rbac/rbac-index.ts";
import { rulesAllow, rulesTouch } from "../../eks/rbac/rbac-rule.ts";
import {
  type ServiceAccount,
  serviceAccountGroups,
  serviceAccountOf,
} from "../../eks/rbac/service-account.ts";
import {
  type AccessEntryJson,
  type AccessRequest,
  type DoctorEvidence,
  isExcerpt,
  knownValue,
} from "../../evidence/evidence.ts";
import { lazy } from "../../evidence/reads.ts";
import { type FailureCase, isOtherPrincipal, type Symptom } from "../failure/symptom.ts";
import { workloadOf } from "../identity/workload.ts";
import { answerTo } from "./access-reviews.ts";

/** What access policies and RBAC say about the attempt, each computed when it is read. There are only allow rules. */
export interface Authorization {
  /** `unknown` when a part that could allow it is not known. */
  readonly decision: "allowed" | "denied" | "unknown";
  /** What allows it: `AmazonEKSViewPolicy on namespaces default, team-*`, `RoleBinding team-a/devs to ClusterRole edit`. */
  readonly allowedBy: readonly string[];
  /** What each of the associated policies lacks for the attempt; undefined if they are not known. */
  readonly policies: readonly PolicyVerdict[] | undefined;
  /** The bindings whose subject is this user or one of these groups, or nearly so; undefined if RBAC is not known. */
  readonly bindings: readonly BindingVerdict[] | undefined;
  /** The binding that would grant the attempt if its subject were written otherwise. */
  readonly nearMiss: BindingNearMiss | undefined;
  /** The API server's own answer to exactly this request, if there is one; it overrides what we compute. */
  readonly asked: boolean | undefined;
  /** Whom the cluster takes the caller for, as far as known; the groups include `system:authenticated`. */
  readonly username: string | undefined;
  readonly groups: readonly string[] | undefined;
  /** True: the denial names someone other than the caller, because of `--as` or of other credentials. */
  readonly impersonated: boolean;
  /** True: the caller was authenticated by OIDC, so no access entry, aws-auth line or access policy applies to them. */
  readonly isByOidc: boolean;
}

export interface PolicyVerdict {
  readonly name: string;
  readonly scope: "cluster" | readonly string[];
  /** `resource`: it grants nothing on this resource; `unknown`: AWS does not publish what it grants. */
  readonly lacks: "nothing" | "scope" | "resource" | "verb" | "cluster-scope" | "unknown";
}

interface AuthorizationCase extends FailureCase {
  readonly attempt: AccessRequest | undefined;
  readonly mapping: Mapping | undefined;
}

/**
 * Evaluates a request against the entry's access policies, RBAC, and the API server's own answer. Undefined without a request, or
 * if it is known that the cluster does not know the caller.
 *
 * Source: doctor/EKS-ACCESS.md, "Access scope", "Reviews".
 */
export function authorize(asked: AuthorizationCase): Authorization | undefined {
  const { evidence, attempt } = asked;
  if (attempt === undefined) return undefined;
  const isOther = isOtherPrincipal({ evidence });
  const symptom = isOther ? undefined : asked.symptom;
  const deniedUser = symptom?.kind === "forbidden" ? symptom.user : undefined;
  const isAccepted = deniedUser !== undefined || symptom?.kind === "none";
  if (!isAccepted && asked.mapping?.by === "nobody") return undefined;

  const account = serviceAccountOf(deniedUser);
  /** Whether the user is the pod's own service account, and not the AWS role that its plugin would use. */
  const isOwnAccount = account !== undefined && isOfWorkload(account, evidence);
  const accepted = () => {
    const user = isOther ? undefined : knownValue(evidence.selfSubjectReview)?.status.userInfo;
    return isOwnAccount && user?.username !== deniedUser ? undefined : user;
  };
  const mapped = () => (isOwnAccount ? undefined : asked.mapping);
  const ownName = () => accepted()?.username ?? mapped()?.username ?? quotedName(asked, isOther);
  const isImpersonated = () => ![undefined, deniedUser].includes(ownName());
  const found: AuthorizationSearch = lazy<AuthorizationSearch>({
    decision: () => decide(found),
    allowedBy: () => allowedBy(found),
    policies: () => {
      if (account !== undefined || found.isByOidc) return [];
      return found.impersonated ? undefined : policyVerdicts(asked, attempt);
    },
    rbac: () => (found.impersonated ? NO_RBAC : bindingVerdicts(asked, attempt, found)),
    bindings: () => found.rbac.bindings,
    nearMiss: () => found.rbac.nearMiss,
    asked: () => answerTo(attempt, { evidence, symptom }),
    username: () => ownName() ?? deniedUser,
    groups: () =>
      withAuthenticated(
        accepted()?.groups ??
          mapped()?.groups ??
          (account && !isImpersonated() ? serviceAccountGroups(account) : undefined),
      ),
    impersonated: () => deniedUser !== undefined && isImpersonated(),
    isByOidc: () => !isMapped(asked.mapping) && isOidcUser(evidence, found),
  });
  return found;
}

/** Somebody else's username, which depends on their session, as in the refusal that they quote. */
function quotedName({ symptom, mapping }: AuthorizationCase, isOther: boolean): string | undefined {
  if (!isOther || symptom?.kind !== "forbidden") return undefined;
  const template = usernameTemplate(mapping);
  return template !== undefined && fitsTemplate(template, symptom.user) ? symptom.user : undefined;
}

interface AuthorizationSearch extends Authorization {
  readonly rbac: Pick<Authorization, "bindings" | "nearMiss">;
}

const NO_RBAC: AuthorizationSearch["rbac"] = { bindings: undefined, nearMiss: undefined };

/** Whether this is the service account of the pod that makes the call. */
function isOfWorkload({ name, namespace }: ServiceAccount, evidence: DoctorEvidence): boolean {
  const workload = workloadOf(evidence);
  return workload?.serviceAccount === name && workload.namespace === namespace;
}

function withAuthenticated(groups: readonly string[] | undefined): readonly string[] | undefined {
  return groups && [...new Set([...groups, AUTHENTICATED])];
}

/** Undefined if it is not known whether policies apply to the caller, or through which entry. */
function policyVerdicts(
  { evidence, mapping }: AuthorizationCase,
  attempt: AccessRequest,
): PolicyVerdict[] | undefined {
  if (mapping?.by === "aws-auth") return [];
  if (mapping?.by !== "entry" || mapping.entry === undefined) return undefined;
  return associatedWith(evidence, mapping.entry)?.map(({ policyArn, accessScope }) => {
    const name = policyName(policyArn);
    const scope = accessScope.type === "cluster" ? "cluster" : (accessScope.namespaces ?? []);
    return { name, scope, lacks: policyLack(name, scope, attempt) };
  });
}

/** The policies of an entry; undefined if they could not be listed. */
export function associatedWith(
  evidence: Pick<DoctorEvidence, "associatedPolicies">,
  { principalArn }: AccessEntryJson,
) {
  const sameArn = (arn: string) => arn.toLowerCase() === principalArn.toLowerCase();
  return knownValue(evidence.associatedPolicies)?.find((answer) => sameArn(answer.principalArn))
    ?.associatedAccessPolicies;
}

/**
 * What a policy lacks for an attempt. A namespace scope never covers objects that are not namespaced, lists over all namespaces,
 * or paths. Source: doctor/EKS-ACCESS.md, "Access scope".
 */
function policyLack(
  name: string,
  scope: PolicyVerdict["scope"],
  attempt: AccessRequest,
): PolicyVerdict["lacks"] {
  const rules = policyRules(name);
  if (rules === undefined) return "unknown";
  if (!rulesTouch(rules, attempt)) return "resource";
  if (!rulesAllow(rules, attempt)) return "verb";
  if (scope === "cluster") return "nothing";
  const { namespace, path } = attempt;
  if (path !== undefined || namespace === undefined) return "cluster-scope";
  return scope.some((pattern) => coversNamespace(pattern, namespace)) ? "nothing" : "scope";
}

/**
 * What is bound to everyone who is authenticated, or to all service accounts, lets them ask who they are; unless it grants the
 * attempt, it says nothing about this caller.
 */
const AUTHENTICATED = "system:authenticated";
const OF_EVERYBODY = [AUTHENTICATED, "system:serviceaccounts"];

/** Whether a subject, such as `Group developers`, means everyone. */
export function isEverybody(subject: string): boolean {
  return OF_EVERYBODY.some((group) => subject === `Group ${group}`);
}

/** Nothing if RBAC or the caller's groups are not known. */
function bindingVerdicts(
  asked: AuthorizationCase,
  attempt: AccessRequest,
  { username, groups }: Pick<Authorization, "username" | "groups">,
): AuthorizationSearch["rbac"] {
  const rbac = rbacOf(asked.evidence);
  if (rbac === undefined || groups === undefined) return NO_RBAC;
  const user = { username: username ?? "", groups };
  const own = { ...user, groups: groups.filter((group) => !OF_EVERYBODY.includes(group)) };
  const isPart = isExcerpt(asked.evidence, "rbac");
  const verdicts = rbac.bindings.flatMap((binding) => {
    const subject = subjectFor(binding, own) ?? subjectFor(binding, user);
    const verdict = subject && bindingVerdict(rbac, binding, { subject, attempt });
    if (verdict === undefined) return [];
    if (isEverybody(verdict.subject) && verdict.lacks !== "nothing" && verdict.lacks !== "namespace")
      return [];
    // The excerpt may have left out the role.
    return isPart && verdict.lacks === "role-missing" ? [] : [verdict];
  });
  if (isPart && verdicts.length === 0) return { ...NO_RBAC, nearMiss: nearMissOf({ asked, attempt, user }) };
  const nearMiss = nearMissOf({ asked, attempt, user });
  // If the caller's session is not known, they may be the user of a binding that seems to be for another session.
  if (username === undefined && nearMiss !== undefined) return { bindings: undefined, nearMiss };
  return {
    bindings: [...verdicts, ...(nearMiss === undefined ? [] : [nearMiss.verdict])],
    nearMiss,
  };
}

function allowedBy(found: Authorization): string[] {
  const byPolicy = found.policies?.filter(isGrant) ?? [];
  const byBinding = found.bindings?.filter(isGrant) ?? [];
  return [
    ...(isMaster(found) ? [`Group ${MASTERS}`] : []),
    ...byPolicy.map(({ name, scope }) =>
      scope === "cluster" ? `${name} on the whole cluster` : `${name} on ${namespaceWords(scope)}`,
    ),
    ...byBinding.map(({ binding, role }) => `${binding} to ${role}`),
  ];
}

/** Reads no further than necessary: RBAC only if no policy grants the attempt. */
function decide(found: Authorization): Authorization["decision"] {
  if (found.asked !== undefined) return found.asked ? "allowed" : "denied";
  if (found.policies?.some(isGrant) || isMaster(found) || found.bindings?.some(isGrant)) return "allowed";
  const isComplete =
    found.policies?.every(({ lacks }) => lacks !== "unknown") === true && found.bindings !== undefined;
  return isComplete ? "denied" : "unknown";
}

function isGrant({ lacks }: PolicyVerdict | BindingVerdict): boolean {
  return lacks === "nothing";
}

const MASTERS = "system:masters";

function isMaster({ impersonated, groups }: Authorization): boolean {
  return !impersonated && groups?.includes(MASTERS) === true;
}

/**
 * What allows another user's request: `AmazonEKSViewPolicy on namespaces web`. Undefined if the question is about the caller,
 * whose own call shows it; if the other's call is known to have failed; and if nothing is known to allow it.
 */
export function grantOfOther({
  isOtherPrincipal,
  symptom,
  authorization,
}: {
  readonly isOtherPrincipal: boolean;
  readonly symptom: Symptom | undefined;
  readonly authorization: Authorization | undefined;
}): readonly string[] | undefined {
  if (!isOtherPrincipal || symptom !== undefined) return undefined;
  return authorization?.decision === "allowed" ? authorization.allowedBy : undefined;
}

/** `namespace web`, or `namespaces dev, web` */
export function namespaceWords(names: readonly string[]): string {
  return `${names.length === 1 ? "namespace" : "namespaces"} ${names.join(", ")}`;
}
