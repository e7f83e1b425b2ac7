import { isRecord, ownValue } from "../../../token/record.ts";
import type { Schema } from "../../../token/schema.ts";
import { type EvidencePart, PART_NAMES, partEntry } from "../../evidence/parts.ts";
import { answerBefore, formOf, type Query, schemaAfter } from "./query.ts";

/** How the values of a field look, which are told apart by that alone: no line of text names its fields. */
const KINDS = {
  arn: /^arn:[\w-]{2,20}:\S+$/,
  time: /^(?:\d{4}-\d\d-\d\dT\S+|\d{9,11}(?:\.\d{1,9})?)$/,
  flag: /^(?:True|False)$/,
  url: /^https:\/\/\S+$/,
  uuid: /^[\da-f]{8}-[\da-f-]{27}$/,
  platform: /^eks(?:-local-outposts)?\.\d+$/,
  version: /^1\.\d\d$/,
  capitals: /^[A-Z\d_]+$/,
  account: /^\d{12}$/,
  group: /^sg-\w+$/,
  vpc: /^vpc-\w+$/,
  path: /^\/\S*$/,
  number: /^\d+$/,
  id: /^(?:A[A-Z\d]{2,127}|\d{12})(?::.+)?$/,
  name: /^[\w+=,.@-]+$/,
  word: /^\S+$/,
  words: /^.+$/,
} as const satisfies Readonly<Record<string, RegExp>>;
type Kind = keyof typeof KINDS;

/** Where the fields of a line belong, and which they may be, in the order of their names. Without fields it is an item of a list. */
interface Line {
  readonly path: string;
  readonly fields?: readonly (readonly [name: string, kind: Kind])[];
}

/**
 * The lines of an answer by the word that they begin with, which is the name of the field that they are. Source: aws/aws-cli,
 * awscli/text.py; AWS CLI Command Reference, "Output".
 */
const LINES: Readonly<Record<string, Line>> = {
  CLUSTER: line(
    "cluster",
    "arn:arn clientRequestToken:uuid createdAt:time deletionProtection:flag endpoint:url id:uuid name:name platformVersion:platform roleArn:arn status:capitals version:version",
  ),
  ACCESSCONFIG: line(
    "cluster.accessConfig",
    "authenticationMode:capitals bootstrapClusterCreatorAdminPermissions:flag",
  ),
  CERTIFICATEAUTHORITY: line("cluster.certificateAuthority", "data:word"),
  OIDC: line("cluster.identity.oidc", "issuer:url"),
  ISSUES: line("cluster.health.issues[]", "code:name message:words"),
  OUTPOSTCONFIG: line("cluster.outpostConfig", "controlPlaneInstanceType:word"),
  RESOURCESVPCCONFIG: line(
    "cluster.resourcesVpcConfig",
    "clusterSecurityGroupId:group endpointPrivateAccess:flag endpointPublicAccess:flag vpcId:vpc",
  ),
  PUBLICACCESSCIDRS: line("cluster.resourcesVpcConfig.publicAccessCidrs[]"),
  SECURITYGROUPIDS: line("cluster.resourcesVpcConfig.securityGroupIds[]"),
  CLUSTERS: line("clusters[]"),
  ACCESSENTRIES: line("accessEntries[]"),
  ACCESSENTRY: line(
    "accessEntry",
    "accessEntryArn:arn clusterName:name createdAt:time modifiedAt:time principalArn:arn type:capitals username:words",
  ),
  KUBERNETESGROUPS: line("accessEntry.kubernetesGroups[]"),
  ASSOCIATEDACCESSPOLICIES: line(
    "associatedAccessPolicies[]",
    "associatedAt:time modifiedAt:time policyArn:arn",
  ),
  ACCESSSCOPE: line("associatedAccessPolicies[].accessScope", "type:name"),
  NAMESPACES: line("associatedAccessPolicies[].accessScope.namespaces[]"),
  ROLE: line(
    "Role",
    "Arn:arn CreateDate:time Description:words MaxSessionDuration:number Path:path RoleId:id RoleName:name",
  ),
  USER: line("User", "Arn:arn CreateDate:time PasswordLastUsed:time Path:path UserId:id UserName:name"),
  NEXTTOKEN: line("", "nextToken:word"),
};

/** Lines without such a word: the fields of the answer itself. */
const CALLER = line("", "Account:account Arn:arn UserId:id");
const BARE: readonly Line[] = [CALLER, line("", "clusterName:name principalArn:arn")];

function line(path: string, fields?: string): Line {
  const pairs = fields?.split(" ").map((field) => field.split(":") as [string, Kind]);
  return pairs === undefined ? { path } : { path, fields: pairs };
}

/** Whether a line begins with the name of what it is of. */
export function isNamedLine(text: string): boolean {
  return /^[A-Z\d]{3,60}[ \t]+\S/.test(text);
}

