import { applySplices, type Splice, withoutOverlaps } from "../text/splices.ts";
import { isSecretName, maskLines } from "./secret-names.ts";
import { isReference } from "./value-span.ts";

/**
 * A name and its value with blanks, tags or other words between them: property lists, XML, run configurations of IDEs, `name: A`
 * above `value: b`, fish's `set -gx A b`, Docker's `ENV A b`, `setenv A b`, `aws configure set a b`, netrc's `password b`, a
 * signature below its name, rows of tables, prompts of `aws configure`.
 */
const FORMS: readonly RegExp[] = [
  /<key>\s{0,20}(?<name>[\w.-]{1,200})\s{0,20}<\/key>\s{0,200}<(?:string|data)>(?<value>[^<]+)/dg,
  /<(?<name>[A-Za-z][\w.-]{0,200})(?:\s[^<>]{0,1000})?>(?<value>[^<]+)<\//dg,
  /\b(?:name|key)=["'](?<name>[\w.-]{1,200})["']\s{1,200}value=["'](?<value>[^"'<>]+)/dg,
  /\b(?:name|[kK]ey|ParameterKey)["']?:[ \t]{0,20}["']?(?<name>[\w.-]{1,200})["']?,?\s{0,200}["']?(?:Parameter)?[vV]alue["']?:[ \t]{0,20}["']?(?<value>(?:[^\s"',}{[\\|>&!]|\\(?!["']))(?:[^\s"',}\\]|\\(?!["']))*)/dg,
  /(?<![^\s,"'])[vV]alue["']?:[ \t]{0,20}["']?(?<value>(?:[^\s"',}{[\\|>&!]|\\(?!["']))(?:[^\s"',}\\]|\\(?!["']))*)["']?,?\s{0,200}["']?(?:name|[kK]ey)["']?:[ \t]{0,20}["']?(?<name>[\w.-]{1,200})/dg,
  /\b(?:set(?: -[a-z]{1,4}){1,4}|set --export|ENV|setenv|setx(?: \/M)?|configure set(?: --profile \S{1,100})?|config set)[ \t]{1,20}(?<name>[\w.-]{1,200})[ \t]{1,20}["']?(?<value>(?:[^\s"'\\]|\\(?!["']))+)/dg,
  /\blogin[ \t]{1,20}\S{1,200}[ \t]{1,20}(?<name>password)[ \t]{1,20}(?<value>\S+)/dg,
  /^(?<name>[A-Z][A-Z0-9]{0,60}_[A-Z0-9_]{1,100})(?: {2,200}|\t)(?<value>\S[^\r\n]*)/dgm,
  /\b(?<name>signature):\s{1,20}(?<value>[0-9a-f]{64})\b/dgi,
  /\|[ \t]{0,40}[`*]{0,2}(?<name>[\w.-]{1,100})[`*]{0,2}[ \t]{0,100}\|[ \t]{0,100}(?<value>[^|\s]{1,4096})/dg,
  /\b(?<name>secret) access key(?: \[[^\]\n]{0,60}\])?[ \t\u00a0]{0,4}[:=][ \t\u00a0]{0,4}["']?(?<value>[^\s"'\\]+)/dgi,
  /\b(?<name>(?:access|secret|session|api|private|signing|encryption) (?:key|token))(?: \[[^\]\n]{0,60}\])?[ \t\u00a0]{0,4}[:=][ \t\u00a0]{0,4}["']?(?<value>[^\s"'\\]{8,})/dgi,
  /\b(?<name>password) for [^\s:]{1,100}:[ \t]{1,4}(?<value>\S+)/dgi,
  /\bParameterKey=(?<name>[\w.-]{1,200}),ParameterValue=(?<value>[^\s,]+)/dg,
  /\b[sS]et[eE]nv\(["'](?<name>[\w.-]{1,200})["'],[ \t]{0,4}["'](?<value>[^"'\n]+)/dg,
];

/** A text with the values masked that such a form names as secrets; lines stay lines. */
export function maskNamedValues(text: string): string {
  const splices = FORMS.flatMap((form) =>
    [...text.matchAll(form)].flatMap(({ groups: { name = "", value = "" } = {}, indices }): Splice[] => {
      const [start, end] = indices?.groups?.["value"] ?? [0, 0];
      const isSecret = isSecretName(name.replaceAll(" ", "_")) && !isReference(value.trim());
      return isSecret ? [{ start, end, text: maskLines(value) }] : [];
    }),
  );
  return splices.length === 0 ? text : applySplices(text, withoutOverlaps(splices));
}
