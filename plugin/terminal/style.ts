import { Chalk, type ChalkInstance } from "chalk";
import { envValue } from "../../token/env.ts";
import type { App } from "../app.ts";

/** What `--color` takes. */
export const COLOR_CHOICES = ["auto", "always", "never"] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/**
 * Colors for one stream. Off for anything but a terminal, for `NO_COLOR`, `TERM=dumb` and `FORCE_COLOR=0`;
 * `--color` decides when given. Color never carries a meaning of its own.
 *
 * Source: no-color.org; plugin/KUBECTL.md, "Command line".
 */
export function style(app: App, stream: "out" | "err", choice: ColorChoice = "auto"): ChalkInstance {
  return new Chalk({ level: wantsColor(app, stream, choice) ? 1 : 0 });
}

function wantsColor({ env, io }: App, stream: "out" | "err", choice: ColorChoice): boolean {
  if (choice !== "auto") return choice === "always";
  if (envValue(env, "NO_COLOR") !== undefined || env["TERM"] === "dumb") return false;
  const forced = envValue(env, "FORCE_COLOR") ?? envValue(env, "CLICOLOR_FORCE");
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stream === "out" ? io.stdoutIsTerminal : io.stderrIsTerminal;
}
