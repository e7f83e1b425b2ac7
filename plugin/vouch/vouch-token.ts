import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { type ErrorCode, VouchError } from "../../token/errors/errors.ts";
import { unnamedAccount } from "../../token/hot/current.ts";
import { isClientGo } from "../../token/hot/exec-info.ts";
import type { VouchQuestion } from "../../token/hot/question.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import { loginFromExec, notifyLogin } from "../login/login-from-exec.ts";
import type { Desk } from "../workplace/workplace.ts";
import { openAccess } from "./vouch-access.ts";
import { askToken, tellIgnoredVariables } from "./vouch-credentials.ts";

/** Failures that a login would fix. */
const FIXED_BY_LOGIN: readonly ErrorCode[] = ["logged-out", "session-expired", "session-refused"];

/**
 * The token that a session at a Vouch server gives. With `--interactive` in the kubeconfig, and a user at the terminal, a
 * missing session is fixed by a login.
 */
export async function vouchToken(
  asked: VouchQuestion,
  desk: Desk,
  typed: { readonly isServerTyped: boolean },
): Promise<Minted> {
  const { current } = desk.workplace;
  const question = { ...asked, account: asked.account ?? unnamedAccount(current, asked.server) };
  try {
    return await mint(question, desk);
  } catch (error) {
    if (!(error instanceof VouchError) || !FIXED_BY_LOGIN.includes(error.code)) throw error;
    if (!(await loginFromExec(desk, question, typed))) {
      await notifyLogin(desk, question);
      const isOneOfMany = Object.keys(current.servers[asked.server]?.sessions ?? {}).length > 1;
      throw withServer(error, isOneOfMany ? question : asked);
    }
    return mint(question, desk.anew());
  }
}

/** Says where to log in, and as whom: the last login may have been at another server than this context's, or another user's. */
function withServer(error: VouchError, { server, account }: VouchQuestion): VouchError {
  return new VouchError(error.code, error.message, {
    cause: error,
    hint: withCommands`Run ${ours("login", { server, account })} and touch your security key.`,
  });
}

async function mint(question: VouchQuestion, desk: Desk): Promise<Minted> {
  const { app } = desk;
  const access = await openAccess(desk, question);
  tellIgnoredVariables(app, access, question.region);
  return askToken(
    app,
    access,
    question,
    isClientGo(app.env["KUBERNETES_EXEC_INFO"]) ? app.parentId : undefined,
  );
}
