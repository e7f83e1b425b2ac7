import { edit, unsetVariables } from "../../../command/command.ts";
import { withCommands } from "../../../command/sentence.ts";
import { VouchError } from "../../../errors/errors.ts";
import { localTime } from "../../../text/time.ts";
import { readExpiration } from "../../expiration.ts";
import { digestOf, type OpenPlan, type PlanAccess } from "../opened-source.ts";
import { hintAtOrigin, invalidVariables, placeOfOrigin } from "../plan-errors.ts";
import type { KeysPlan } from "../plan-kinds.ts";

/**
 * Keys as they are. An id has exactly one secret, so the id alone identifies them. Throws `aws-keys-expired` for keys of a
 * session that is over, if its end was written down.
 */
export async function openKeys(plan: KeysPlan, { clock }: PlanAccess): Promise<OpenPlan> {
  const { accessKeyId, secretAccessKey, sessionToken } = plan;
  const end = endOf(plan);
  if (end !== undefined && end <= clock()) throw expired(plan, end);
  return {
    digest: digestOf("keys", accessKeyId),
    witnesses: [],
    credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken, expires: end }),
  };
}

const BESIDE_THE_ID = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"];

/** Keys of a user do not end, whatever an earlier session left beside them. */
function endOf({ sessionToken, expires, from, origin }: KeysPlan): number | undefined {
  if (sessionToken === undefined || expires === undefined) return undefined;
  const end = readExpiration(expires);
  if (end !== undefined) return end;
  const why = `is ${JSON.stringify(expires)}, which is not a date such as 2026-01-15T12:00:00Z`;
  if (from === "environment")
    throw invalidVariables(["AWS_CREDENTIAL_EXPIRATION"], `AWS_CREDENTIAL_EXPIRATION ${why}`);
  throw new VouchError("profile-invalid", `${placeOfOrigin(origin)}: x_security_token_expires ${why}.`, {
    hint: hintAtOrigin(origin),
  });
}

function expired({ accessKeyId, origin }: KeysPlan, end: number): VouchError {
  const message = `Access key ${accessKeyId} (${placeOfOrigin(origin)}) expired at ${localTime(end)}.`;
  const place =
    "file" in origin ? edit(origin.file, origin.line) : unsetVariables("AWS_ACCESS_KEY_ID", ...BESIDE_THE_ID);
  return new VouchError("aws-keys-expired", message, {
    hint: withCommands`Fetch new keys with the program that issued these, or remove them: ${place}`,
  });
}
