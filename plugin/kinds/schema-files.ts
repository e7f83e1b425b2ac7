import { EVIDENCE_SCHEMA } from "../../doctor/evidence/parts.ts";
import { markdownTable } from "../../doctor/reference/markdown-table.ts";
import { constant, type Schema } from "../../token/schema.ts";
import { KINDS } from "./kinds.ts";

/** The files of plugin/schemas/, by name. */
export function schemaFiles(): Readonly<Record<string, string>> {
  const kinds = Object.entries(KINDS).map(([name, { body }]) => [
    fileName(name),
    schemaFile(withHeader(name, body), name),
  ]);
  return {
    ...Object.fromEntries(kinds),
    [fileName("DoctorEvidence")]: schemaFile(EVIDENCE_SCHEMA, "DoctorEvidence"),
    "README.md": readme(),
  };
}

/** The schema of a whole object: every kind begins with the same two fields. */
function withHeader(kind: string, body: Schema): Schema {
  const header = {
    apiVersion: constant("vouch.kubectl/v1", "Version of this format."),
    kind: constant(kind, "Kind of this document."),
  };
  return {
    ...body,
    properties: { ...header, ...body.properties },
    required: [...new Set([...Object.keys(header), ...(body.required ?? [])])],
  };
}

function fileName(name: string): string {
  return `${name}.schema.json`;
}

function readme(): string {
  const kinds = Object.entries(KINDS).sort(([one], [other]) => (one < other ? -1 : 1));
  const rows = kinds.map(([name, { printedBy }]) => [
    `[${name}](${fileName(name)})`,
    printedBy.map((command) => `\`${command}\``).join(", "),
  ]);
  return `${HEAD}
${markdownTable(["kind", "printed by"], rows)}
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
