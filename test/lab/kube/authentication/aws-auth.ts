import { isScalar, isSeq, parseDocument } from "yaml";

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

/** Go struct behind one section, for its error texts. */
interface Section {
  readonly struct: "RoleMapping" | "UserMapping";
  readonly arnKey: "rolearn" | "userarn";
  readonly missing: string;
}

const ROLES: Section = {
  struct: "RoleMapping",
  arnKey: "rolearn",
  missing: "one of rolearn or SSO must be supplied",
};
const USERS: Section = {
  struct: "UserMapping",
  arnKey: "userarn",
  missing: "value for userarn must be supplied",
};

/**
 * Reads ConfigMap kube-system/aws-auth as the authenticator does: a section with a syntax error is gone, a value of
 * the wrong type is empty, an entry without ARN is dropped, inner keys are matched in any case and top-level keys
 * are not. The `sso:` matcher is absent: EKS does not offer it.
 *
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export function parseAwsAuth(data: Readonly<Record<string, string>>): AwsAuth {
  const errors: string[] = [];
  const users = parseMappings(data["mapUsers"], USERS, errors);
  const roles = parseMappings(data["mapRoles"], ROLES, errors);
  const accounts = parseAccounts(data["mapAccounts"], errors);
  return { roles, users, accounts, errors };
}

function parseMappings(text: string | undefined, section: Section, errors: string[]): ArnMapping[] {
  const document = parseSection(text, errors);
  if (document === undefined) return [];
  const list: unknown = document.toJS();
  if (list === null) return [];
  if (!Array.isArray(list)) {
    errors.push(`json: cannot unmarshal ${jsonType(list)} into Go value of type []config.${section.struct}`);
    return [];
  }
  return list.flatMap((item: unknown) => {
    const mapping = readMapping(item, section, errors);
    if (mapping.arn !== "") return [mapping];
    errors.push(section.missing);
    return [];
  });
}

function readMapping(item: unknown, section: Section, errors: string[]): ArnMapping {
  const mapping = { arn: "", username: "", groups: [] as string[] };
  if (item === null) return mapping;
  if (typeof item !== "object" || Array.isArray(item)) {
    errors.push(`json: cannot unmarshal ${jsonType(item)} into Go value of type config.${section.struct}`);
    return mapping;
  }
  for (const [key, value] of Object.entries(item).sort()) {
    const field = key.toLowerCase();
    if (field === section.arnKey) mapping.arn = readString(value, `${section.struct}.${field}`, errors);
    if (field === "username") mapping.username = readString(value, `${section.struct}.${field}`, errors);
    if (field === "groups") mapping.groups = readStrings(value, `${section.struct}.${field}`, errors);
  }
  return mapping;
}

function readString(value: unknown, field: string, errors: string[]): string {
  if (typeof value === "string") return value;
  if (value !== null) errors.push(wrongType(value, field, "string"));
  return "";
}

function readStrings(value: unknown, field: string, errors: string[]): string[] {
  if (Array.isArray(value)) return value.map((item) => readString(item, field, errors));
  if (value !== null) errors.push(wrongType(value, field, "[]string"));
  return [];
}

/** Account ids keep their text: an unquoted number is the same as a quoted one, leading zeros included. */
function parseAccounts(text: string | undefined, errors: string[]): string[] {
  const contents = parseSection(text, errors)?.contents ?? null;
  if (contents === null || (isScalar(contents) && contents.value === null)) return [];
  if (!isSeq(contents)) {
    errors.push("yaml: unmarshal errors: cannot unmarshal into []string");
    return [];
  }
  return contents.items.flatMap((item) => (isScalar(item) ? [item.source ?? String(item.value)] : []));
}

/** `undefined` when the section is empty or cannot be read at all. */
function parseSection(text: string | undefined, errors: string[]) {
  if (text === undefined || ["", '""', "''", "``"].includes(text.trim())) return undefined;
  const document = parseDocument(text, { version: "1.1", uniqueKeys: false });
  const [first] = document.errors;
  if (first === undefined) return document;
  errors.push(`yaml: line ${first.linePos?.[0].line ?? 1}: ${first.code.toLowerCase().replaceAll("_", " ")}`);
  return undefined;
}

function wrongType(value: unknown, field: string, type: string): string {
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${type}`;
}

function jsonType(value: unknown): string {
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "array" : typeof value;
}
