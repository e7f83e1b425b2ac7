import { awsConfigPath, awsCredentialsPath } from "../../token/aws/aws-paths.ts";
import {
  configProfiles,
  readSharedFiles,
  type SharedFile,
  type SharedFiles,
  type SharedProfile,
} from "../../token/aws/sources/shared-files.ts";
import { vouchProcessLine } from "../../token/aws/vouch-process.ts";
import { vouchOf, vouchProfiles } from "../../token/aws/vouch-profile.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { readTextFile } from "../../token/files/plain-file.ts";
import type { App } from "../app.ts";
import { editAwsConfig } from "./aws-config-edit.ts";
import { PROFILE_NAME } from "./center/profile-names.ts";
import type { FileChange } from "./setup-journal.ts";

/** The two files of AWS, as they are. */
export interface AwsFiles {
  readonly config: SharedFile;
  readonly credentials: SharedFile;
}

/** Reads them anew, for a plan under their locks. */
export function readAwsFilesNow({ env, homeDir }: Pick<App, "env" | "homeDir">): AwsFiles {
  const [config, credentials] = [awsConfigPath(env, homeDir), awsCredentialsPath(env, homeDir)];
  return {
    config: { path: config, text: readTextFile(config) },
    credentials: { path: credentials, text: readTextFile(credentials) },
  };
}

/** What `setup aws` was asked for. */
export interface AwsProfileWish {
  /** Absent: our profile with this role, else a new one. */
  readonly profile?: string | undefined;
  readonly role: string;
  readonly via: readonly string[];
  readonly server: string;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** The launcher: a name on the PATH, or its absolute path. */
  readonly command: string;
}

/** What becomes of the profile. */
export interface AwsSetup {
  readonly profile: string;
  readonly status: "added" | "updated" | "unchanged";
  /** Whose profile it was: upstream's, when it got its credentials from there. */
  readonly was: "kubectl-vouch" | "vouch" | undefined;
  /** Empty if the file already has it all. */
  readonly changes: readonly FileChange[];
}

/**
 * Settings from which the SDKs take credentials before they run a process. Source: botocore, credentials.py,
 * `create_credential_resolver`.
 */
const STRONGER_SETTINGS = [
  "role_arn",
  "sso_session",
  "sso_start_url",
  "web_identity_token_file",
  "login_session",
  "aws_access_key_id",
];

/**
 * Puts a profile whose `credential_process` is us into the AWS config. Other settings of the profile stay.
 * Throws `usage` for a name no SDK reads, `aws-config-invalid` when a file cannot be read or the profile has other
 * credentials, `config-invalid` when our own path cannot be written into the file.
 */
export function setUpAwsProfile(files: AwsFiles, wish: AwsProfileWish): AwsSetup {
  const { path, text } = files.config;
  const profiles = configProfiles(files.config);
  const withKeys = namesWithKeys(files);
  const name = wish.profile ?? freeName(profiles, withKeys, wish.role);
  const existing = profiles.get(name);
  requireUsable(name, existing, { files, withKeys });

  const process = vouchProcessLine(wish);
  if (process === undefined) {
    throw new VouchError(
      "config-invalid",
      `The path ${JSON.stringify(wish.command)} cannot be written to ${path} in a form that every AWS SDK reads the same way.`,
      {
        hint: "Move the program to a folder without special characters in its name, or put it on the PATH.",
      },
    );
  }
  const content = {
    credential_process: process,
    ...(wish.region === undefined ? {} : { region: wish.region }),
    ...(existing?.settings.has("output") !== true ? { output: "json" } : {}),
  };
  const entry = { section: "profile", name };
  const after = editAwsConfig(text ?? "", path, [{ ...entry, content }]);
  const isSame = after === text;
  return {
    profile: name,
    status: isSame ? "unchanged" : existing === undefined ? "added" : "updated",
    was: vouchOf(existing)?.by,
    changes: isSame ? [] : [{ kind: "aws-config", path, before: text, after, entries: [entry] }],
  };
}

/**
 * Our profile with this role; else `vouch`, `vouch-2`, … as upstream counts.
 * Source: vouch-sh/vouch, crates/vouch-cli/src/commands/setup/aws.rs.
 */
function freeName(profiles: SharedFiles["profiles"], withKeys: readonly string[], role: string): string {
  const same = vouchProfiles(profiles).find(
    ({ vouch }) => vouch.by === "kubectl-vouch" && vouch.role === role,
  );
  if (same !== undefined) return same.name;
  const taken = new Set([...profiles.keys(), ...withKeys]);
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? "vouch" : `vouch-${count}`;
    if (!taken.has(name)) return name;
  }
}

/** Settings that make a section of the credentials file a source of credentials. */
const CREDENTIAL_KEYS = ["aws_access_key_id", "credential_process", "role_arn"];

/** The profiles with credentials in the credentials file. */
function namesWithKeys({ config, credentials }: AwsFiles): string[] {
  const { profiles } = readSharedFiles({ ...config, text: undefined }, credentials);
  return [...profiles.values()]
    .filter(({ settings }) => CREDENTIAL_KEYS.some((key) => settings.has(key)))
    .map(({ name }) => name);
}

function requireUsable(
  name: string,
  existing: SharedProfile | undefined,
  { files, withKeys }: { readonly files: AwsFiles; readonly withKeys: readonly string[] },
): void {
  const other = { hint: "Choose a different name, for example `--profile vouch`." };
  if (!PROFILE_NAME.test(name)) {
    throw new VouchError(
      "usage",
      `${JSON.stringify(name)} is not a profile name that every AWS SDK can read.`,
      {
        hint: "Use letters, digits and the characters _ - . @ + % : /",
      },
    );
  }
  if (withKeys.includes(name)) {
    throw new VouchError(
      "aws-config-invalid",
      `Profile ${name} has credentials in ${files.credentials.path}, which would override those from Vouch.`,
      other,
    );
  }
  const stronger = STRONGER_SETTINGS.find((key) => existing?.settings.has(key));
  const foreign = existing?.settings.has("credential_process") && vouchOf(existing) === undefined;
  const key = stronger ?? (foreign ? "credential_process" : undefined);
  if (key !== undefined) {
    throw new VouchError(
      "aws-config-invalid",
      `Profile ${name} in ${files.config.path} already gets its credentials from a different source (${key}).`,
      other,
    );
  }
}
