import type { KubeUser } from "../authentication/kube-identity.ts";
import { type Attributes, isPath } from "./attributes.ts";

/** The sentence of a 403, without the object in front of it. Source: doctor/EKS-ACCESS.md, "Words of 403". */
export function forbiddenText(user: KubeUser, asked: Attributes, reason: string): string {
  const sentence = `User ${JSON.stringify(user.username)} cannot ${asked.verb} ${target(asked)}`;
  return reason === "" ? sentence : `${sentence}: ${reason}`;
}

function target(asked: Attributes): string {
  if (isPath(asked)) return `path "${asked.path}"`;
  const resource = asked.subresource === "" ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const place = asked.namespace === "" ? "at the cluster scope" : `in the namespace "${asked.namespace}"`;
  return `resource "${resource}" in API group "${asked.group}" ${place}`;
}
