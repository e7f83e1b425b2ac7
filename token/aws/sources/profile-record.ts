import path from "node:path";
import {
  type EndpointKey,
  type Endpoints,
  isAddress,
  isAddressFor,
  isBearerKey,
} from "../../endpoints/endpoints.ts";
import { type EndpointWishes, namedEndpoints, readEndpoints } from "../../endpoints/named-endpoints.ts";
import { loadSettled, saveSettled } from "../../endpoints/server-records.ts";
import { flagVariable } from "../../hot/flag-variable.ts";
import { isRecord } from "../../record.ts";
import type { Clock } from "../../timers.ts";
import type { RecordedContainer } from "./opened-source.ts";
import { type ApprovedProcess, readApprovedProcess } from "./process-approval.ts";
import { isMetadataAddress } from "./settled-machine.ts";
import type { SharedFiles, SharedProfile, SharedSetting } from "./shared-files.ts";

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

/**
 * The names of services in a `[services …]` section. Source: AWS SDKs and Tools reference guide, "Service-specific endpoints".
 */
const SERVICES = [
  ["stsEndpoint", "sts"],
  ["eksEndpoint", "eks"],
  ["iamEndpoint", "iam"],
  ["ssoEndpoint", "sso"],
  ["ssoOidcEndpoint", "sso_oidc"],
  ["signinEndpoint", "signin"],
] as const satisfies readonly (readonly [EndpointKey, string])[];

/**
 * The hosts and CAs that apply to a profile, for setup and login to record: as the variables say, else the profile, else
 * the settings. Absolute, and suitable for what is sent there; throws `config-invalid` for one that is not, and
 * `server-untrusted` or `file-unreadable` for a bundle that cannot be used.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Shared files".
 */
export function endpointsOfProfile(
  profile: SharedProfile,
  files: Pick<SharedFiles, "services">,
  { env, config, fileOf }: EndpointWishes,
): Endpoints {
  const said = settingsOf(profile, files);
  const values = Object.fromEntries([...said].map(([key, { value }]) => [key, value]));
  return namedEndpoints({
    env,
    config: { ...config, ...values },
    fileOf: (key) => said.get(key)?.file ?? fileOf(key),
  });
}

function settingsOf(
  profile: SharedProfile,
  { services }: Pick<SharedFiles, "services">,
): ReadonlyMap<EndpointKey, Pick<SharedSetting, "value" | "file">> {
  const { settings } = profile;
  const said = new Map<EndpointKey, Pick<SharedSetting, "value" | "file">>();
  const bundle = settings.get("ca_bundle");
  if (bundle?.value) said.set("awsCaBundle", bundle);
  if (flagVariable(settings.get("ignore_configured_endpoint_urls")?.value) === true) return said;
  const section = services.get(settings.get("services")?.value ?? "");
  const common = settings.get("endpoint_url");
  for (const [key, service] of SERVICES) {
    const own = section?.settings.get(service);
    const value = own?.nested["endpoint_url"];
    if (own !== undefined && value) said.set(key, { value, file: own.file });
    else if (common?.value && isFit(key, common.value)) said.set(key, common);
  }
  return said;
}

/** The one address for all of AWS is not used for the services that get bearer tokens, unless it is fit for them. */
function isFit(key: EndpointKey, address: string): boolean {
  return !isBearerKey(key) || isAddressFor(key, address);
}
