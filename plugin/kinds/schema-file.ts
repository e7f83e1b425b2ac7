import type { Schema } from "../../token/schema.ts";

/** Longest line, as everywhere in this repository. */
const WIDTH = 110;

const FOLDER = "https://github.com/kubectl-vouch/kubectl-vouch/raw/main/schemas";

/** A schema as a file of JSON Schema. */
export function schemaFile(schema: Schema, title: string): string {
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
