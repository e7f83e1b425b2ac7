import { type Command, kubectl } from "../../token/command/command.ts";
import { type Sentence, sentence } from "../../token/command/sentence.ts";
import type { Confidence } from "../derive/confidence.ts";
import type { Facts } from "../derive/facts.ts";
import type { EksTarget } from "../derive/target/target-cluster.ts";
import type { BindingSubject } from "../eks/rbac/service-account.ts";

/** Who can carry out a fix. */
export type Audience = "you" | "cluster-admin" | "iam-admin";

/** One way to solve the problem. */
export interface Fix {
  readonly audience: Audience;
  /** One sentence: what it does. */
  readonly description: Sentence;
  /** In order, as data; none if the description says everything. */
  readonly actions?: readonly Action[];
  /** True: a further step of the fix before it, and not another way. */
  readonly completes?: true;
}

/** A fix for the user who asks. */
export function forYou(description: Sentence, ...actions: readonly Action[]): Fix {
  return { audience: "you", description, ...(actions.length === 0 ? {} : { actions }) };
}

export function forClusterAdmin(description: Sentence, ...actions: readonly Action[]): Fix {
  return { ...forYou(description, ...actions), audience: "cluster-admin" };
}

export function forIamAdmin(description: Sentence, ...actions: readonly Action[]): Fix {
  return { ...forYou(description, ...actions), audience: "iam-admin" };
}

/**
 * The fix as another way: `Or create …`. A fix that does not begin like this is a further step of the one before, and is needed
 * too.
 */
export function orElse(fix: Fix): Fix {
  const { description } = fix;
  const [first = "", ...rest] = typeof description === "string" ? [description] : description;
  if (typeof first !== "string" || first.startsWith("Or ")) return fix;
  const words = /^[A-Z][a-z]/.test(first) ? `${first.charAt(0).toLowerCase()}${first.slice(1)}` : first;
  const or = /^(?:If|In|To|Inside|Elsewhere)\b/.test(first) ? "Or," : "Or";
  return { ...fix, description: rest.length === 0 ? `${or} ${words}` : [`${or} ${words}`, ...rest] };
}

/** Steps that are another way together. */
export function anotherWay([first, ...steps]: readonly Fix[]): Fix[] {
  return first === undefined ? [] : [orElse(first), ...steps];
}

/** Fixes each of which is enough. */
export function oneOf(...[first, ...others]: readonly Fix[]): Fix[] {
  return first === undefined ? [] : [first, ...others.map(orElse)];
}

/** A step of a fix: a change that several tools can make, any command, or a text to save or to follow. */
export type Action =
  | Command
  | SetAuthenticationMode
  | CreateAccessEntry
  | AssociateAccessPolicy
  | DeleteAccessEntry
  | CreateBinding
  | SetupEks
  | SetExec
  | Document;

/**
 * Changes the authentication mode, and waits until the change takes effect. Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
export interface SetAuthenticationMode {
  readonly kind: "set-authentication-mode";
  readonly target: EksTarget;
  readonly authenticationMode: string;
}

export interface CreateAccessEntry {
  readonly kind: "create-access-entry";
  readonly target: EksTarget;
  readonly principalArn: string;
  readonly groups: readonly string[];
  readonly username: string | undefined;
  readonly type: string | undefined;
}

/** Associates a policy; the given scope replaces the previous one. Source: doctor/EKS-ACCESS.md, "Access scope". */
export interface AssociateAccessPolicy {
  readonly kind: "associate-access-policy";
  readonly target: EksTarget;
  readonly principalArn: string;
  readonly policyArn: string;
  readonly scope: AccessScope;
}

export interface AccessScope {
  readonly type: string;
  readonly namespaces?: readonly string[];
}

export interface DeleteAccessEntry {
  readonly kind: "delete-access-entry";
  readonly target: EksTarget;
  readonly principalArn: string;
}

/** Creates a RoleBinding, or without a namespace a ClusterRoleBinding. */
export interface CreateBinding {
  readonly kind: "create-binding";
  readonly name: string;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subject: BindingSubject;
  readonly namespace: string | undefined;
}

