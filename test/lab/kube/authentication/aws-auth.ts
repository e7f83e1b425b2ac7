import { GoYamlError } from "./go-yaml/cursor.ts";
import { goYamlToJson, goYamlToTexts, type JsonValue } from "./go-yaml/values.ts";
import { PARTITIONS } from "./partitions.ts";

/** One entry of `mapRoles` or `mapUsers`. */
export interface ArnMapping {
  readonly arn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

export interface AwsAuth {
  readonly roles: readonly ArnMapping[];
  readonly users: readonly ArnMapping[];
  readonly accounts: readonly string[];
  /** What the authenticator logs; the rest lives on. */
  readonly errors: readonly string[];
}

/** Go struct of one section, for its error messages. */
interface Section {
  readonly struct: "RoleMapping" | "UserMapping";
  readonly arnKey: "rolearn" | "userarn";
  readonly missing: string;
  readonly others: readonly "sso"[];
}

const ROLES: Section = {
  struct: "RoleMapping",
  arnKey: "rolearn",
  missing: "one of rolearn or SSO must be supplied",
  others: ["sso"],
};
const USERS: Section = {
  struct: "UserMapping",
  arnKey: "userarn",
  missing: "value for userarn must be supplied",
  others: [],
};

/** The matcher of permission sets, with which an entry names no ARN. */
interface SsoMatcher {
  readonly permissionSetName: string;
  readonly accountID: string;
  readonly partition: string;
}

/** An entry as Go's JSON fills it. */
interface RawMapping extends ArnMapping {
  readonly sso: SsoMatcher | undefined;
}

const EMPTY: RawMapping = { arn: "", username: "", groups: [], sso: undefined };
const EMPTY_SSO: SsoMatcher = { permissionSetName: "", accountID: "", partition: "" };

/**
 * Reads ConfigMap kube-system/aws-auth as the authenticator does: a section with a syntax error is gone, a value of
 * the wrong type changes nothing, an entry without ARN, or with an ARN and `sso`, is dropped; inner keys are matched in any
 * case and top-level keys are not. Entries of `sso` alone are left out: EKS matches nobody with them.
 *
 * Source: aws-iam-authenticator, pkg/mapper/configmap/configmap.go, `ParseMap`; pkg/config/mapper.go, `Validate`.
 */
export function parseAwsAuth(data: Readonly<Record<string, string>>): AwsAuth {
  const errors: string[] = [];
  const users = parseMappings(data["mapUsers"] ?? "", USERS, errors);
  const roles = parseMappings(data["mapRoles"] ?? "", ROLES, errors);
  const accounts = parseAccounts(data["mapAccounts"] ?? "", errors);
  return { roles, users, accounts, errors };
}

function parseMappings(text: string, section: Section, errors: string[]): ArnMapping[] {
  if (isSkippable(text)) return [];
  const list = parseSection(text, errors);
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) {
    errors.push(`json: cannot unmarshal ${jsonType(list)} into Go value of type []config.${section.struct}`);
    return [];
  }
  const typeErrors: string[] = [];
  const mappings = list.map((item: JsonValue) => readMapping(item, section, typeErrors));
  errors.push(...typeErrors.slice(0, 1));
  return mappings.flatMap(({ sso, ...mapping }) => {
    const problem = problemOf(mapping, sso, section);
    if (problem !== undefined) errors.push(problem);
    return problem === undefined && sso === undefined ? [mapping] : [];
  });
}