/** The part whose answer begins with a line, by the name and the form of its fields. */
export function partOfLine(text: string): EvidencePart | undefined {
  const [word = "", ...values] = wordsOf(text);
  const { path, fields } = ownValue(LINES, word) ?? {};
  if (path === undefined) {
    const isCaller = values.length > 1 && placed(CALLER, [word, ...values]) !== undefined;
    return isCaller ? "callerIdentity" : undefined;
  }
  const isKnown = fields === undefined ? /^arn:/.test(values[0] ?? "") : isRecord(fieldsIn(fields, values));
  const [root] = path.split(/[.[]/, 1);
  return isKnown && (fields === undefined || values.length > 2)
    ? PART_NAMES.find((part) => partEntry(part).fields?.some(([field]) => field === root))
    : undefined;
}

/**
 * The answer that `--output text` shows, all of it as words; undefined where a line is none of it. `schema` is that of the whole
 * answer, `query` what is shown of it.
 */
export function textAnswer(text: string, query: Query, schema: Schema | undefined): unknown {
  const lines = text.split("\n").filter((one) => one.trim() !== "");
  const shown = schemaAfter(query, schema);
  const fields = query.flatMap((step) => ("field" in step ? [step.field] : []));
  const isPath = query.every((step) => "field" in step) || isListOfObjects(shown);
  if (isPath && (query.length === 0 || isOfFields(shown) || isListOfObjects(shown)))
    return recordsIn(lines, fields.join(".") + (isListOfObjects(shown) ? "[]" : ""), shown);
  return answerBefore(query, valueIn(lines, query, shown));
}

function isOfFields(schema: Schema | undefined): boolean {
  return formOf(schema, "object")?.required !== undefined;
}

function isListOfObjects(schema: Schema | undefined): boolean {
  return isOfFields(formOf(schema, "array")?.items);
}

function valueIn(lines: readonly string[], query: Query, shown: Schema | undefined): unknown {
  const last = query.at(-1);
  if (last !== undefined && "several" in last) {
    const names = last.several.map(([name]) => name);
    const isNamed = names.every((name) => name !== undefined);
    const sorted = isNamed ? names.toSorted() : [];
    const rows = lines.map((text) => {
      const words = wordsOf(text);
      if (words.length !== names.length) return undefined;
      return isNamed ? Object.fromEntries(sorted.map((name, at) => [name, words[at]])) : words;
    });
    if (rows.includes(undefined)) return undefined;
    return query.some((step) => "each" in step) ? rows : rows.length === 1 ? rows[0] : undefined;
  }
  if (formOf(shown, "array") !== undefined) return lines.flatMap(wordsOf);
  return lines.length === 1 ? wordsOf(lines[0] ?? "").join(" ") : undefined;
}

/** The words of a line. Copies have blanks in the place of tabs, and JSON has quotes. */
function wordsOf(text: string): string[] {
  const line = text.trim();
  const words = line.split(line.includes("\t") ? "\t" : line.includes("  ") ? / {2,200}/ : " ");
  return words.map((word) => word.replace(/^"(.{0,4000})"$/, "$1"));
}

function recordsIn(lines: readonly string[], own: string, shown: Schema | undefined): unknown {
  const answer: Record<string, unknown> = {};
  const { properties = {} } = formOf(formOf(shown, "array")?.items ?? shown, "object") ?? {};
  const bare = [...BARE, ...Object.values(LINES)].find(
    ({ path, fields = [] }) => path === own && fields.some(([name]) => properties[name] !== undefined),
  );
  for (const [index, text] of lines.entries()) {
    const [word = "", ...values] = wordsOf(text);
    const known = ownValue(LINES, word);
    const mayBeBare = bare !== undefined && (index === 0 || own.endsWith("[]"));
    const found = known === undefined ? mayBeBare && placed(bare, [word, ...values]) : placed(known, values);
    if (found) put(answer, found.path.split("."), found.value);
    else if (known !== undefined || !/^[A-Z\d]{3,60}$/.test(word)) return undefined;
  }
  return answer;
}

function placed(
  { path, fields }: Line,
  words: readonly string[],
): { path: string; value: unknown } | undefined {
  const value = fields === undefined ? words.join(" ") : fieldsIn(fields, words);
  return value === undefined ? undefined : { path, value };
}

/** Words as fields: each is the first field left that it fits; all of them must fit. */
function fieldsIn(
  fields: Line["fields"] & {},
  words: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const found: Record<string, string> = {};
  let at = 0;
  for (const [name, kind] of fields) {
    const word = words[at];
    if (word === undefined) break;
    if (word !== "None" && !KINDS[kind].test(word)) continue;
    found[name] = word;
    at += 1;
  }
  return at === words.length && at > 0 ? found : undefined;
}

/** Puts a value where a path leads: `a[]` is a new item of a list at the end, and its last item on the way. */
function put(into: Record<string, unknown>, [step = "", ...rest]: readonly string[], value: unknown): void {
  const name = step.replace("[]", "");
  const before = name === "" ? into : into[name];
  if (step.endsWith("[]")) {
    const list: unknown[] = Array.isArray(before) ? before : [];
    const last = list.at(-1);
    into[name] = list;
    if (rest.length === 0) list.push(value);
    else if (isRecord(last)) put(last, rest, value);
    return;
  }
  const object = isRecord(before) ? before : {};
  if (name !== "") into[name] = object;
  if (rest.length > 0) put(object, rest, value);
  else Object.assign(object, value);
}
