/**
 * `kill -9`: at a random time of a command, and in front of a random step by which it changes files (or in the middle of
 * that write). Then the next command works, files of others are whole, and after a logout nothing of the session is left.
 */
import { setTimeout as delay } from "node:timers/promises";
import { partOf } from "../support/part.ts";
import type { Bench, TrialHome } from "./bench.ts";
import type { Board, Note } from "./board.ts";
import {
  type Command,
  CREDENTIAL_AWS,
  CREDENTIAL_EKS,
  LOGIN,
  LOGIN_AGAIN,
  LOGOUT,
  SETUP_AWS,
  SETUP_EKS,
  UNDO_AWS,
  UNDO_EKS,
} from "./commands.ts";
import { hooked, type NormalRun, type NormalRuns } from "./normal-run.ts";
import { inPool } from "./pool.ts";
import { logOutCleanly, workAgain } from "./recovery.ts";
import { assertBounded, assertWhole, assertWorked } from "./whole-home.ts";

const KILLED = [
  ...[LOGIN, LOGIN_AGAIN, LOGOUT, SETUP_EKS, SETUP_AWS, UNDO_EKS, UNDO_AWS],
  ...[CREDENTIAL_EKS, CREDENTIAL_AWS],
];

/** When the kill comes: at this part of the command's time, or in front of a step. */
type Moment = { readonly part: number } | { readonly step: number };

interface KillOptions {
  /** Kills of each command. */
  readonly each: number;
  readonly random: (below: number) => number;
  readonly normalRuns: NormalRuns;
}

/** Kills every command so often, half of the times by the clock and half by step; and bursts of credential helpers. */
export async function killCommands(
  board: Board,
  benches: readonly Bench[],
  options: KillOptions,
): Promise<void> {
  const { each, random, normalRuns } = options;
  const jobs = KILLED.flatMap((command) =>
    Array.from({ length: each }, (_, n): { command: Command; isTimed: boolean; draw: number } => ({
      command,
      isTimed: n % 2 === 0,
      draw: random(1000) / 1000,
    })),
  );
  await inPool(benches, partOf("kills", jobs), async (bench, { command, isTimed, draw }) => {
    const normal = await normalRuns.of(bench, command);
    const { ms, seen } = normal;
    const moment = isTimed ? { part: draw * 1.1 } : { step: 1 + Math.floor(draw * seen.steps) };
    const when =
      "step" in moment
        ? `at step ${moment.step} of ${seen.steps}`
        : `at ${(moment.part * ms).toFixed(0)} of ${ms.toFixed(0)} ms`;
    await board.trial(`kill -9: ${command.name}`, when, (note) =>
      killOnce({ home: bench.home(command.home), command, moment, normal, note }),
    );
  });

  const bursts = Array.from({ length: Math.ceil(each / 4) }, () => [0, 1, 2].map(() => random(1500) / 1000));
  await inPool(benches, partOf("kills of several", bursts), async (bench, parts) => {
    const { ms } = await normalRuns.of(bench, CREDENTIAL_EKS);
    const moments = parts.map((part) => part * ms);
    const when = `at ${moments.map((moment) => moment.toFixed(0)).join(", ")} ms`;
    await board.trial("kill -9: three of four credential eks", when, (note) =>
      killOfMany(bench.home(CREDENTIAL_EKS.home), moments, note),
    );
  });
}

interface Kill {
  readonly home: TrialHome;
  readonly command: Command;
  readonly moment: Moment;
  readonly normal: NormalRun;
  readonly note: Note;
}

async function killOnce({ home, command, moment, normal, note }: Kill): Promise<void> {
  const run = home.start(command, "step" in moment ? hooked({ dieAt: moment.step }) : {});
  if ("part" in moment) {
    await Promise.race([delay(moment.part * normal.ms), run.ended]);
    run.kill();
  }
  await run.ended;
  assertWhole(home, [normal.before, normal.after]);

  await workAgain(home, command, note);
  assertWhole(home, [normal.after]);
  await logOutCleanly(home, note);
}

/** Four ask for one token at once, three are killed: the fourth has it all the same. */
async function killOfMany(home: TrialHome, moments: readonly number[], note: Note): Promise<void> {
  const killed = moments.map(() => home.start(CREDENTIAL_EKS));
  const survivor = home.start(CREDENTIAL_EKS);
  await Promise.all(
    killed.map(async (run, index) => {
      await Promise.race([delay(moments[index] ?? 0), run.ended]);
      run.kill();
      await run.ended;
    }),
  );
  const answered = note(await survivor.ended);
  assertWorked(answered);
  assertBounded(answered);
  await workAgain(home, CREDENTIAL_EKS, note);
  await logOutCleanly(home, note);
}
