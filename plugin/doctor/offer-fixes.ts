import type { App } from "../app.ts";
import { askYes } from "../terminal/ask.ts";
import type { LocalFix } from "./local-fix.ts";

/**
 * Shows each fix and asks, unless all are agreed to. Nothing is changed without a yes, or if no user can be asked. Returns whether
 * any was applied.
 */
export async function offerFixes(
  app: App,
  fixes: readonly LocalFix[],
  { isAgreed }: { readonly isAgreed: boolean },
): Promise<boolean> {
  if (fixes.length === 0) {
    app.io.err("There is nothing for --fix to fix on this machine.\n");
    return false;
  }
  let isFixed = false;
  for (const fix of fixes) {
    await fix.show();
    if (isAgreed) app.io.err(`${fix.description}\n`);
    else if (!(await isWanted(app, fix.description))) continue;
    await fix.apply();
    isFixed = true;
  }
  return isFixed;
}

export async function isWanted(app: App, description: string): Promise<boolean> {
  const isWanted = await askYes(app, `${description} Do it?`);
  if (isWanted === undefined)
    app.io.err(`Not done, because confirming it needs a terminal: ${description}\n`);
  return isWanted === true;
}
