import { ssoAccessToken } from "../../identity-center/access-token.ts";
import { ssoRoleCredentials } from "../../identity-center/portal-calls.ts";
import { digestOf, type OpenPlan, type PlanAccess, sha256 } from "../opened-source.ts";
import type { SsoPlan } from "../plan-kinds.ts";

/** A role of Identity Center. After a new login it counts as a different identity, since we cannot tell who logged in. */
export async function openSso(plan: SsoPlan, access: PlanAccess): Promise<OpenPlan> {
  const { startUrl, session, region, account, role } = plan;
  const { accessToken, witness } = await ssoAccessToken(plan, access);
  const digest = digestOf("sso", startUrl, session, region, account, role, sha256(accessToken));
  return {
    digest,
    witnesses: witness && [witness],
    credentials: (wish) =>
      access.kept({ key: digest, words: `${role} in ${account}` }, wish, () =>
        ssoRoleCredentials(plan, accessToken, access),
      ),
  };
}
