import { debug } from "../../../debug.ts";
import { VouchError } from "../../../errors/errors.ts";
import { digestOf, type OpenedSource, type SourceAccess } from "../opened-source.ts";
import type { LoginPlan } from "../plan-kinds.ts";
import { type LoginFile, readLoginFile } from "./login-file.ts";
import { refreshLogin } from "./refresh-login.ts";

/**
 * Keys that end sooner are replaced, in milliseconds, as the AWS CLI and the SDKs do it. Source: doctor/AWS-CREDENTIALS.md,
 * "Logins".
 */
const REFRESH_BELOW_MS = 5 * 60 * 1000;

/**
 * What `aws login` left: keys of a quarter of an hour, which anybody with the file gets anew for twelve hours. Throws
 * `aws-login-needed` where that is over, or nobody logged in; logging in is `aws login`'s alone.
 */
export async function openLogin(plan: LoginPlan, access: SourceAccess): Promise<OpenedSource> {
  const { token, witness } = await lastingLogin(plan, access);
  const { keys } = token;
  return {
    digest: digestOf("login", plan.session, keys.accessKeyId),
    witnesses: witness && [witness],
    credentials: async () => keys,
  };
}

/** Where the keys are good for a while, AWS's silence is no failure yet. */
async function lastingLogin(plan: LoginPlan, access: SourceAccess): Promise<LoginFile> {
  const found = await readLoginFile(plan, access);
  const { expires } = found.token.keys;
  if (expires - access.clock() > REFRESH_BELOW_MS) return found;
  try {
    return await refreshLogin(plan, { file: found.path, belowMs: REFRESH_BELOW_MS }, access);
  } catch (error) {
    const isOver = !(error instanceof VouchError) || error.code === "interrupted";
    if (isOver || expires <= access.clock()) throw error;
    debug(`the login of ${plan.session} was not refreshed: ${error.message}`);
    return found;
  }
}
