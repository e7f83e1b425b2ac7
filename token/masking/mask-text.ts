import { maskKnownForms } from "./known-forms.ts";
import { maskNamed } from "./mask-named.ts";
import { maskNamedValues } from "./named-values.ts";
import { quoteMasks } from "./quote-masks.ts";
import { maskContinued } from "./wrapped-values.ts";

/** How deep base64 in base64 is looked into. */
const DEPTH = 3;

/**
 * Free text without anything that lets somebody in: what a program said, a command, a configuration. What is named as a
 * secret goes with any separator and quotes, however often escaped, and so does what is one by its form. Lines stay lines,
 * and JSON and YAML keep their form: a mask brings quotes where YAML needs them, and none inside of a string. Linear in the
 * text.
 */
export function maskText(text: string): string {
  return maskContinued(text, masked(text, DEPTH));
}

/** Too short for a token, and nothing that could lead to a value: most texts are so. */
const HARMLESS = /^[^=:%,\s]{0,19}$/;

function masked(text: string, depth: number): string {
  if (HARMLESS.test(text)) return text;
  const isSecret = (decoded: string) => depth > 0 && masked(decoded, depth - 1) !== decoded;
  return quoteMasks(maskNamed(maskNamedValues(maskKnownForms(text, isSecret))));
}
