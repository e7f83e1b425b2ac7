import { Chalk, type ChalkInstance } from "chalk";
import { type Env, envValue } from "../../token/env.ts";
import type { App, OutputStream } from "../app.ts";

/** The values of `--color`. */
export const COLOR_CHOICES = ["auto", "always", "never"] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/**
 * Colors for one stream. Off for anything but a terminal, for `NO_COLOR`, `TERM=dumb` and `FORCE_COLOR=0`;
 * `--color` decides when given. Color never carries a meaning of its own.
 *
 * Source: no-color.org; plugin/KUBECTL.md, "Command line".
 */
export function style(app: App, stream: OutputStream, choice: ColorChoice = "auto"): ChalkInstance {
  return new Chalk({ level: wantsColor(app, stream, choice) ? 1 : 0 });
}

function wantsColor({ env, io }: App, stream: OutputStream, choice: ColorChoice): boolean {
  if (choice !== "auto") return choice === "always";
  if (refusesEscapes(env)) return false;
  const forced = envValue(env, "FORCE_COLOR") ?? envValue(env, "CLICOLOR_FORCE");
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return io.isTerminal(`std${stream}`);
}

/** Whether neither colors nor cursor movements are wanted. */
export function refusesEscapes(env: Env): boolean {
  return envValue(env, "NO_COLOR") !== undefined || env["TERM"] === "dumb";
}

/** Whether what was written on a stream can be overwritten. */
export function canRewrite({ env, io }: App, stream: OutputStream): boolean {
  return !refusesEscapes(env) && io.isTerminal(`std${stream}`);
}

/** Whether the terminal shows more than ASCII. Source: POSIX, 8.2 (LC_ALL, LC_CTYPE, LANG). */
export function showsUnicode({ env, platform }: Pick<App, "env" | "platform">): boolean {
  if (platform === "win32") return env["WT_SESSION"] !== undefined || env["TERM_PROGRAM"] !== undefined;
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return /utf-?8/i.test(locale);
}

/** Below it words are broken, above it lines are hard to follow. In columns. */
const [NARROWEST, WIDEST] = [60, 200];

/** A paragraph in lines that fit, each with this indentation. */
export function indented(text: string, indent: string, width: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = indent + word;
    else if (line.length + 1 + word.length > width) lines.push(indent + word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return `${lines.join("\n")}\n`;
}

/** The width of running text, in columns: that of the terminal, within limits. */
export function textWidth({ io }: Pick<App, "io">): number {
  return Math.max(NARROWEST, Math.min(io.columns, WIDEST));
}
