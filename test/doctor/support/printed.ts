import type { Action, Document } from "../../../doctor/fixes/fix.ts";
import { commandsOf } from "../../../doctor/fixes/render-fix.ts";
import { renderCommand } from "../../../token/command/render-command.ts";

/** The lines that an action is printed as, for bash; what cannot be printed stands with its reason. */
export function printed(action: Exclude<Action, Document>): string[] {
  return commandsOf(action)
    .map((command) => renderCommand(command, "bash"))
    .map((result) => ("line" in result ? result.line : result.unprintable));
}
