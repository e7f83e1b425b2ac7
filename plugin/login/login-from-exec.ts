import { VouchError } from "../../token/errors.ts";
import type { TokenQuestion } from "../../token/hot/question.ts";
import { touchBreaker } from "../../token/session/touch-breaker.ts";
import { keyStoreSetting } from "../../token/settings.ts";
import { serverUrl } from "../../token/vouch/server-url.ts";
import type { App } from "../app.ts";
import { clockTime } from "../vouch-access.ts";
import { readWorkplace } from "../workplace.ts";
import { performLogin } from "./perform-login.ts";

/** How long kubectl waits for somebody to plug in a key, in milliseconds. */
const WAIT_FOR_KEY_MS = 30_000;

/**
 * A login in the middle of a kubectl call, when the kubeconfig allows it (`setup eks --interactive`) and a terminal is
 * there. False when nobody can be asked. A touch that is refused or not given is remembered, so that the next call
 * does not ask again.
 */
export async function loginFromExec(app: App, question: TokenQuestion): Promise<boolean> {
  if (!isInteractive(app.env["KUBERNETES_EXEC_INFO"])) return false;
  const terminal = app.io.openTerminal();
  if (terminal === undefined) return false;

  const workplace = readWorkplace(app);
  const breaker = touchBreaker(workplace.folders.state, question.server);
  const refusedAt = breaker.refusedAt();
  if (refusedAt !== undefined) {
    terminal.close();
    throw new VouchError(
      "session-expired",
      `You are not logged in, and at ${clockTime(refusedAt)} the touch was not given; not asking again.`,
      {
        hint: `Run \`${app.programName} login --server ${question.server}\` and touch your security key.`,
      },
    );
  }
  terminal.write(`kubectl needs a login to ${question.server} for cluster ${question.cluster}.\n`);
  terminal.close();
  try {
    await performLogin(app, workplace, {
      server: serverUrl(question.server, { allowInsecure: true }),
      account: question.account ?? undefined,
      timeoutMs: WAIT_FOR_KEY_MS,
      pinFromStdin: false,
      keyStore: keyStoreSetting({ ...workplace, env: app.env }).value,
    });
    return true;
  } catch (error) {
    if (isRefusal(error)) breaker.trip(app.clock());
    throw error;
  }
}

function isInteractive(execInfo: string | undefined): boolean {
  try {
    const info = JSON.parse(execInfo ?? "") as { readonly spec?: { readonly interactive?: unknown } } | null;
    return info?.spec?.interactive === true;
  } catch {
    return false;
  }
}

/** A person who did not want, or was not there. A failing network is no refusal. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof VouchError &&
    [
      "security-key-declined",
      "security-key-untouched",
      "security-key-missing",
      "interrupted",
      "pin-unavailable",
    ].includes(error.code)
  );
}
