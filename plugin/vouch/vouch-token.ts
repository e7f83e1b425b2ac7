import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { type ErrorCode, VouchError } from "../../token/errors/errors.ts";
import { isClientGo } from "../../token/hot/exec-info.ts";
import type { TokenQuestion } from "../../token/hot/question.ts";
import type { Minted } from "../../token/mint/mint-token.ts";
import type { App } from "../app.ts";
import { loginFromExec } from "../login/login-from-exec.ts";
import { notifyLogin } from "../login/notify-login.ts";
import { askToken } from "./ask-aws.ts";
import { tellIgnoredVariables } from "./ignored-variables.ts";
import { openAccess } from "./vouch-access.ts";
import { readWorkplace } from "./workplace.ts";

/** Failures that a login would fix. */
const FIXED_BY_LOGIN: readonly ErrorCode[] = ["logged-out", "session-expired", "session-refused"];

/**
 * The token that a session at a Vouch server gives. With `--interactive` in the kubeconfig, and somebody at the terminal, a
 * missing session is fixed by a login.
 */
export async function vouchToken(
  question: TokenQuestion,
  app: App,
  typed: { readonly isServerTyped: boolean },
): Promise<Minted> {
  try {
    return await mint(question, app);
  } catch (error) {
    if (!(error instanceof VouchError) || !FIXED_BY_LOGIN.includes(error.code)) throw error;
    if (!(await loginFromExec(app, question, typed))) {
      await notifyLogin(app, readWorkplace(app), question);
      throw withServer(error, question);
    }
    return mint(question, app);
  }
}

/** Says where to log in: the last login may have been at another server than this context's. */
function withServer(error: VouchError, { server }: TokenQuestion): VouchError {
  return new VouchError(error.code, error.message, {
    cause: error,
    hint: withCommands`Run ${ours("login", { server })} and touch your security key.`,
  });
}

async function mint(question: TokenQuestion, app: App): Promise<Minted> {
  const access = await openAccess(app, readWorkplace(app), question);
  tellIgnoredVariables(app, access, question.region);
  return askToken(
    app,
    access,
    question,
    isClientGo(app.env["KUBERNETES_EXEC_INFO"]) ? app.parentId : undefined,
  );
}
