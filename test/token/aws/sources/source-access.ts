import assert from "node:assert/strict";
import type { PlanAccess } from "../../../../token/aws/sources/opened-source.ts";

/** Nothing is asked again, and what is given need not live for long. */
export const WISH = { fresh: false, minRemainingMs: 60_000 };

/** A machine on which nothing is kept, nobody may be asked, and only what a test gives is there. */
export function planAccess(given: Partial<PlanAccess> = {}): PlanAccess {
  return {
    env: {},
    homeDir: "/nowhere",
    profile: "p",
    isWindows: false,
    state: "/nowhere/state",
    clock: Date.now,
    signal: new AbortController().signal,
    keep: true,
    warn: (text) => assert.fail(text),
    endpoints: {},
    kept: (_key, _wish, ask) => ask(),
    agent: undefined,
    mfaCode: undefined,
    approvedProcess: undefined,
    runProcess: () => assert.fail("a program was run"),
    vouchRole: () => assert.fail("a session was asked for"),
    container: undefined,
    metadataEndpoint: undefined,
    ...given,
  };
}
