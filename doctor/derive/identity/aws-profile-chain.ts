import { type AwsProfile, readAwsProfiles } from "../../../token/aws/aws-profiles.ts";
import { type IniFile, parseIni } from "../../../token/aws/ini-file.ts";
import { type DoctorEvidence, knownValue, type Part, type TextFile } from "../../evidence/evidence.ts";
import { principalOfArn } from "./principal.ts";

/** The profiles of both AWS files, as far as these can be read. */
export interface AwsProfiles {
  /** False: a file is unknown or broken, so a profile that is not here may still exist. */
  readonly isComplete: boolean;
  readonly byName: ReadonlyMap<string, MergedProfile>;
  /** Sections of the config file that miss the word `profile`: they are no profiles there. */
  readonly bareSections: readonly string[];
}

/** One profile, out of `~/.aws/config` and `~/.aws/credentials`. */
export interface MergedProfile {
  readonly name: string;
  /** Of both files; the credentials file wins. */
  readonly settings: Readonly<Record<string, string>>;
  /** The file that holds its keys, if it has keys. */
  readonly keysIn: "credentials" | "config" | undefined;
  /** Set when its credentials come from Vouch. */
  readonly vouch: AwsProfile["vouch"];
}

/** Reads both files as AWS's tools merge them. A section of the credentials file is named without the word `profile`. */
export function awsProfiles(evidence: Pick<DoctorEvidence, "awsConfig" | "awsCredentials">): AwsProfiles {
  const config = readPart(evidence.awsConfig, ({ text, path }) => ({
    profiles: readAwsProfiles(text, path),
    ini: parseIni(text, path),
  }));
  const credentials = readPart(evidence.awsCredentials, ({ text, path }) => parseIni(text, path));
  const byName = new Map<string, MergedProfile>();
  for (const { name, settings, vouch } of config?.profiles ?? []) {
    byName.set(name, { name, settings, vouch, keysIn: hasKeys(settings) ? "config" : undefined });
  }
  for (const { header, settings } of credentials?.sections ?? []) {
    const before = byName.get(header);
    const own = Object.fromEntries(settings.map(({ key, value }) => [key, value]));
    byName.set(header, {
      name: header,
      settings: { ...before?.settings, ...own },
      vouch: before?.vouch,
      keysIn: hasKeys(own) ? "credentials" : before?.keysIn,
    });
  }
  return {
    isComplete: config !== undefined && credentials !== undefined,
    byName,
    bareSections: bareSections(config?.ini),
  };
}

/** True: both files are known, and neither has the profile. */
export function isMissingProfile(
  evidence: Pick<DoctorEvidence, "awsConfig" | "awsCredentials">,
  name: string,
): boolean {
  const { isComplete, byName } = awsProfiles(evidence);
  return isComplete && name !== "default" && !byName.has(name);
}

/** From the named profile along `source_profile` to the one that has credentials of its own. Ends at a loop. */
export function profileChain({ byName }: AwsProfiles, name: string): readonly MergedProfile[] {
  const chain: MergedProfile[] = [];
  let next = byName.get(name);
  while (next !== undefined && !chain.includes(next)) {
    chain.push(next);
    const source = next.settings["role_arn"] === undefined ? undefined : next.settings["source_profile"];
    next = source === undefined ? undefined : byName.get(source);
  }
  return chain;
}

/** Account and role that a profile leads to, where its settings say so. */
export function profileIdentity({
  settings,
  vouch,
}: MergedProfile): { readonly account: string; readonly role: string } | undefined {
  const role = principalOfArn(vouch?.role ?? settings["role_arn"] ?? "");
  if (role?.kind === "role") return { account: role.account, role: role.name };
  const { sso_account_id: account, sso_role_name: permissionSet } = settings;
  return account === undefined || permissionSet === undefined
    ? undefined
    : { account, role: `AWSReservedSSO_${permissionSet}_` };
}

function hasKeys(settings: Readonly<Record<string, string>>): boolean {
  return settings["aws_access_key_id"] !== undefined;
}

function bareSections(ini: IniFile | undefined): string[] {
  return (ini?.sections ?? [])
    .map(({ header }) => header)
    .filter(
      (header) => header !== "default" && !/\s/.test(header) && header !== "plugins" && header !== "preview",
    );
}

/** Undefined when the part is unknown, or its text is none that AWS's tools can read. */
function readPart<T>(part: Part<TextFile> | undefined, read: (file: TextFile) => T): T | undefined {
  const file = knownValue(part);
  if (file === undefined) return undefined;
  try {
    return read(file);
  } catch {
    return undefined;
  }
}
