import { namedSection, profileOf } from "../aws-profiles.ts";
import { type IniSection, type IniSetting, parseIni } from "../ini-file.ts";
import { sectionsForCli } from "./cli-form.ts";

/** One of AWS's two files. */
export interface SharedFile {
  /** Absolute. */
  readonly path: string;
  /** Undefined: there is no such file. */
  readonly text: string | undefined;
}

/** A setting, and where it is written. */
export interface SharedSetting extends Pick<IniSetting, "value" | "nested" | "line"> {
  readonly file: string;
}

/** By key, in lower case. */
type SharedSettings = ReadonlyMap<string, SharedSetting>;

/** A section, or several with the same name; for each key the last one wins. */
export interface SharedSection {
  readonly name: string;
  readonly file: string;
  /** Line of its first header. */
  readonly line: number;
  readonly settings: SharedSettings;
}

/** A profile from both files. Its location is that in the config file, if it is there. */
export interface SharedProfile extends SharedSection {
  /** The settings of the config file alone. */
  readonly config: SharedSettings;
  /** The settings of the credentials file alone; in `settings` they win, key by key. */
  readonly credentials: SharedSettings;
}

export interface SharedFiles {
  readonly configPath: string;
  readonly credentialsPath: string;
  readonly profiles: ReadonlyMap<string, SharedProfile>;
  readonly ssoSessions: ReadonlyMap<string, SharedSection>;
  readonly services: ReadonlyMap<string, SharedSection>;
}

/** Whose way of reading is used when tools differ: ours, or the AWS CLI's. */
export type FileReader = "ours" | "aws-cli";

const NOTHING: SharedSettings = new Map();

/**
 * Reads `~/.aws/config` and `~/.aws/credentials` together. Throws `aws-config-invalid` with the line for text that is not valid
 * in such a file.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Shared files".
 */
export function readSharedFiles(
  config: SharedFile,
  credentials: SharedFile,
  reader: FileReader = "ours",
): SharedFiles {
  const inConfig = sectionsOf(config, reader);
  const defaults = inConfig.map(({ header }) => header).filter((header) => profileOf(header) === "default");
  const chosen = reader === "aws-cli" ? defaults.at(-1) : undefined;
  const isPassedOver = (header: string) =>
    chosen === undefined
      ? header === "default" && defaults.some((other) => other !== "default")
      : profileOf(header) === "default" && header !== chosen;
  const profilesOfConfig = grouped(config, inConfig, (header) =>
    isPassedOver(header) ? undefined : profileOf(header),
  );
  const profilesOfCredentials = grouped(credentials, sectionsOf(credentials, reader), (header) => header);
  const names = new Set([...profilesOfConfig.keys(), ...profilesOfCredentials.keys()]);
  return {
    configPath: config.path,
    credentialsPath: credentials.path,
    profiles: new Map(
      [...names].flatMap((name) => {
        const profile = merged(profilesOfConfig.get(name), profilesOfCredentials.get(name));
        return profile === undefined ? [] : [[name, profile]];
      }),
    ),
    ssoSessions: grouped(config, inConfig, (header) => namedSection(header, "sso-session")),
    services: grouped(config, inConfig, (header) => namedSection(header, "services")),
  };
}

/** A profile that is in neither file. */
export function absentProfile(name: string, { configPath }: SharedFiles): SharedProfile {
  return { name, file: configPath, line: 1, settings: NOTHING, config: NOTHING, credentials: NOTHING };
}

function sectionsOf({ text = "", path }: SharedFile, reader: FileReader): readonly IniSection[] {
  return reader === "aws-cli" ? sectionsForCli(text, path) : parseIni(text, path).sections;
}

function grouped(
  { path: file }: SharedFile,
  sections: readonly IniSection[],
  nameOf: (header: string) => string | undefined,
): Map<string, SharedSection> {
  const byName = new Map<string, SharedSection>();
  for (const { header, line, settings } of sections) {
    const name = nameOf(header);
    if (name === undefined) continue;
    const earlier = byName.get(name) ?? { name, file, line, settings: NOTHING };
    const own = settings.map((setting): [string, SharedSetting] => [
      setting.key,
      { value: setting.value, nested: setting.nested, line: setting.line, file },
    ]);
    byName.set(name, { ...earlier, settings: new Map([...earlier.settings, ...own]) });
  }
  return byName;
}

function merged(
  inConfig: SharedSection | undefined,
  inCredentials: SharedSection | undefined,
): SharedProfile | undefined {
  const first = inConfig ?? inCredentials;
  if (first === undefined) return undefined;
  const config = inConfig?.settings ?? NOTHING;
  const credentials = inCredentials?.settings ?? NOTHING;
  return { ...first, settings: new Map([...config, ...credentials]), config, credentials };
}
