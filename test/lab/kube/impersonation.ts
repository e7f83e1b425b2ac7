import type { IncomingHttpHeaders } from "node:http";
import type { Cluster } from "../model.ts";
import { forbidden } from "./api/api-error.ts";
import type { KubeUser } from "./authentication/kube-identity.ts";
import { type Attributes, isPath, type ResourceAttributes } from "./authorization/attributes.ts";
import { authorize } from "./authorization/authorizer.ts";
import { forbiddenText } from "./authorization/forbidden.ts";
import { minorVersion } from "./cluster-version.ts";

/**
 * First minor version with constrained impersonation, which words the refusal in its own way. Source:
 * doctor/EKS-ACCESS.md, "Reviews".
 */
const CONSTRAINED_SINCE = 36;

/**
 * `--as` and `--as-group`: the user one asks to be, if one may. Access policies stay with the real user and are lost.
 * Impersonated uid and extra fields are ignored.
 */
export function impersonated(
  cluster: Cluster,
  user: KubeUser,
  { headers, asked }: { headers: IncomingHttpHeaders; asked: Attributes },
): KubeUser {
  const name = headers["impersonate-user"];
  if (typeof name !== "string") return user;
  const groups = String(headers["impersonate-group"] ?? "")
    .split(", ")
    .filter(Boolean);

  const wanted = [target(name), ...groups.map((group) => impersonate("groups", { name: group }))];
  const refused = wanted.find((question) => !authorize(cluster, user, question).allowed);
  if (refused !== undefined) throw refusal(cluster, user, { refused, asked });
  return { username: name, groups: [...new Set([...groups, "system:authenticated"])], extra: {} };
}

function target(name: string): ResourceAttributes {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (namespace === undefined || account === undefined) return impersonate("users", { name });
  return impersonate("serviceaccounts", { name: account, namespace });
}

function impersonate(
  resource: string,
  { name, namespace = "" }: { name: string; namespace?: string },
): ResourceAttributes {
  return { verb: "impersonate", group: "", version: "v1", resource, subresource: "", namespace, name };
}

function refusal(
  cluster: Cluster,
  user: KubeUser,
  { refused, asked }: { refused: ResourceAttributes; asked: Attributes },
) {
  if (minorVersion(cluster) < CONSTRAINED_SINCE || isPath(asked)) {
    return forbidden(refused, forbiddenText(user, refused, ""));
  }
  const constrained = { ...asked, verb: `impersonate-on:user-info:${asked.verb}` };
  return forbidden(asked, forbiddenText(user, constrained, ""));
}
