import type { App } from "../app.ts";
import { type ColorChoice, canRewrite, showsUnicode, style } from "./style.ts";

/** Light squares around the code: the standard has 4, and 2 can be read too. Source: measured with jsQR 1.4.0. */
const BORDER = 2;

/** Two squares one above the other, light where true. */
const HALVES = { light: "█", upper: "▀", lower: "▄", dark: " " } as const;

/**
 * A text as a QR code for stderr, to be read by a phone. Undefined if it could not be read: no terminal, one that is too narrow,
 * or one that shows no half blocks.
 */
export async function qrCode(app: App, text: string, color: ColorChoice): Promise<string | undefined> {
  if (!app.io.isTerminal("stderr") || !canRewrite(app, "err") || !showsUnicode(app)) return undefined;
  const { encode } = await import("uqr");
  const { data, size } = encode(text, { border: BORDER });
  if (size > app.io.columns) return undefined;
  const ink = style(app, "err", color);
  return rows(data)
    .map((row) => `${ink.whiteBright.bgBlack(row)}\n`)
    .join("");
}

/** Shows an address to open on any device, also as a QR code if that can be read. */
export async function showAddress(app: App, address: string, color: ColorChoice): Promise<void> {
  const code = await qrCode(app, address, color);
  if (code !== undefined) app.io.paint("err", `\n${code}\n`);
  app.io.err(`Open ${address} in a browser on this or any other device.\n`);
}

/** Light squares are drawn, dark ones left blank: most terminals are dark, and the colors make it right on the others. */
function rows(isDark: readonly (readonly boolean[])[]): string[] {
  const pairs = Array.from({ length: Math.ceil(isDark.length / 2) }, (_, index) => [
    isDark[2 * index] ?? [],
    isDark[2 * index + 1],
  ]);
  return pairs.map(([upper = [], lower]) =>
    upper.map((dark, column) => half(!dark, lower?.[column] === false)).join(""),
  );
}

function half(upper: boolean, lower: boolean): string {
  if (upper) return lower ? HALVES.light : HALVES.upper;
  return lower ? HALVES.lower : HALVES.dark;
}
