import type { AccessEntry } from "../../model.ts";
import { AwsFailure } from "../failure.ts";
import {
  defaultGroups,
  defaultUsername,
  requirePrincipalForm,
  requirePrincipalId,
  requireType,
  requireWish,
} from "./access-entry-rules.ts";
import { clusterArn, type EksCall, requireAllowed, seconds, textList } from "./call.ts";
import { entryArn, entryArnOf, requireEntry, requireEntryCluster } from "./entry-resource.ts";
import { pageOf } from "./page.ts";

export function listAccessEntries(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:ListAccessEntries", clusterArn(call, call.path["name"] ?? ""));
  const policyArn = call.query.get("associatedPolicyArn");
  const principals = [...requireEntryCluster(call).accessEntries.values()]
    .filter(({ policies }) => policyArn === null || policies.some((policy) => policy.policyArn === policyArn))
    .map(({ principalArn }) => principalArn);
  const { items, nextToken } = pageOf(principals, call.query);
  return { accessEntries: items, nextToken };
}

export function describeAccessEntry(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:DescribeAccessEntry", entryArnOf(call));
  return { accessEntry: entryJson(call, requireEntry(call)) };
}

export function createAccessEntry(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:CreateAccessEntry", clusterArn(call, call.path["name"] ?? ""));
  const principalArn = String(call.body["principalArn"] ?? "");
  const type = requireType(String(call.body["type"] ?? "STANDARD"));
  const { username, groups } = wished(call);
  requireWish({ type, username, groups });
  requirePrincipalForm(principalArn, type, call.caller.accountId);
  if (type === "EC2_LINUX" || type === "EC2_WINDOWS")
    requireAllowed(call.caller, "iam:PassRole", principalArn);
  const cluster = requireEntryCluster(call);
  const principalId = requirePrincipalId(call.world, principalArn);
  if (cluster.accessEntries.has(principalArn)) {
    throw new AwsFailure(
      "ResourceInUseException",
      409,
      "The specified access entry resource is already in use on this cluster.",
    );
  }
  const entry: AccessEntry = {
    principalArn,
    principalId,
    kubernetesGroups: groupsOf(type, groups),
    username: username ?? defaultUsername(type, principalArn),
    type,
    createdAt: call.now,
    modifiedAt: call.now,
    tags: (call.body["tags"] as Record<string, string> | undefined) ?? {},
    policies: [],
  };
  cluster.accessEntries.set(principalArn, entry);
  return { accessEntry: entryJson(call, entry) };
}

/**
 * Replaces groups and username: what is left out falls back to its default. Type and principal can never change.
 *
 * Source: hashicorp/terraform-provider-aws#36480, pull request 36484.
 */
export function updateAccessEntry(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:UpdateAccessEntry", entryArnOf(call));
  const { username, groups } = wished(call);
  requireWish({ type: "STANDARD", username, groups });
  const entry = requireEntry(call);
  requireWish({ type: entry.type, username, groups });
  entry.kubernetesGroups = groupsOf(entry.type, groups);
  entry.username = username ?? defaultUsername(entry.type, entry.principalArn);
  entry.modifiedAt = call.now;
  return { accessEntry: entryJson(call, entry) };
}

/** The associated policies go with it. */
export function deleteAccessEntry(call: EksCall): unknown {
  requireAllowed(call.caller, "eks:DeleteAccessEntry", entryArnOf(call));
  const { principalArn } = requireEntry(call);
  requireEntryCluster(call).accessEntries.delete(principalArn);
  return {};
}

/** Groups of nodes are EKS's own, whatever was asked. */
function groupsOf(type: AccessEntry["type"], groups: string[] | undefined): string[] {
  return type === "STANDARD" && groups ? groups : defaultGroups(type);
}

function wished({ body }: EksCall): { username: string | undefined; groups: string[] | undefined } {
  const username = body["username"];
  return {
    username: username === undefined ? undefined : String(username),
    groups: textList(body["kubernetesGroups"]),
  };
}

function entryJson(call: EksCall, entry: AccessEntry): unknown {
  const name = call.path["name"] ?? "";
  return {
    clusterName: name,
    principalArn: entry.principalArn,
    kubernetesGroups: entry.kubernetesGroups,
    accessEntryArn: entryArn(call, { name, principalArn: entry.principalArn, createdAt: entry.createdAt }),
    createdAt: seconds(entry.createdAt),
    modifiedAt: seconds(entry.modifiedAt),
    tags: entry.tags,
    username: entry.username,
    type: entry.type,
  };
}