/** Recreates a context with `kubectl vouch setup eks`. Undefined values are not known; a user must fill them in. */
export interface SetupEks {
  readonly kind: "setup-eks";
  readonly cluster: string | undefined;
  readonly region: string | undefined;
  readonly role: string | undefined;
  readonly via: readonly string[];
  readonly sessionName?: string | undefined;
  readonly server: string | undefined;
  /** The AWS profile of a context that does not use Vouch. */
  readonly profile: string | undefined;
  /** True: it uses whatever AWS credentials the caller has. */
  readonly isAmbient: boolean;
  /** The context to recreate, if setup cannot tell that it belongs to the cluster. */
  readonly contextName?: string | undefined;
}

/** Sets fields of a user's exec block, creating it if it does not exist; all other fields stay. */
export interface SetExec {
  readonly kind: "set-exec";
  /** Name of the user entry. */
  readonly user: string;
  readonly fields: ExecFields;
}

export interface ExecFields {
  readonly apiVersion?: string;
  readonly command?: string;
  /** All arguments. */
  readonly args?: readonly string[];
  /** Variables to set, or to remove if the value is undefined. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly interactiveMode?: string;
  readonly provideClusterInfo?: true;
}

/** A manifest to apply, an excerpt to put into a file, or a web address to read. */
export interface Document {
  readonly kind: "document";
  readonly text: string;
}

export function documentOf(text: string): Document {
  return { kind: "document", text };
}

/**
 * Whether an action removes something, or changes the authentication mode. Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
function cannotBeUndone(action: Action): boolean {
  switch (action.kind) {
    case "set-authentication-mode":
    case "delete-access-entry":
      return true;
    case "run":
      return action.program === "kubectl" && action.verb[0] === "delete";
    default:
      return false;
  }
}

/** The fixes of a finding; if it is not certain, and the first fix cannot be undone, how to make sure comes first. */
export function surelyFixed(
  fixes: readonly Fix[],
  { confidence, falsifiedBy }: { readonly confidence: Confidence; readonly falsifiedBy: Sentence },
): readonly Fix[] {
  const [first] = fixes;
  if (confidence === "certain" || first?.actions?.some(cannotBeUndone) !== true) return fixes;
  const description = sentence`First confirm the cause, since the next fix cannot be undone. It is not the cause if: ${falsifiedBy}`;
  return [{ audience: first.audience, description }, ...fixes];
}

/**
 * Adds to a fix that changes the Kubernetes identity of an accepted caller how to make it take effect at once: an API server
 * caches for some time who a token belongs to, and kubectl-vouch reuses a token until it expires. Other tools sign a new one for
 * each call; and after a 401 ours signs a new one, too.
 *
 * Source: kubernetes/kubernetes, pkg/kubeapiserver/options/authentication.go, TokenSuccessCacheTTL, 10 seconds; and
 * --authentication-token-webhook-cache-ttl, 2 minutes unless it is set.
 */
export function withNewToken(
  fix: Fix,
  { symptom, exec, isOtherPrincipal }: Pick<Facts, "symptom" | "exec" | "isOtherPrincipal">,
): Fix {
  const keepsToken = isOtherPrincipal || exec?.tool === "kubectl-vouch";
  if (!keepsToken || symptom?.kind !== "forbidden" || fix.actions?.some(changesMapping) !== true) return fix;
  const then = kubectl("vouch cache clear");
  const user = isOtherPrincipal ? "the user, if they use kubectl-vouch, " : "the caller ";
  const description = sentence`${fix.description} Then ${user}must run ${then}: a token keeps its groups for a few minutes.`;
  return { ...fix, description };
}

function changesMapping(action: Action): boolean {
  if (action.kind === "create-access-entry" || action.kind === "delete-access-entry") return true;
  if (action.kind !== "run") return false;
  const words = [...action.verb, ...action.operands].join(" ");
  return /^eks update-access-entry\b|^(?:patch|edit) configmap aws-auth$/.test(words);
}
