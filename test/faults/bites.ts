/** The suite itself: a program with a fault put into it does not hold. */
import assert from "node:assert/strict";
import type { Bench, TrialHome } from "./bench.ts";
import type { Board } from "./board.ts";
import { type Command, DOCTOR, LOGOUT, SETUP_EKS, STATUS } from "./commands.ts";
import type { Sabotage } from "./hook.ts";
import { assertNotHealthy } from "./hostile-servers.ts";
import { hooked, type NormalRun, type NormalRuns } from "./normal-run.ts";
import type { WatchedResult } from "./watched-run.ts";
import { assertBounded, assertExplained, assertNothingLeft, assertWhole } from "./whole-home.ts";

interface Bite {
  readonly sabotage: Sabotage;
  readonly command: Command;
  readonly timeoutMs?: number;
  /** What must find it. */
  find(seen: { readonly result: WatchedResult; readonly home: TrialHome; readonly normal: NormalRun }): void;
}

const BITES: readonly Bite[] = [
  {
    sabotage: "tears",
    command: SETUP_EKS,
    find: ({ home, normal }) => assertWhole(home, [normal.before, normal.after]),
  },
  { sabotage: "keeps", command: LOGOUT, find: ({ home }) => assertNothingLeft(home) },
  { sabotage: "waits", command: STATUS, timeoutMs: 5000, find: ({ result }) => assertBounded(result) },
  { sabotage: "hoards", command: STATUS, find: ({ result }) => assertBounded(result) },
  { sabotage: "breaks", command: STATUS, find: ({ result }) => assertExplained(result) },
  { sabotage: "praises", command: DOCTOR, find: ({ result }) => assertNotHealthy(result) },
];

export async function suiteBites(board: Board, bench: Bench, normalRuns: NormalRuns): Promise<void> {
  for (const { sabotage, command, find, ...limit } of BITES) {
    await board.trial("fault put into the program", `${command.name} that ${sabotage}`, async (note) => {
      const normal = await normalRuns.of(bench, command);
      const home = bench.home(command.home);
      const result = note(await home.run(command, { ...hooked({ sabotage }), ...limit }));
      assert.throws(() => find({ result, home, normal }), assert.AssertionError);
    });
  }
}
