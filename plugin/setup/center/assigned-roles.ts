import pMap from "p-map";
import type { BearerAccess } from "../../../token/aws/bearer-call.ts";
import { ssoAccountRoles, ssoAccounts } from "../../../token/aws/identity-center/portal-calls.ts";
import { placeName } from "../../../token/aws/identity-center/session-errors.ts";
import type { SsoPlace } from "../../../token/aws/sources/plan-kinds.ts";
import { type ErrorCode, type Hints, VouchError, withHints } from "../../../token/errors/errors.ts";
import type { AccountRoles } from "./center-setup.ts";

/** So many accounts are asked for at once: twenty in two rounds. */
const PARALLEL = 10;

const HINTS: Hints = {
  "aws-denied": "Ask an IAM Identity Center admin whether this account is still assigned to you.",
};

/** Failures that concern all accounts. */
const OF_ALL: readonly ErrorCode[] = ["interrupted", "sso-session-expired"];

/**
 * All accounts in which the user has roles, with the roles or why they could not be listed. Throws `sso-session-expired`, the
 * failure of the first account if all failed, and `sso-role-denied` if there is no role at all.
 */
export async function assignedRoles(
  place: SsoPlace,
  { accessToken, say }: { readonly accessToken: string; readonly say: (text: string) => void },
  access: BearerAccess,
): Promise<AccountRoles[]> {
  const accounts = await ssoAccounts(place, accessToken, access);
  let done = 0;
  const listed = await pMap(
    accounts,
    async (account): Promise<AccountRoles> => {
      try {
        const asked = ssoAccountRoles(place, account, accessToken, access);
        return { account, roles: await withHints(() => HINTS, asked) };
      } catch (error) {
        if (!(error instanceof VouchError) || OF_ALL.includes(error.code)) throw error;
        return { account, error };
      } finally {
        done += 1;
        say(`Listed the roles of ${done} of ${accounts.length} accounts…`);
      }
    },
    { concurrency: PARALLEL },
  );
  if (listed.some((one) => "roles" in one && one.roles.length > 0)) return listed;
  throw failuresOf(listed)[0]?.error ?? nothingAssigned(place);
}

/** The accounts whose roles could not be listed. */
export function failuresOf(accounts: readonly AccountRoles[]) {
  return accounts.filter((one) => "error" in one);
}

function nothingAssigned(place: SsoPlace): VouchError {
  return new VouchError("sso-role-denied", `${placeName(place)} does not assign any account to you.`);
}
