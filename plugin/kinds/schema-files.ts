import { EVIDENCE_SCHEMA } from "../../doctor/evidence/parts.ts";
import { markdownTable } from "../../doctor/reference/markdown-table.ts";
import type { Schema } from "../../token/schema.ts";
import { KINDS, type Kind } from "./kinds.ts";

/** The commands that print each kind. */
const PRINTED_BY: Readonly<Record<Kind, readonly string[]>> = {
  AccessList: ["access"],
  AwsSetup: ["setup aws"],
  CacheCleared: ["cache clear"],
  CacheList: ["cache list"],
  CompletionFile: ["completion install", "completion uninstall"],
  DoctorCaseList: ["doctor --evidence DIR"],
  DoctorExplanation: ["explain"],
  DoctorReport: ["doctor"],
  DoctorReportList: ["doctor --all-contexts", "doctor --match"],
  DoctorRuleList: ["doctor --list"],
  EksClusters: ["setup eks --list"],
  EksSetup: ["setup eks"],
  Enrolment: ["enroll"],
  IdentityCenterSetup: ["setup aws --sso-start-url"],
  KeyAdded: ["keys add"],
  KeyList: ["keys list"],
  KeyRemoved: ["keys remove"],
  Login: ["login"],
  Logout: ["logout"],
  ProfileLogin: ["login --profile"],
  ProfileLogout: ["logout --profile"],
  Setting: ["config set", "config unset"],
  SettingList: ["config list"],
  Settings: ["config view"],
  SetupUndone: ["setup eks --undo", "setup aws --undo"],
  Status: ["status"],
  TokenExplanation: ["token explain"],
  Version: ["version"],
  Whoami: ["whoami"],
};

/** The files of plugin/schemas/, by name. */
export function schemaFiles(): Readonly<Record<string, string>> {
  const schemas: Readonly<Record<string, Schema>> = { ...KINDS, DoctorEvidence: EVIDENCE_SCHEMA };
  return {
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [fileName(name), schemaFile(schema, name)]),
    ),
    "README.md": readme(),
  };
}

function fileName(name: string): string {
  return `${name}.schema.json`;
}

function readme(): string {
  const printed = Object.entries(PRINTED_BY).map(([name, commands]) => [
    `[${name}](${fileName(name)})`,
    commands.map((command) => `\`${command}\``).join(", "),
  ]);
  return `${HEAD}
${markdownTable(["kind", "printed by"], printed)}
${TAIL}`;
}

const HEAD = `# What programs get with \`-o json\`

Written by \`npm run codes\`; do not edit.

Every command that prints a result accepts \`-o json\` and \`-o yaml\` and then prints one object. The object's \`kind\` is the name of its schema here
(JSON Schema 2020-12). Its \`apiVersion\` is \`vouch.kubectl/v1\`: fields can be added, but none changes its meaning.
`;

const TAIL = `
\`doctor --save\` writes, and \`doctor --evidence\` reads, [DoctorEvidence](DoctorEvidence.schema.json), which can also be written
manually ([how](../../doctor/EVIDENCE.md)). \`credential eks\` and \`credential aws\` print what kubectl and AWS's tools require.

- Standard output contains the whole object, or nothing. Errors go to standard error, in wording that can change, and into the
  [exit status](../EXIT-STATUS.md), which does not. Bad news is a result, too (\`status\` without a login, \`doctor\`
  with findings, \`token explain\` of a bad token): the object is printed, and the exit status is not 0.
- Questions and progress go to the terminal or to standard error.
- Times are RFC 3339 in UTC. In YAML they are quoted, like all text that YAML 1.1 would interpret differently.
- A field without a value is omitted, or null where the schema allows that. No object contains a secret.
`;

/** Longest line, as everywhere in this repository. */
const WIDTH = 110;

const FOLDER = "https://github.com/kubectl-vouch/kubectl-vouch/raw/main/schemas";

/** A schema as a file of JSON Schema. */
function schemaFile(schema: Schema, title: string): string {
  const document = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `${FOLDER}/${title}.schema.json`,
    title,
    ...schema,
  };
  return `${JSON.stringify(document, undefined, 2).replaceAll(/^( *)("[^"\n]+": )\[\n([^[\]{}]*?)\n *\]/gm, joined)}\n`;
}

/** A list of words on one line if it fits, as our formatter writes it. */
function joined(list: string, indent: string, key: string, items: string): string {
  const line = `${indent}${key}[${items.trim().replaceAll(/\n\s*/g, " ")}]`;
  return line.length < WIDTH ? line : list;
}
