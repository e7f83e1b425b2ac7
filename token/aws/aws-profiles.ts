import { type IniSection, parseIni } from "./ini-file.ts";
import { commandWords } from "./sources/command-words.ts";
import { readVouchProcess, type VouchProcess } from "./vouch-process.ts";

/** One profile of `~/.aws/config`. */
export interface AwsProfile {
  readonly name: string;
  /** Line of its header. */
  readonly line: number;
  readonly region: string | undefined;
  /** `role_arn`: a role to assume with other credentials. */
  readonly roleArn: string | undefined;
  readonly credentialProcess: string | undefined;
  /** Set when its credentials come from Vouch: from us, or from upstream's `vouch`. */
  readonly vouch: VouchProcess | undefined;
  /** All settings by name, for readers that need others. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * The profiles of an AWS config file; undefined text means there is no file. Throws `aws-config-invalid` with the line if it
 * cannot be read: text that we do not understand is never ignored.
 */
export function readAwsProfiles(text: string | undefined, file: string): AwsProfile[] {
  const byName = new Map<string, AwsProfile>();
  for (const section of parseIni(text ?? "", file).sections) {
    const name = profileOf(section.header);
    if (name === undefined) continue;
    const earlier = byName.get(name);
    byName.set(name, profile(name, section, earlier));
  }
  return [...byName.values()];
}

/** The name of the profile that a section of the config file describes; undefined for other kinds of section. */
export function profileOf(header: string): string | undefined {
  return header === "default" ? "default" : namedSection(header, "profile");
}

/**
 * The name in a header such as `sso-session corp` or `profile "my dev"`; undefined for other kinds of section.
 *
 * Source: botocore, configloader.py, `build_profile_map`.
 */
export function namedSection(
  header: string,
  kind: "profile" | "sso-session" | "services",
): string | undefined {
  if (!header.startsWith(kind)) return undefined;
  const [, name, ...more] = commandWords(header, false) ?? [];
  return more.length === 0 ? name : undefined;
}

/** Settings that make a section of the credentials file a source of credentials. */
const CREDENTIAL_KEYS = ["aws_access_key_id", "credential_process", "role_arn"];

/** Names of the profiles with credentials in a credentials file, whose section headers are the plain names. */
export function readCredentialsProfiles(text: string | undefined, file: string): string[] {
  const { sections } = parseIni(text ?? "", file);
  const withCredentials = sections.filter(({ settings }) =>
    settings.some(({ key }) => CREDENTIAL_KEYS.includes(key)),
  );
  return [...new Set(withCredentials.map(({ header }) => header))];
}

function profile(name: string, section: IniSection, earlier: AwsProfile | undefined): AwsProfile {
  const own = Object.fromEntries(section.settings.map(({ key, value }) => [key, value]));
  const settings = { ...earlier?.settings, ...own };
  const credentialProcess = settings["credential_process"];
  return {
    name,
    line: section.line,
    region: settings["region"] || undefined,
    roleArn: settings["role_arn"] || undefined,
    credentialProcess,
    vouch: credentialProcess === undefined ? undefined : readVouchProcess(credentialProcess),
    settings,
  };
}
