import assert from "node:assert/strict";
import { type ColorChoice, style } from "../../../plugin/terminal/style.ts";
import type { Env } from "../../../token/env.ts";
import { fakeApp } from "../../support/fake-app.ts";

describe("style", () => {
  const cases: [ColorChoice, Env, boolean, boolean][] = [
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { TERM: "dumb" }, true, false],
    ["auto", { TERM: "xterm" }, true, true],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { CLICOLOR_FORCE: "1" }, false, true],
    ["auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, false, false],
    ["always", { NO_COLOR: "1", TERM: "dumb" }, false, true],
    ["never", { FORCE_COLOR: "1" }, true, false],
  ];
  for (const [choice, env, isTerminal, expected] of cases) {
    it(`--color ${choice} with ${JSON.stringify(env)} ${isTerminal ? "at a terminal" : "in a pipe"}: ${expected ? "on" : "off"}`, () => {
      for (const stream of ["out", "err"] as const) {
        const terminals = isTerminal ? ([`std${stream}`] as const) : [];
        const app = fakeApp({ home: "/nonexistent", env, terminals });
        assert.equal(style(app, stream, choice).red("x"), expected ? "\u001b[31mx\u001b[39m" : "x");
      }
    });
  }
});
