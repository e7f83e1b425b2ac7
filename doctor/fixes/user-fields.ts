import { kubectl } from "../../token/command/command.ts";
import type { EffectiveContext } from "../derive/kubeconfig/effective-context.ts";
import { type Action, documentOf } from "./fix.ts";

/** Fields of a user by which it impersonates another. */
export const IMPERSONATION_FIELDS = ["as", "as-uid", "as-groups", "as-user-extra"];

/** Fields of a user that show a certificate. */
export const CERTIFICATE_FIELDS = [
  "client-certificate",
  "client-certificate-data",
  "client-key",
  "client-key-data",
];

/** Removes those of the fields that the user of the context has. `kubectl config unset` splits names at dots. */
export function withoutFields({ user, userName }: EffectiveContext, fields: readonly string[]): Action[] {
  const body = user?.body ?? {};
  const isSet = (field: string) => body[field] !== undefined || body[nameForUnset(field)] !== undefined;
  const written = fields.filter(isSet);
  if (userName.includes(".")) return written.map((field) => documentOf(`- ${field}: …`));
  return written.map((field) => kubectl("config unset", {}, `users.${userName}.${nameForUnset(field)}`));
}

/** Source: client-go, tools/clientcmd, types.go: what the file calls `as`, `kubectl config unset` calls `act-as`. */
function nameForUnset(field: string): string {
  return IMPERSONATION_FIELDS.includes(field) ? `act-${field}` : field;
}
