import type { AssociatedPolicy } from "../../model.ts";
import { requireAssociable, requirePolicyForm } from "./access-policies.ts";
import {
  type EksCall,
  invalidParameter,
  invalidRequest,
  notFound,
  requireAllowed,
  seconds,
  textList,
} from "./call.ts";
import { entryArnOf, requireEntry } from "./entry-resource.ts";
import { pageOf } from "./page.ts";

/** One association per policy: a second one replaces the scope of the first. */
export function associateAccessPolicy(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:AssociateAccessPolicy", entryArnOf(call));
  const policyArn = String(call.body["policyArn"] ?? "");
  requirePolicyForm(policyArn);
  const accessScope = requireScope(call.body["accessScope"]);
  const entry = requireEntry(call);
  if (entry.type !== "STANDARD" && entry.type !== "EC2") {
    throw invalidRequest('This operation can only be performed on Access Entries with a type of "STANDARD"');
  }
  requireAssociable(policyArn, call.world.partition);
  const earlier = entry.policies.find((policy) => policy.policyArn === policyArn);
  const association: AssociatedPolicy = {
    policyArn,
    accessScope,
    associatedAt: earlier?.associatedAt ?? call.now,
    modifiedAt: call.now,
  };
  entry.policies = earlier
    ? entry.policies.map((policy) => (policy === earlier ? association : policy))
    : [...entry.policies, association];

  return {
    clusterName: call.path["name"],
    principalArn: entry.principalArn,
    associatedAccessPolicy: associationJson(association),
  };
}

export function disassociateAccessPolicy(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:DisassociateAccessPolicy", entryArnOf(call));
  const entry = requireEntry(call);
  const remaining = entry.policies.filter(({ policyArn }) => policyArn !== call.path["policyArn"]);
  if (remaining.length === entry.policies.length) {
    throw notFound("The specified policyArn is not associated with the access entry.");
  }
  entry.policies = remaining;
  return {};
}

export function listAssociatedAccessPolicies(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:ListAssociatedAccessPolicies", entryArnOf(call));
  const entry = requireEntry(call);
  const { items, nextToken } = pageOf(entry.policies.map(associationJson), call.query);
  return {
    clusterName: call.path["name"],
    principalArn: entry.principalArn,
    associatedAccessPolicies: items,
    nextToken,
  };
}

/** Spelling and existence of the namespaces are not looked at. Source: doctor/EKS-ACCESS.md, "Access scope". */
function requireScope(value: unknown): AssociatedPolicy["accessScope"] {
  const { type, namespaces } = (value ?? {}) as { readonly type?: unknown; readonly namespaces?: unknown };
  const names = textList(namespaces) ?? [];
  if (type !== "cluster" && type !== "namespace") {
    throw invalidParameter("The accessScope type must be one of [cluster, namespace]");
  }
  if (type === "cluster" && names.length > 0) {
    throw invalidParameter("accessScope should not include namespaces if the type is not set as namespace");
  }
  if (type === "namespace" && names.length === 0) {
    throw invalidParameter("At least 1 namespace must be provided if the type is set as namespace");
  }
  return { type, namespaces: names };
}

function associationJson(policy: AssociatedPolicy): unknown {
  return {
    policyArn: policy.policyArn,
    accessScope: policy.accessScope,
    associatedAt: seconds(policy.associatedAt),
    modifiedAt: seconds(policy.modifiedAt),
  };
}
