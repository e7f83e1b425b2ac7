import { livingToken, type TokenPlace } from "../../token-files/living-token.ts";
import { digestOf, type OpenPlan, type PlanAccess } from "../opened-source.ts";
import type { LoginPlan } from "../plan-kinds.ts";
import { type LoginToken, logInHint, loginFilePath, loginNeeded, readLoginToken } from "./login-file.ts";
import { refreshLogin } from "./refresh-login.ts";

/**
 * Keys with less time left than this are replaced, in milliseconds, as the AWS CLI and the SDKs do. Source:
 * doctor/AWS-CREDENTIALS.md, "Logins".
 */
const REFRESH_BELOW_MS = 5 * 60 * 1000;

/**
 * The result of `aws login`: keys that last a quarter of an hour, and that anyone with the file can renew for twelve hours.
 * Throws `aws-login-needed` if these are over, or nobody logged in; only `aws login` itself can log in.
 */
export async function openLogin(plan: LoginPlan, access: PlanAccess): Promise<OpenPlan> {
  const { token, witness } = await livingToken(loginPlace(plan, access), REFRESH_BELOW_MS, access);
  const { keys } = token;
  return {
    digest: digestOf("login", plan.session, keys.accessKeyId),
    witnesses: witness && [witness],
    credentials: async () => keys,
  };
}

function loginPlace(plan: LoginPlan, access: PlanAccess): TokenPlace<LoginToken> {
  return {
    file: loginFilePath(plan, access),
    name: `the login as ${plan.session}`,
    hint: logInHint(plan),
    read: readLoginToken,
    loggedOut: (why) => loginNeeded(plan, why),
    ended: () => loginNeeded(plan, "its keys have expired"),
    notRefreshed: () =>
      loginNeeded(plan, "its keys have expired and were not renewed, because nothing may be written"),
    refresh: (token) => (signal) => refreshLogin(plan, token, { ...access, signal }),
  };
}
