import { VouchError } from "../../errors/errors.ts";
import { type IniSection, type IniSetting, parseIni } from "../ini-file.ts";
import { commandWords } from "./command-words.ts";

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
  /** Whether a note stands behind it, so that the AWS CLI and the SDKs read it differently. */
  readonly hasNote: boolean;
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
  /** Why AWS's tools read it differently; continues a sentence. Only in our own reading. */
  readonly ambiguity?: string | undefined;
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

/**
 * Whose way of reading is used: the AWS CLI's, that of its SDKs, or ours. Ours is that of the AWS CLI, but takes files that only
 * the AWS CLI refuses, and marks what makes the others take another identity.
 */
export type FileReader = "ours" | "aws-cli" | "sdk";

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
  const inCredentials = sectionsOf(credentials, reader);
  const named = (kind: "sso-session" | "services") =>
    grouped(config, inConfig, { reader, nameOf: (header) => namedSection(header, kind) });
  const profilesOfConfig = grouped(config, inConfig, { reader, nameOf: profileOf });
  const profilesOfCredentials = grouped(credentials, inCredentials, { reader, nameOf: (header) => header });
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
    ssoSessions: named("sso-session"),
    services: named("services"),
  };
}

/** The profiles of an AWS config alone, by name. Throws `aws-config-invalid` with the line. */
export function configProfiles(config: SharedFile): SharedFiles["profiles"] {
  return readSharedFiles(config, { ...config, text: undefined }).profiles;
}

/** A profile's settings without where they are written. */
export function valuesOf({ settings }: Pick<SharedSection, "settings">): Readonly<Record<string, string>> {
  return Object.fromEntries([...settings].map(([key, { value }]) => [key, value]));
}

/** A profile that is in neither file. */
export function absentProfile(name: string, { configPath }: SharedFiles): SharedProfile {
  return { name, file: configPath, line: 1, settings: NOTHING, config: NOTHING, credentials: NOTHING };
}

function sectionsOf({ text = "", path }: SharedFile, reader: FileReader): readonly IniSection[] {
  return reader === "aws-cli" ? sectionsForCli(text, path) : parseIni(text, path).sections;
}

interface Grouping {
  readonly reader: FileReader;
  readonly nameOf: (header: string) => string | undefined;
}

/** Sections by name. The same header twice counts as one section. */
function grouped(
  { path: file }: SharedFile,
  sections: readonly IniSection[],
  { reader, nameOf }: Grouping,
): Map<string, SharedSection> {
  const byName = new Map<string, IniSection[]>();
  for (const section of sections) {
    const name = nameOf(section.header);
    if (name !== undefined) byName.set(name, [...(byName.get(name) ?? []), section]);
  }
  const forAll = sections.find(({ header, settings }) => header === "DEFAULT" && settings.length > 0);
  return new Map(
    [...byName].map(([name, all]): [string, SharedSection] => {
      const counting = thatCount(all, reader);
      const settings = new Map(counting.flatMap((section) => settingsOf(section, file, reader)));
      const said = { name, file, line: counting[0]?.line ?? 1, settings };
      if (reader !== "ours") return [name, said];
      return [name, { ...said, ambiguity: ambiguousHeaders(all) ?? ambiguousDefaults(settings, forAll) }];
    }),
  );
}

/** The sections of one name that count: of several headers the AWS CLI takes the last, and so do we. */
function thatCount(sections: readonly IniSection[], reader: FileReader): readonly IniSection[] {
  const last = sections.at(-1)?.header;
  if (reader !== "sdk") return sections.filter(({ header }) => header === last);
  const others = sections.filter(({ header }) => header !== "default");
  return others.length > 0 ? others : sections;
}

/** Of two headers the SDKs take `[profile default]`, or the one without quotes, or both. */
function ambiguousHeaders(sections: readonly IniSection[]): string | undefined {
  const [first, second] = new Map(sections.map((section) => [section.header, section])).values();
  const last = sections.at(-1);
  if (first === undefined || second === undefined || last?.header === "profile default") return undefined;
  const [one, other] = [first, second].map(({ header, line }) => `[${header}] (line ${line})`);
  return `${one} and ${other} are the same profile, but AWS tools differ in which one they use; remove one of them`;
}

/** Settings that decide whose credentials are used. */
const DECISIVE = /^(?:aws_|role_|source_|credential_|external_|duration_|mfa_|sso_|login_|web_)/;

/** Python's configparser reads `[DEFAULT]` into every section. */
function ambiguousDefaults(settings: SharedSettings, defaults: IniSection | undefined): string | undefined {
  const more = defaults?.settings.find(({ key }) => DECISIVE.test(key) && !settings.has(key));
  if (more === undefined) return undefined;
  return `the AWS CLI adds ${more.key} from [DEFAULT] (line ${more.line}) to it, but the AWS SDKs do not; use [default] instead`;
}

function settingsOf({ settings }: IniSection, file: string, reader: FileReader): [string, SharedSetting][] {
  return settings.map(({ key, value, bare, nested, line }) => {
    const read = reader === "sdk" ? bare : value;
    return [key, { value: read, nested, line, file, hasNote: reader === "ours" && value !== bare }];
  });
}

function merged(
  inConfig: SharedSection | undefined,
  inCredentials: SharedSection | undefined,
): SharedProfile | undefined {
  const first = inConfig ?? inCredentials;
  if (first === undefined) return undefined;
  const config = inConfig?.settings ?? NOTHING;
  const credentials = inCredentials?.settings ?? NOTHING;
  const ambiguity = inConfig?.ambiguity ?? inCredentials?.ambiguity;
  return { ...first, ambiguity, settings: new Map([...config, ...credentials]), config, credentials };
}

/** The profile or the `sso-session` that a section of the config file describes; undefined for other kinds of section. */
export function entryOfHeader(
  header: string,
): { readonly section: "profile" | "sso-session"; readonly name: string } | undefined {
  const profile = profileOf(header);
  if (profile !== undefined) return { section: "profile", name: profile };
  const session = namedSection(header, "sso-session");
  return session === undefined ? undefined : { section: "sso-session", name: session };
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
function namedSection(header: string, kind: "profile" | "sso-session" | "services"): string | undefined {
  if (!header.startsWith(kind)) return undefined;
  const [, name, ...more] = commandWords(header, false) ?? [];
  return more.length === 0 ? name : undefined;
}

/**
 * The sections of a file. Throws `aws-config-invalid` with the line if the AWS CLI, unlike others, refuses the whole file: a byte
 * order mark, or a section or key that occurs twice.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Shared files".
 */
export function sectionsForCli(text: string, path: string): readonly IniSection[] {
  if (text.startsWith("\ufeff")) throw refused(path, 1, "it starts with a byte order mark");
  const { sections } = parseIni(text, path);
  const header = repeated(sections, (section) => section.header);
  if (header !== undefined) throw refused(path, header.line, `[${header.header}] appears twice`);
  for (const section of sections) {
    const setting = repeated(section.settings, ({ key }) => key);
    if (setting !== undefined)
      throw refused(path, setting.line, `${setting.key} appears twice in [${section.header}]`);
  }
  return sections;
}

function repeated<T>(items: readonly T[], nameOf: (item: T) => string): T | undefined {
  const seen = new Set<string>();
  return items.find((item) => seen.size === seen.add(nameOf(item)).size);
}

function refused(path: string, line: number, why: string): VouchError {
  return new VouchError("aws-config-invalid", `The AWS CLI cannot read ${path}: line ${line}: ${why}.`);
}
