import { ours } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";

/** `--if-needed`: `1h`, `90m`, `1h30m`, `45s`, in milliseconds. Throws `usage`. */
export function neededTime(text: string): number {
  const [, hours = "0", minutes = "0", seconds = "0"] =
    /^(?=\d)(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?$/.exec(text) ?? [];
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  if (ms > 0) return ms;
  throw new VouchError(
    "usage",
    `--if-needed must be a time such as 1h or 30m, not ${JSON.stringify(text)}.`,
    {
      hint: withCommands`For example: ${ours("login", { "if-needed": "1h" })}`,
    },
  );
}
