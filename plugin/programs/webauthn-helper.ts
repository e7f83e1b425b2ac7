import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { debug } from "../../token/debug.ts";
import type { StartHelper } from "../../token/fido2/windows/windows-dialog.ts";

/** What calls Windows' webauthn.dll. Source: krew/webauthn/main.c. */
const NAME = "vouch-webauthn.exe";

/**
 * The helper beside the running executable, after following links, and never by name; undefined if there is none. It gets no
 * variables except those without which Windows starts no program. Source: libuv, `make_program_env`.
 */
export function webauthnHelper(execPath: string): StartHelper | undefined {
  const file = path.join(path.dirname(fs.realpathSync(execPath)), NAME);
  if (!fs.existsSync(file)) return undefined;
  return (request, hear) => {
    debug(`run ${file}`);
    const child = spawn(file, [], { env: {}, stdio: ["pipe", "pipe", "ignore"] });
    // It may end before it has read everything; then its answer says why.
    child.stdin.on("error", () => undefined);
    child.stdin.write(request);
    child.stdout.setEncoding("latin1").on("data", hear);
    const ended = Promise.withResolvers<number | null>();
    child.once("error", ended.reject);
    child.once("close", ended.resolve);
    return { cancel: () => child.stdin.destroy(), kill: () => child.kill("SIGKILL"), ended: ended.promise };
  };
}
