import { type JsonValue, readAwsAuthYaml } from "./aws-auth-yaml.ts";
import { AwsAuthYamlError } from "./scalar-value.ts";

export interface AwsAuthSection {
  /** Set if the whole section is dropped: its YAML does not parse, or is no list. */
  readonly syntaxError: string | undefined;
  /** The text after the list, which is silently lost: after a dedent, or after `---`. Empty: nothing. */
  readonly unread: string;
  /** Entries in force, in order; if several have the same ARN, the last counts. */
  readonly entries: readonly AwsAuthEntry[];
  /** Entries, or parts of them, that are silently lost, and why. */
  readonly problems: readonly AwsAuthProblem[];
}

export interface AwsAuthEntry {
  /** Its index in the section's list, from 0. */
  readonly index: number;
  readonly arn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

export interface AwsAuthProblem {
  readonly index: number;
  /** The entry's ARN; if it has none in force, the one under a wrong key. */
  readonly arn: string | undefined;
  /**
   * `no-arn`: the whole entry is dropped. `unknown-key`: this key has no effect. `wrong-type`: its value counts as empty.
   * `key-case`: read today, but old platform versions were reported to refuse it. `no-username`: the caller gets an empty name.
   * `sso`: the entry has a matcher of permission sets besides its ARN, and is dropped.
   */
  readonly kind: "no-arn" | "unknown-key" | "wrong-type" | "key-case" | "no-username" | "sso";
  /** The key, as written. */
  readonly key: string;
  /** The texts that it has as its value. */
  readonly values: readonly string[];
  readonly problem: string;
}

type ArnKey = "rolearn" | "userarn";
type Field = "arn" | "username" | "groups" | "sso";

/** Texts that count as an empty section. Source: doctor/EKS-ACCESS.md, "aws-auth". */
const BLANK: readonly string[] = ["", '""', "''", "``"];

const EMPTY: AwsAuthSection = { syntaxError: undefined, unread: "", entries: [], problems: [] };

/**
 * Reads `mapRoles` or `mapUsers`; undefined if two parsers may read it differently. Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export function readSection(text: unknown, arnKey: ArnKey): AwsAuthSection | undefined {
  if (text === undefined) return EMPTY;
  if (typeof text !== "string") {
    return {
      ...EMPTY,
      syntaxError: `it is a ${nameOfType(text)}, not a string (is the "|" after the key missing?)`,
    };
  }
  if (BLANK.includes(text.trim())) return EMPTY;
  const document = readYaml(text);
  if (document === undefined) return undefined;
  if (document instanceof AwsAuthYamlError) return { ...EMPTY, syntaxError: sayError(document) };
  const { list, rest } = document;
  if (list === null) return { ...EMPTY, unread: withoutNotes(rest) };
  if (!Array.isArray(list))
    return { ...EMPTY, syntaxError: `it is a ${nameOfType(list)}, not a list of entries` };
  const items = list.map((item: JsonValue, index) => readItem(item, index, arnKey));
  return {
    syntaxError: undefined,
    unread: withoutNotes(rest),
    entries: items.flatMap(({ entry }) => (entry === undefined ? [] : [entry])),
    problems: items.flatMap(({ problems }) => problems),
  };
}

/** Reads `mapAccounts`. An account id keeps its text, so a number with leading zeros stays as written. */
export function readAccounts(text: unknown): readonly string[] | undefined {
  if (typeof text !== "string" || BLANK.includes(text.trim())) return [];
  try {
    return readAwsAuthYaml(text)?.texts();
  } catch (error) {
    if (error instanceof AwsAuthYamlError) return [];
    throw error;
  }
}

/** ARNs and keys are compared in any case, by Go's case folding: a long s is an s. */
export function foldCase(text: string): string {
  return text.replaceAll("ſ", "s").toLowerCase();
}

function readYaml(
  text: string,
): { readonly list: JsonValue; readonly rest: string } | AwsAuthYamlError | undefined {
  try {
    const document = readAwsAuthYaml(text);
    return document && { list: document.value(), rest: document.rest };
  } catch (error) {
    if (error instanceof AwsAuthYamlError) return error;
    throw error;
  }
}

function sayError({ message }: AwsAuthYamlError): string {
  return message.includes("map key") ? `${message} (is a {{template}} not in quotes?)` : message;
}

/** Without document markers, comments and empty lines. */
function withoutNotes(text: string): string {
  return text.replaceAll(/^(?:---|\.\.\.)(?=\s|$)|#.*/gm, "").trim();
}

interface Item {
  readonly entry: AwsAuthEntry | undefined;
  readonly problems: readonly AwsAuthProblem[];
}

type Fault = Omit<AwsAuthProblem, "index" | "arn">;

interface Fields {
  arn: string;
  username: string;
  groups: readonly string[];
  hasSso: boolean;
}

/** Go decodes keys in their order into the same fields: a value of the wrong type leaves what an earlier key set. */
function readItem(item: JsonValue, index: number, arnKey: ArnKey): Item {
  const fields: Fields = { arn: "", username: "", groups: [], hasSso: false };
  const faults: Fault[] = [];
  const pairs = item instanceof Map ? [...(item as ReadonlyMap<string, JsonValue>)].sort(byKey) : [];
  for (const [key, value] of pairs) {
    const field = fieldOf(key, arnKey);
    if (field === "groups") fields.groups = texts(value, fields.groups);
    else if (field === "sso") fields.hasSso = value !== null;
    else if (field !== undefined && typeof value === "string") fields[field] = value;
    faults.push(...keyFaults(key, value, field));
  }
  faults.push(...lossFaults(fields, arnKey));
  const written = pairs.map(([, value]) => value).find(isArn);
  const { hasSso, ...entry } = fields;
  const arn = entry.arn === "" ? written : entry.arn;
  return {
    entry: entry.arn === "" || hasSso ? undefined : { index, ...entry },
    problems: faults.map((fault) => ({ index, arn, ...fault })),
  };
}

function isArn(value: JsonValue): value is string {
  return typeof value === "string" && value.startsWith("arn:");
}

function keyFaults(key: string, value: JsonValue, field: Field | undefined): Fault[] {
  const values = [value].flat().flatMap((one) => (typeof one === "object" ? [] : [String(one)]));
  if (field === undefined) {
    return [{ kind: "unknown-key", key, values, problem: `"${key}" is not a valid key here` }];
  }
  if (field === "sso") return [];
  const wrongType = typeFault(field, value);
  const plain = foldCase(key);
  return [
    ...(wrongType === undefined
      ? []
      : [{ kind: "wrong-type", key, values, problem: `"${key}" is ${wrongType}` } as const]),
    ...(key === plain
      ? []
      : [{ kind: "key-case", key, values, problem: `"${key}" must be written "${plain}"` } as const]),
  ];
}

function lossFaults({ arn, username, hasSso }: Fields, key: ArnKey): Fault[] {
  if (arn === "") return [{ kind: "no-arn", key, values: [], problem: `the mapping does not have "${key}"` }];
  if (hasSso) return [{ kind: "sso", key: "sso", values: [], problem: `"sso" and "${key}" are both set` }];
  return username === ""
    ? [
        {
          kind: "no-username",
          key: "username",
          values: [],
          problem: "the mapping does not have an effective username",
        },
      ]
    : [];
}

function byKey([a]: readonly [string, JsonValue], [b]: readonly [string, JsonValue]): number {
  return a < b ? -1 : 1;
}

function fieldOf(key: string, arnKey: ArnKey): Field | undefined {
  const plain = foldCase(key);
  if (plain === arnKey) return "arn";
  if (plain === "sso") return arnKey === "rolearn" ? "sso" : undefined;
  return plain === "username" || plain === "groups" ? plain : undefined;
}

function texts(value: JsonValue, before: readonly string[]): readonly string[] {
  if (value === null) return [];
  if (!Array.isArray(value)) return before;
  return value.map((item: JsonValue, at) => (typeof item === "string" ? item : (before[at] ?? "")));
}

function typeFault(field: Exclude<Field, "sso">, value: JsonValue): string | undefined {
  if (value === null) return undefined;
  if (field !== "groups") {
    return typeof value === "string" ? undefined : `a ${nameOfType(value)}, not a string`;
  }
  if (!Array.isArray(value)) return `a ${nameOfType(value)}, not a list`;
  const odd = value.find((group: JsonValue) => typeof group !== "string" && group !== null);
  return odd === undefined ? undefined : `a list with a ${nameOfType(odd)} in it`;
}

function nameOfType(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "map";
  return typeof value;
}
