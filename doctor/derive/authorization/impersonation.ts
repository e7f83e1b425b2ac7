import { textMember } from "../../../token/record.ts";
import { serviceAccountOf } from "../../eks/rbac/service-account.ts";
import type { AccessRequest } from "../../evidence/evidence.ts";
import type { FailureCase } from "../failure/symptom.ts";
import { commandWords, flagValue, flagValues } from "../kubeconfig/command-words.ts";
import type { EffectiveContext } from "../kubeconfig/effective-context.ts";
import { textsOf } from "../kubeconfig/kubeconfig-cluster.ts";

/** Whom the call impersonates. */
export interface Impersonation {
  /** Undefined if the call impersonates only groups, or if nothing says whom. */
  readonly user: string | undefined;
  readonly groups: readonly string[];
  readonly uid: string | undefined;
  readonly extra: readonly (readonly [key: string, value: string])[];
  /** `--as bob in the command` */
  readonly source: string;
  /** What names the impersonated user. */
  readonly from: "command" | "kubeconfig" | "refusal";
}

interface ImpersonationCase extends FailureCase {
  readonly context: EffectiveContext | undefined;
}

/** Whom the call impersonates, by the command, the kubeconfig user or else the refusal; undefined if none of them says so. */
export function impersonationOf(facts: ImpersonationCase): Impersonation | undefined {
  return inCommand(facts) ?? inKubeconfig(facts) ?? inRefusal(facts);
}

function inCommand({ evidence }: ImpersonationCase): Impersonation | undefined {
  const words = commandWords(evidence.question?.command ?? "");
  const user = flagValue(words, "--as");
  const groups = flagValues(words, "--as-group");
  const [group] = groups;
  if (user === undefined && group === undefined) return undefined;
  // `scopes=view`. Source: kubernetes/cli-runtime, pkg/genericclioptions/config_flags.go.
  const extra = flagValues(words, "--as-user-extra").map((word) => {
    const [key = "", ...value] = word.split("=");
    return [key, value.join("=")] as const;
  });
  const flag = user === undefined ? `--as-group ${group}` : `--as ${user}`;
  const uid = flagValue(words, "--as-uid");
  return { user, groups, uid, extra, source: `${flag} in the command`, from: "command" };
}

function inKubeconfig({ context }: ImpersonationCase): Impersonation | undefined {
  const body = context?.user?.body ?? {};
  const user = textMember(body, "as") ?? textMember(body, "act-as");
  if (user === undefined) return undefined;
  const written = body["as-user-extra"];
  const extra = Object.entries(typeof written === "object" && written !== null ? written : {});
  return {
    user,
    groups: textsOf(body["as-groups"]),
    uid: textMember(body, "as-uid"),
    extra: extra.flatMap(([key, values]) => textsOf(values).map((value) => [key, value] as const)),
    source: `"as: ${user}" for user ${context?.userName} in ${context?.user?.path}`,
    from: "kubeconfig",
  };
}

/** The plain verb specifies the user; a constrained one, which 1.36 tries first, only what was requested. */
function inRefusal({ symptom }: ImpersonationCase): Impersonation | undefined {
  const attempt = symptom?.kind === "forbidden" ? symptom.attempt : undefined;
  if (!isToImpersonate(attempt)) return undefined;
  const { verb, resource, subresource, name, namespace } = attempt;
  const nobody = { user: undefined, groups: [], uid: undefined, extra: [] };
  const refused = { ...nobody, source: `the verb ${verb} in the denial`, from: "refusal" } as const;
  if (verb.startsWith("impersonate-on:") || name === undefined) return refused;
  switch (resource) {
    case "users":
      return { ...refused, user: name };
    case "nodes":
      return { ...refused, user: `system:node:${name}` };
    case "serviceaccounts":
      return { ...refused, user: `system:serviceaccount:${namespace}:${name}` };
    case "groups":
      return { ...refused, groups: [name] };
    case "uids":
      return { ...refused, uid: name };
    default:
      return { ...refused, extra: [[subresource ?? "", name]] };
  }
}

/** Whether the refused attempt was to impersonate. Source: kubernetes/apiserver 0.36, pkg/endpoints/filters/impersonation. */
export function isToImpersonate(attempt: AccessRequest | undefined): attempt is AccessRequest {
  return attempt !== undefined && /^impersonate(?:$|:|-on:)/.test(attempt.verb);
}

const AUTHENTICATION = "authentication.k8s.io";

/**
 * The permissions that this impersonation needs: to impersonate each user, group, uid and extra by its name. They suffice in every
 * version, even if constrained impersonation is tried first; constrained permissions would have to name each request, including those
 * of discovery.
 *
 * Source: kubernetes/apiserver 0.36, pkg/endpoints/filters/impersonation/mode.go, `legacyImpersonationMode`; measured with
 * kube-apiserver 1.36.3.
 */
export function rightsToImpersonate({ user, groups, uid, extra }: Impersonation): AccessRequest[] {
  const right = (resource: string, name: string, more: Partial<AccessRequest> = {}): AccessRequest => ({
    ...{ verb: "impersonate", group: "", resource, name },
    ...more,
  });
  const account = serviceAccountOf(user);
  return [
    ...(account === undefined
      ? []
      : [right("serviceaccounts", account.name, { namespace: account.namespace })]),
    ...(user === undefined || account !== undefined ? [] : [right("users", user)]),
    ...groups.map((group) => right("groups", group)),
    ...(uid === undefined ? [] : [right("uids", uid, { group: AUTHENTICATION })]),
    ...extra.map(([key, value]) => right("userextras", value, { group: AUTHENTICATION, subresource: key })),
  ];
}
