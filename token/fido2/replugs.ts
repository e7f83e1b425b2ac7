import { VouchError } from "../errors/errors.ts";
import type { AssertionPrompts } from "./assertion-prompts.ts";

/** How often a ceremony starts again after the key was unplugged. */
const MAX_REPLUGS = 3;

/** A PIN from a pipe can be read only once, so only with a user does the ceremony start again. */
export async function withReplugs<T>(
  mayAskAgain: boolean,
  prompts: AssertionPrompts,
  run: (isReplug: boolean) => Promise<T>,
): Promise<T> {
  for (let replugs = 0; ; replugs += 1) {
    try {
      return await run(replugs > 0);
    } catch (error) {
      const isUnplugged = error instanceof VouchError && error.code === "security-key-unplugged";
      if (!isUnplugged || !mayAskAgain || replugs >= MAX_REPLUGS) throw error;
      prompts.unplugged();
    }
  }
}
