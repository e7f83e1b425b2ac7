import { VouchError } from "../../token/errors.ts";
import type { App } from "../app.ts";
import { completerFor, standingCompleter, writeCompleter } from "../completion/kubectl-completer.ts";
import type { LocalMend } from "./local-mend.ts";

/** kubectl's completer, where it is missing or cannot be run. None where we are not on PATH, or somebody else's is there. */
export function completionMend(app: App): LocalMend[] {
  try {
    const completer = completerFor(app);
    if (standingCompleter(completer, app) === "ours") return [];
    return [
      {
        does: `Let kubectl complete \`${app.programName} …\`, by ${completer.path}.`,
        show: async () =>
          app.io.err(`write ${completer.path} (back: ${app.programName} completion uninstall)\n`),
        apply: async () => writeCompleter(completer, app),
      },
    ];
  } catch (error) {
    if (error instanceof VouchError) return [];
    throw error;
  }
}