/** Text that starts like JSON is read as JSON; it is an object then, and no list. */
function parseSection(text: string, errors: string[]): JsonValue | undefined {
  if (/^\s*\{/.test(text)) return new Map();
  try {
    return goYamlToJson(text).value;
  } catch (error) {
    if (!(error instanceof GoYamlError)) throw error;
    errors.push(error.message);
    return undefined;
  }
}

/** Go decodes the keys in order, into what the ones before have left. */
function readMapping(item: JsonValue, section: Section, errors: string[]): RawMapping {
  if (item === null) return EMPTY;
  if (!(item instanceof Map)) {
    errors.push(`json: cannot unmarshal ${jsonType(item)} into Go value of type config.${section.struct}`);
    return EMPTY;
  }
  let mapping = EMPTY;
  for (const [key, value] of sorted(item)) {
    const field = fieldOf(key, [section.arnKey, "username", "groups", "userid", ...section.others]);
    const name = `${section.struct}.${field}`;
    if (field === section.arnKey) mapping = { ...mapping, arn: readString(value, mapping.arn, name, errors) };
    if (field === "username") {
      mapping = { ...mapping, username: readString(value, mapping.username, name, errors) };
    }
    if (field === "groups")
      mapping = { ...mapping, groups: readStrings(value, mapping.groups, name, errors) };
    if (field === "userid") readString(value, "", name, errors);
    if (field === "sso") mapping = { ...mapping, sso: readSso(value, mapping.sso, errors) };
  }
  return mapping;
}

/** Anything but null makes a matcher. */
function readSso(value: JsonValue, before: SsoMatcher | undefined, errors: string[]): SsoMatcher | undefined {
  if (value === null) return undefined;
  let sso = before ?? EMPTY_SSO;
  if (!(value instanceof Map)) {
    errors.push(wrongType(value, "RoleMapping.sso", "config.SSOARNMatcher"));
    return sso;
  }
  for (const [key, inner] of sorted(value)) {
    const field = fieldOf(key, ["permissionSetName", "accountID", "partition"] as const);
    if (field === undefined) continue;
    sso = { ...sso, [field]: readString(inner, sso[field], `SSOARNMatcher.sso.${field}`, errors) };
  }
  return sso;
}

function sorted(map: ReadonlyMap<string, JsonValue>): [string, JsonValue][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function fieldOf<F extends string>(key: string, fields: readonly F[]): F | undefined {
  return fields.find((field) => isSameFolded(key, field));
}

/** Whether a text is this one to Go, which folds a long s to an s, in names of fields and in ARNs alike. */
export function isSameFolded(text: string, ascii: string): boolean {
  return text.replaceAll("ſ", "s").toLowerCase() === ascii.toLowerCase();
}

function problemOf(
  { arn }: ArnMapping,
  sso: SsoMatcher | undefined,
  { missing }: Section,
): string | undefined {
  if (sso === undefined) return arn === "" ? missing : undefined;
  if (arn !== "") return "only one of rolearn or SSO can be supplied";
  const { accountID, permissionSetName, partition } = sso;
  if (!/^[0-9]{12}$/.test(accountID)) return `AccountID '${accountID}' is not a valid AWS Account ID`;
  if (!/^[\w+=,.@-]{1,32}$/.test(permissionSetName)) {
    return `PermissionSetName '${permissionSetName}' is not a valid AWS SSO PermissionSet Name`;
  }
  if (partition === "" || PARTITIONS[partition] !== undefined) return undefined;
  return `partition '${partition}' is not a valid AWS partition`;
}

function readString(value: JsonValue, before: string, field: string, errors: string[]): string {
  if (typeof value === "string") return value;
  if (value !== null) errors.push(wrongType(value, field, "string"));
  return before;
}

function readStrings(
  value: JsonValue,
  before: readonly string[],
  field: string,
  errors: string[],
): readonly string[] {
  if (value === null) return [];
  if (Array.isArray(value)) {
    return value.map((item: JsonValue, at) => readString(item, before[at] ?? "", field, errors));
  }
  errors.push(wrongType(value, field, "[]string"));
  return before;
}

/** Account ids keep their text: an unquoted number is the same as a quoted one, leading zeros included. */
function parseAccounts(text: string, errors: string[]): readonly string[] {
  if (isSkippable(text)) return [];
  const { texts, error } = goYamlToTexts(text);
  if (error !== undefined) errors.push(error);
  return texts;
}

function isSkippable(text: string): boolean {
  return ["", '""', "''", "``"].includes(text.trim());
}

function wrongType(value: JsonValue, field: string, type: string): string {
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${type}`;
}

function jsonType(value: JsonValue): string {
  if (typeof value === "boolean") return "bool";
  if (value instanceof Map) return "object";
  return Array.isArray(value) ? "array" : typeof value;
}
