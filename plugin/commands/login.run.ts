import { VouchError } from "../../token/errors.ts";
import { keyStoreSetting } from "../../token/settings.ts";
import type { App } from "../app.ts";
import { performLogin } from "../login/perform-login.ts";
import { duration } from "../output.ts";
import { clockTime } from "../vouch-access.ts";
import { applyRequirement, chosenServer, readWorkplace } from "../workplace.ts";

export interface LoginOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
  readonly timeoutSeconds: number;
  readonly pinFromStdin: boolean;
  readonly keyStore: "keyring" | "file" | undefined;
}

export async function runLogin(options: LoginOptions, app: App): Promise<void> {
  if (!Number.isFinite(options.timeoutSeconds) || options.timeoutSeconds < 0) {
    throw new VouchError("usage", "--timeout takes a number of seconds; 0 waits for ever.", {
      hint: `For instance \`${app.programName} login --timeout 120\`.`,
    });
  }
  const workplace = readWorkplace(app);
  const server = chosenServer(app, workplace, options.server);
  const keyStore = keyStoreSetting({ ...workplace, flag: options.keyStore, env: app.env }).value;

  app.io.err(`Logging in to ${server.base}\n`);
  const entry = await performLogin(app, workplace, {
    server,
    account: options.account ?? workplace.config.account,
    timeoutMs: options.timeoutSeconds * 1000,
    pinFromStdin: options.pinFromStdin,
    keyStore,
  });
  await applyRequirement(app, workplace);
  const left = duration(entry.end - app.clock());
  app.io.err(`Logged in as ${entry.identity} until ${clockTime(entry.end)} (${left}).\n`);
}
