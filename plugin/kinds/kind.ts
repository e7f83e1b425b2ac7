import { closed, constant, type Fields } from "../../token/schema.ts";

/** An object of ours for programs: `apiVersion`, `kind`, and its own fields. */
export function kind<const K extends string, F extends Fields>(name: K, description: string, fields: F) {
  return closed(description, {
    apiVersion: constant("vouch.kubectl/v1", "Version of this format."),
    kind: constant(name, "Kind of this document."),
    ...fields,
  });
}
