import { invalidRequest, textRefusal } from "./refusal.ts";
import { mediaTypeOf, type VouchRequest } from "./vouch-request.ts";

export type Form = ReadonlyMap<string, string>;

const FORM_TYPE = "application/x-www-form-urlencoded";

export function isForm(request: VouchRequest): boolean {
  return mediaTypeOf(request) === FORM_TYPE;
}

/** The fields of a form body; a field given twice is refused (RFC 6749, 3.2). */
export function readForm(request: VouchRequest): Form {
  if (!isForm(request)) {
    throw textRefusal(415, `Form requests must have \`Content-Type: ${FORM_TYPE}\``);
  }
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(request.body.toString())) {
    if (form.has(name)) throw invalidRequest(`The parameter ${name} is given more than once`);
    form.set(name, value);
  }
  return form;
}
