import { createHash } from "node:crypto";
import type { AccessEntry, Cluster } from "../../model.ts";
import { nameInArn, parseArn } from "../arn.ts";
import { clustersOf, type EksCall, invalidRequest, notFound, requireCluster } from "./call.ts";

/** A cluster whose mode supports access entries. */
export function requireEntryCluster(call: EksCall): Cluster {
  const cluster = requireCluster(call);
  if (cluster.authenticationMode !== "CONFIG_MAP") return cluster;
  throw invalidRequest(
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
  );
}

export function requireEntry(call: EksCall): AccessEntry {
  const entry = requireEntryCluster(call).accessEntries.get(call.path["principalArn"] ?? "");
  if (entry) return entry;
  throw notFound(
    "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
  );
}

/** The ARN of the entry that a call names, for IAM's judgement; of one that does not exist, with a star for its id. */
export function entryArnOf(call: EksCall): string {
  const name = call.path["name"] ?? "";
  const principalArn = call.path["principalArn"] ?? "";
  const entry = clustersOf(call)
    .find((cluster) => cluster.name === name)
    ?.accessEntries.get(principalArn);
  return entryArn(call, { name, principalArn, createdAt: entry?.createdAt });
}

/** Steady over an entry's life; an entry that is made again has another one. */
export function entryArn(
  { world, region, caller }: EksCall,
  entry: { readonly name: string; readonly principalArn: string; readonly createdAt: Date | undefined },
): string {
  const { resource, account } = parseArn(entry.principalArn) ?? { resource: "", account: "" };
  const [kind = ""] = resource.split("/");
  const hash = createHash("sha256").update(
    `${entry.name} ${entry.principalArn} ${entry.createdAt?.getTime()}`,
  );
  const id = entry.createdAt
    ? hash.digest("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5")
    : "*";
  const path = ["access-entry", entry.name, kind, account, nameInArn(entry.principalArn), id].join("/");
  return `arn:${world.partition}:eks:${region}:${caller.accountId}:${path}`;
}
