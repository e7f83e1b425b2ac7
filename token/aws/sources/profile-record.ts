import path from "node:path";
import { type Endpoints, readEndpoints } from "../../endpoints/endpoints.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../../files/private-file.ts";
import { fnv64 } from "../../hot/fnv.ts";
import { profilesFolder } from "../../hot/state-files.ts";
import { lossyText } from "../../mint/lossy-text.ts";
import { isRecord } from "../../record.ts";
import { jsonRecord } from "../../vouch/json-record.ts";
import { isMetadataAddress } from "./machine-addresses.ts";
import type { RecordedContainer } from "./opened-source.ts";
import { type ApprovedProcess, readApprovedProcess } from "./process-approval.ts";

/** Which profile: names are those of one file. */
export interface ProfileKey {
  /** Null: the caller's environment. */
  readonly profile: string | null;
  /** AWS's config file; absolute. */
  readonly configFile: string;
}

/** What setup or login settled for a profile. Under kubectl nothing else says whom we ask, whom we believe and what is run. */
export interface ProfileRecord extends ProfileKey {
  readonly endpoints: Endpoints;
  readonly process?: ApprovedProcess | undefined;
  readonly container?: RecordedContainer | undefined;
  readonly metadataEndpoint?: string | undefined;
}

/**
 * The record of a profile, in the state folder under the home of the user database: where no variable leads elsewhere. A file
 * that others could have written is not believed. Undefined: nothing was settled.
 */
export function loadProfileRecord(state: string, key: ProfileKey): ProfileRecord | undefined {
  const record = jsonRecord(lossyText(recordFile(state, key)) ?? "");
  const isOf = record?.["profile"] === key.profile && record["configFile"] === key.configFile;
  if (record?.["version"] !== 1 || !isOf) return undefined;
  const { profile, configFile } = key;
  const { metadataEndpoint } = record;
  const isGood = typeof metadataEndpoint === "string" && isMetadataAddress(metadataEndpoint);
  return {
    profile,
    configFile,
    endpoints: readEndpoints(record["endpoints"]),
    process: readApprovedProcess(record["process"]),
    container: readContainer(record["container"]),
    metadataEndpoint: isGood ? metadataEndpoint : undefined,
  };
}

/** Replaces the record of a profile as a whole. Throws what stands in the way. */
export function saveProfileRecord(state: string, record: ProfileRecord): void {
  ensurePrivateDirectory(state);
  ensurePrivateDirectory(profilesFolder(state));
  writeFileAtomically(recordFile(state, record), `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`);
}

function readContainer(value: unknown): RecordedContainer | undefined {
  if (!isRecord(value)) return undefined;
  const { uri, tokenFile } = value;
  if (typeof uri !== "string" || !URL.canParse(uri)) return undefined;
  return { uri, tokenFile: typeof tokenFile === "string" ? tokenFile : undefined };
}

function recordFile(state: string, { profile, configFile }: ProfileKey): string {
  return path.join(profilesFolder(state), `${fnv64(JSON.stringify([configFile, profile]))}.json`);
}
