import { YAMLParseError } from "yaml";
import { reasonOf, VouchError } from "../../token/errors/errors.ts";
import { parseYaml, YamlRefused } from "../../token/text/yaml.ts";
import type { DoctorEvidence } from "./evidence.ts";
import { EVIDENCE_SCHEMA } from "./schema/evidence-schema.ts";
import { problemsOf } from "./schema/problems.ts";

/** Lines and items of a bundle in YAML: the roles of a cluster among them. */
const MAX_PARTS = 100_000;

/** At most this many mistakes are named at once. */
const AT_MOST = 5;

/**
 * A bundle from JSON or YAML. What is no bundle is refused with the path of each mistake and what was expected there; values
 * are never repeated, since a secret may have been pasted in the wrong place.
 */
export function readEvidence(text: string): DoctorEvidence {
  const value = parsed(text);
  const problems = problemsOf(EVIDENCE_SCHEMA, value);
  if (problems.length > 0) {
    const more = problems.length > AT_MOST ? `\n  and ${problems.length - AT_MOST} more` : "";
    const list = problems.slice(0, AT_MOST).map((problem) => `\n  ${problem}`);
    throw new VouchError("evidence-invalid", `Not a valid evidence bundle:${list.join("")}${more}`);
  }
  return value as DoctorEvidence;
}

/** JSON goes its own, faster way: the roles of a large cluster are megabytes. */
function parsed(text: string): unknown {
  try {
    return text.trimStart().startsWith("{")
      ? JSON.parse(text)
      : parseYaml(text, { prettyErrors: false, uniqueKeys: false }, MAX_PARTS);
  } catch (error) {
    if (error instanceof YamlRefused) {
      throw new VouchError("evidence-invalid", `The evidence cannot be read: ${error.why}. As JSON it may.`);
    }
    throw new VouchError("evidence-invalid", `The evidence is neither JSON nor YAML${placeOf(error)}.`);
  }
}

/** Where it went wrong. The parser's own words quote the text around it. */
function placeOf(error: unknown): string {
  const position = /at position (\d+)/.exec(reasonOf(error))?.[1];
  if (position !== undefined) return `: character ${position} was not expected`;
  return error instanceof YAMLParseError ? `: character ${error.pos[0]} was not expected` : "";
}
