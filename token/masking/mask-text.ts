import { maskKnownForms } from "./known-forms.ts";
import { maskNamed } from "./mask-named.ts";
import { maskTerraform } from "./mask-terraform.ts";
import { maskNamedValues } from "./named-values.ts";
import { quoteMasks } from "./quote-masks.ts";
import { maskSecretManifests } from "./secret-manifests.ts";
import { maskContinued } from "./wrapped-values.ts";

/** How many levels of base64 in base64 are decoded. */
const DEPTH = 3;

/**
 * Any text with its secrets masked: output of a program, a command, a configuration. Masked are values with the name of a secret,
 * behind any separator and in quotes that may be escaped, and what is a secret by its form. Lines stay lines, and JSON and YAML
 * stay valid: a mask is quoted where YAML needs it, and not inside a string. The time is linear in the length.
 */
export function maskText(text: string): string {
  return maskContinued(text, masked(text, DEPTH));
}

/** Too short for a token, and without a separator before a value: most texts are so. */
const HARMLESS = /^[^=:%,\s]{0,19}$/;

function masked(text: string, depth: number): string {
  if (HARMLESS.test(text)) return text;
  const isSecret = (decoded: string) => depth > 0 && masked(decoded, depth - 1) !== decoded;
  return quoteMasks(
    maskNamed(maskNamedValues(maskTerraform(maskSecretManifests(maskKnownForms(text, isSecret))))),
  );
}
