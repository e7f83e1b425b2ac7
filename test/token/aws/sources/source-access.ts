import assert from "node:assert/strict";
import type { SourceAccess } from "../../../../token/aws/sources/opened-source.ts";

/** Nothing is asked again, and what is given need not live for long. */
export const WISH = { fresh: false, minRemainingMs: 60_000 };

/** A machine on which nothing is kept, nobody may be asked, and only what a test gives is there. */
export function sourceAccess(given: Partial<SourceAccess> = {}): SourceAccess {
  return {
    env: {},
    homeDir: "/nowhere",
    clock: Date.now,
    endpoints: {},
    identityCenter: {
      accessToken: () => assert.fail("Identity Center was asked"),
      roleCredentials: () => assert.fail("Identity Center was asked"),
    },
    cache: undefined,
    agent: undefined,
    mfaCode: undefined,
    ...given,
  };
}
