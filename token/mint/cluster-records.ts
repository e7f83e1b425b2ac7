import fs from "node:fs";
import { parseRoleArn } from "../aws/arn.ts";
import type { ProfileName } from "../aws/sources/profile-record.ts";
import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { unlessThrown, VouchError } from "../errors/errors.ts";
import { readTextFile } from "../files/plain-file.ts";
import {
  ensurePrivateDirectory,
  requirePrivateDirectory,
  writeFileAtomically,
} from "../files/private-file.ts";
import { deleteFile } from "../files/sharing.ts";
import { type ClusterRecord, certificateName, readClusterRecord } from "../hot/cluster-record.ts";
import { fnv64 } from "../hot/fnv.ts";
import type { VouchQuestion } from "../hot/question.ts";
import { clustersFolder } from "../hot/state-files.ts";
import { isRecord } from "../record.ts";
import { type CacheEntry, listTokens, removeToken } from "./token-cache.ts";

/** What binds a token to API servers. */
export interface ClusterGuard {
  /** A client that does not say which cluster it calls gets none, nor one that calls a cluster without a record. */
  readonly isRequired: boolean;
  readonly record: ClusterRecord | undefined;
}

/** The cluster of a record, as far as the command line that asks for a token identifies it. */
export type ClusterKey = ClusterPlace & (RoleAccount | ProfileName);

interface ClusterPlace {
  /** What a token is signed for: the name, or the ID of a local cluster on an Outpost. */
  readonly cluster: string;
  readonly region: string;
}

/** For a role: its account, twelve digits. */
interface RoleAccount {
  readonly account: string;
}

/** The cluster for which a token is requested. */
export function askedCluster(asked: AskedToken): ClusterKey {
  const { region } = asked;
  const cluster = asked.clusterId ?? asked.cluster;
  const ofRole = (role: string) => ({ cluster, region, account: parseRoleArn(role).account });
  if (!("profile" in asked)) return ofRole(asked.role);
  const { role, profile, configFile } = asked;
  return role === undefined ? { cluster, region, profile, configFile } : ofRole(role);
}

/** The part of a question that identifies its cluster. */
type AskedToken = Pick<VouchQuestion, "cluster" | "clusterId" | "region"> &
  ({ readonly role: string } | ({ readonly role: string | undefined } & ProfileName));

/**
 * The record of a cluster: address and CA (PEM in base64) from AWS, and the `tls-server-name` of its entry in the kubeconfig.
 * Throws `aws-failed` for an address that is not plain https.
 */
export function clusterRecord(
  { endpoint, caData }: { readonly endpoint: string; readonly caData: string },
  tlsServerName?: string,
): ClusterRecord {
  const host = certificateName({ server: endpoint, "tls-server-name": tlsServerName });
  if (host === undefined)
    throw new VouchError(
      "aws-failed",
      `EKS reports cluster endpoint ${JSON.stringify(endpoint)}, which is not a plain https address.`,
    );
  return { host, caData: asClientGoEncodes(caData) };
}

/** client-go decodes the kubeconfig's base64, with any line breaks, and encodes the bytes again. */
export function asClientGoEncodes(base64: string): string {
  return Buffer.from(base64, "base64").toString("base64");
}

/**
 * The record by setup; undefined if there is none. Throws `file-unreadable` for a file that is no record, which must not be
 * treated as missing, and `directory-unsafe` where others could have replaced it.
 */
export function findClusterRecord(state: string, key: ClusterKey): ClusterRecord | undefined {
  const file = recordFile(state, key);
  const text = readTextFile(file);
  if (text === undefined) return undefined;
  for (const folder of [state, clustersFolder(state)]) requirePrivateDirectory(folder);
  const record = readRecord(text, key);
  if (record !== undefined) return record;
  const { cluster, region } = key;
  throw new DamagedRecord(
    file,
    cluster,
    withCommands`Record it again: ${ours("setup eks", { cluster, region })}`,
  );
}

/** When setup last changed the record of a cluster, in milliseconds since 1970; undefined if there is none. */
export function recordedAt(state: string, key: ClusterKey): number | undefined {
  return fs.statSync(recordFile(state, key), { throwIfNoEntry: false })?.mtimeMs;
}

/** `file-unreadable`. Who asks for a token puts a better hint: the command with the role or profile of the question. */
export class DamagedRecord extends VouchError {
  constructor(file: string, cluster: string, hint: string) {
    super("file-unreadable", `${file} is not a valid setup record of cluster ${cluster}.`, { hint });
    this.again = (better) => new DamagedRecord(file, cluster, better);
  }

  /** The same with another hint. */
  readonly again: (hint: string) => DamagedRecord;
}

/** Keeps a record, and removes the cached tokens that were minted with another record or none. */
export function keepClusterRecord(state: string, key: ClusterKey, record: ClusterRecord): void {
  ensurePrivateDirectory(state);
  ensurePrivateDirectory(clustersFolder(state));
  const text = `${JSON.stringify({ version: 1, ...written(key), ...record }, null, 2)}\n`;
  const file = recordFile(state, key);
  if (unlessThrown(() => readTextFile(file), undefined) !== text) writeFileAtomically(file, text);
  const stale = listTokens(state).filter((token) => isOf(key, token) && !isSameRecord(token.record, record));
  for (const { file: stored } of stale) removeToken(stored);
}

/** Removes a record; tokens minted with it keep theirs for the minutes that they live. */
export function forgetClusterRecord(state: string, key: ClusterKey): void {
  deleteFile(recordFile(state, key));
}

export function isSameRecord(a: ClusterRecord | undefined, b: ClusterRecord | undefined): boolean {
  return a?.host === b?.host && a?.caData === b?.caData;
}

function isOf(key: ClusterKey, token: CacheEntry): boolean {
  if ((token.clusterId ?? token.cluster) !== key.cluster || token.region !== key.region) return false;
  if ("account" in key) return token.role?.split(":")[4] === key.account;
  return "profile" in token && token.role === undefined && token.profile === key.profile;
}

/** A key as it is in the file, where null stands for the caller's own credentials. */
function written(key: ClusterKey): object {
  return "account" in key ? key : { ...key, profile: key.profile ?? null };
}

function readRecord(text: string, key: ClusterKey): ClusterRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value["version"] !== 1) return undefined;
    const isOfKey = Object.entries(written(key)).every(([name, part]) => value[name] === part);
    return isOfKey ? readClusterRecord(value) : undefined;
  } catch {
    return undefined;
  }
}

/** Cluster names are case-sensitive, but some file systems are not. */
function recordFile(state: string, { cluster, region, ...place }: ClusterKey): string {
  const whose = "account" in place ? [place.account] : [place.configFile, place.profile];
  return `${clustersFolder(state)}/${fnv64(JSON.stringify([...whose, region, cluster]))}.json`;
}
