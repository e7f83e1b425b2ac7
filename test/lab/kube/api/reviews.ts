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
  readonly namespace?: string;
}

/** Answers the kinds that are asked and not stored; undefined for any other. Reviews of somebody else are absent. */
export function review(call: ApiCall, kind: string): Reply | undefined {
  const status = statusOf(call, kind);
  if (status === undefined) return undefined;
  const { apiVersion, spec } = parseJson(call.body) as { apiVersion?: string; spec?: ReviewSpec };
  const metadata = kind === "SelfSubjectReview" ? { creationTimestamp: rfc3339(call.now) } : {};
  return ok({ kind, apiVersion, metadata, ...(spec && { spec }), status }, 201);
}

function statusOf(call: ApiCall, kind: string): unknown {
  const spec = () => (parseJson(call.body) as { spec?: ReviewSpec }).spec ?? {};
  switch (kind) {
    case "SelfSubjectReview":
      return { userInfo: userInfo(call.user) };
    case "SelfSubjectAccessReview":
      return access(call, spec());
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

function access({ cluster, user }: ApiCall, spec: ReviewSpec): Record<string, unknown> {
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
