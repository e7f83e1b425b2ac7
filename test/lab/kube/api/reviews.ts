import type { KubeUser } from "../authentication/kube-identity.ts";
import type { Attributes } from "../authorization/attributes.ts";
import { authorize } from "../authorization/authorizer.ts";
import { rulesFor } from "../authorization/rbac.ts";
import { type ApiCall, ok, type Reply } from "./api-call.ts";
import { badRequest } from "./api-error.ts";
import { rfc3339 } from "./object-store.ts";
import { parseJson } from "./patch.ts";

interface ResourceQuestion {
  readonly namespace?: string;
  readonly verb?: string;
  readonly group?: string;
  readonly version?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
}

interface ReviewSpec {
  readonly resourceAttributes?: ResourceQuestion;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  readonly namespace?: string;
}

/** Answers the kinds that are asked and not stored; undefined for any other. `namespace` is that of the path. */
export function review(call: ApiCall, kind: string, namespace: string): Reply | undefined {
  const status = statusOf(call, kind, namespace);
  if (status === undefined) return undefined;
  const { apiVersion, spec } = parseJson(call.body) as { apiVersion?: string; spec?: ReviewSpec };
  const metadata = kind === "SelfSubjectReview" ? { creationTimestamp: rfc3339(call.now) } : {};
  return ok({ kind, apiVersion, metadata, ...(spec && { spec }), status }, 201);
}

function statusOf(call: ApiCall, kind: string, namespace: string): unknown {
  const spec = () => (parseJson(call.body) as { spec?: ReviewSpec }).spec ?? {};
  switch (kind) {
    case "SelfSubjectReview":
      return { userInfo: userInfo(call.user) };
    case "SelfSubjectAccessReview":
      return access(call, call.user, spec());
    case "SubjectAccessReview":
      return access(call, subject(call, spec()), spec());
    case "LocalSubjectAccessReview":
      if (spec().resourceAttributes?.namespace !== namespace) {
        throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
      }
      return access(call, subject(call, spec()), spec());
    case "SelfSubjectRulesReview":
      return rules(call, spec());
    default:
      return undefined;
  }
}

function userInfo({ username, uid, groups, extra }: KubeUser): Record<string, unknown> {
  return {
    username,
    ...(uid !== undefined && { uid }),
    groups,
    ...(Object.keys(extra).length > 0 && { extra }),
  };
}

function access({ cluster }: ApiCall, user: KubeUser, spec: ReviewSpec): Record<string, unknown> {
  const { allowed, reason } = authorize(cluster, user, questionOf(spec));
  return { allowed, ...(reason !== "" && { reason }) };
}

function questionOf({ resourceAttributes, nonResourceAttributes }: ReviewSpec): Attributes {
  if (nonResourceAttributes !== undefined) {
    return { verb: nonResourceAttributes.verb ?? "", path: nonResourceAttributes.path ?? "" };
  }
  if (resourceAttributes === undefined) {
    throw badRequest("exactly one of nonResourceAttributes or resourceAttributes must be specified");
  }
  const { verb = "", group = "", version = "*", resource = "", ...more } = resourceAttributes;
  const { subresource = "", namespace = "", name = "" } = more;
  return { verb, group, version, resource, subresource, namespace, name };
}

/**
 * The somebody of a review. EKS's policy engine knows people by the unique id in the extra fields, so a review that
 * repeats what SelfSubjectReview said is answered with policies, and a bare username without.
 */
function subject({ cluster }: ApiCall, spec: ReviewSpec): KubeUser {
  const { user = "", groups = [], uid, extra = {} } = spec;
  const [principalId] = extra["sigs.k8s.io/aws-iam-authenticator/principalId"] ?? [];
  const entry = [...cluster.accessEntries.values()].find((one) => one.principalId === principalId);
  return { username: user, groups, extra, ...(uid !== undefined && { uid }), ...(entry && { entry }) };
}

/** RBAC's rules only: the policy engine cannot list its own. Source: doctor/EKS-ACCESS.md, "Reviews". */
function rules({ cluster, user }: ApiCall, { namespace = "" }: ReviewSpec): Record<string, unknown> {
  if (namespace === "") throw badRequest("no namespace on request");
  const held = rulesFor(cluster, user, namespace).rules.map(({ rule }) => rule);
  return {
    resourceRules: held
      .filter(({ resources }) => resources !== undefined)
      .map(({ verbs, apiGroups, resources, resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames && { resourceNames }),
      })),
    nonResourceRules: held
      .filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)
      .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: true,
    evaluationError: "webhook authorizer does not support user rule resolution",
  };
}
