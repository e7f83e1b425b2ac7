import path from "node:path";
import { type Endpoints, isAddress } from "../../endpoints/endpoints.ts";
import { readEndpoints } from "../../endpoints/named-endpoints.ts";
import { loadSettled, saveSettled } from "../../endpoints/server-records.ts";
import { isRecord } from "../../record.ts";
import type { Clock } from "../../timers.ts";
import { isMetadataAddress } from "./machine-addresses.ts";
import type { RecordedContainer } from "./opened-source.ts";
import { type ApprovedProcess, readApprovedProcess } from "./process-approval.ts";

/** A profile by name; undefined means the caller's own credentials. */
export interface ProfileName {
  readonly profile: string | undefined;
  /** Absolute path of the AWS config that contains it. */
  readonly configFile: string;
}

/** What setup or login recorded for an AWS profile, and no variable changes afterwards. */
export interface ProfileRecord {
  readonly endpoints: Endpoints;
  readonly process: ApprovedProcess | undefined;
  readonly container: RecordedContainer | undefined;
  readonly metadataEndpoint: string | undefined;
}

/** The default if nothing was recorded: AWS's own hosts, and no process is run. */
export const NOTHING_SETTLED: ProfileRecord = {
  endpoints: {},
  process: undefined,
  container: undefined,
  metadataEndpoint: undefined,
};

/** `folder` is the state folder under the home directory in the user database. Undefined: the profile was never set up. */
export function loadProfileRecord(folder: string, name: ProfileName): ProfileRecord | undefined {
  const record = loadSettled({ folder, kind: "profiles" }, nameOf(name));
  if (!isRecord(record)) return undefined;
  const metadata = record["metadataEndpoint"];
  return {
    endpoints: readEndpoints(record["endpoints"]),
    process: readApprovedProcess(record["process"]),
    container: readContainer(record["container"]),
    metadataEndpoint: typeof metadata === "string" && isMetadataAddress(metadata) ? metadata : undefined,
  };
}

/** Replaces the record. Throws whatever prevents that. */
export function saveProfileRecord(
  folder: string,
  name: ProfileName,
  saved: { readonly record: ProfileRecord; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  return saveSettled({ folder, kind: "profiles" }, nameOf(name), saved);
}

function nameOf({ profile, configFile }: ProfileName): string {
  return JSON.stringify([profile, configFile]);
}

function readContainer(value: unknown): RecordedContainer | undefined {
  if (!isRecord(value)) return undefined;
  const { uri, tokenFile } = value;
  if (typeof uri !== "string" || !isAddress(uri)) return undefined;
  if (tokenFile === undefined) return { uri, tokenFile };
  return typeof tokenFile === "string" && path.isAbsolute(tokenFile) ? { uri, tokenFile } : undefined;
}
