import type { App } from "../app.ts";

/** Below it words are torn apart, above it the eye loses its line. In columns. */
const [NARROWEST, WIDEST] = [60, 200];

/** How wide running text is, in columns: as the terminal, within reason. */
export function textWidth({ io }: Pick<App, "io">): number {
  return Math.max(NARROWEST, Math.min(io.columns, WIDEST));
}
