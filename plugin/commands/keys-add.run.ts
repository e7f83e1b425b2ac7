import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { addKey, MAX_LABEL } from "../login/add-key.ts";
import { printObject } from "../terminal/output.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";
import { openAccess } from "../vouch/vouch-access.ts";
import { chosenServer, Desk } from "../workplace/workplace.ts";
import { timeoutOf } from "./options.ts";

export interface KeysAddOptions {
  readonly server: string | undefined;
  readonly account: string | undefined;
  /** The name that the server stores for it. */
  readonly name: string | undefined;
  readonly timeoutSeconds: number;
  readonly pinFromStdin: boolean;
  readonly output: OutputChoice;
}

export async function runKeysAdd(options: KeysAddOptions, app: App): Promise<void> {
  const { output, pinFromStdin } = options;
  const timeoutMs = timeoutOf("keys add", options.timeoutSeconds);
  const label = options.name?.trim();
  if (label === "" || [...(label ?? "")].length > MAX_LABEL)
    throw new VouchError("usage", `--name must be 1 to ${MAX_LABEL} characters long.`);
  const desk = new Desk(app);
  const { workplace } = desk;
  const server = chosenServer(desk, options.server);
  const account = options.account ?? workplace.config.account;
  const { client, session, entry } = await openAccess(desk, { server: server.base, account });
  const key = await addKey(app, { server, client, session, label, timeoutMs, pinFromStdin });
  if (output === "text")
    return app.io.err(`Registered ${key.label} for ${entry.identity} with ${server.base}.\n`);
  printObject(app, output, "KeyAdded", {
    server: server.base,
    email: entry.identity,
    id: key.id,
    name: key.label,
  });
}
