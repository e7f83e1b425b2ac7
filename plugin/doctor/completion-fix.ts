import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";
import { completerFor, standingCompleter, writeCompleter } from "../completion/kubectl-completer.ts";
import type { LocalFix } from "./local-fix.ts";

/** Installs kubectl's completer if it is missing or cannot be run. Empty if we are not on PATH, or somebody else's is there. */
export function completionFix(app: App): LocalFix[] {
  try {
    const completer = completerFor(app);
    if (standingCompleter(completer, app) === "ours") return [];
    return [
      {
        description: `Install completion for ${app.programName}: ${completer.path}.`,
        show: async () =>
          app.io.err(`write ${completer.path} (undo: ${app.programName} completion uninstall)\n`),
        apply: async () => writeCompleter(completer, app),
      },
    ];
  } catch (error) {
    if (error instanceof VouchError) return [];
    throw error;
  }
}
