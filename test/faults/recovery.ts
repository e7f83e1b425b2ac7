import type { TrialHome } from "./bench.ts";
import type { Note } from "./board.ts";
import { type Command, LOGIN_AGAIN, LOGOUT, UNDO_AWS, UNDO_EKS } from "./commands.ts";
import { assertBounded, assertNothingLeft, assertWorked } from "./whole-home.ts";

/**
 * The command after an accident may take this long, in milliseconds: a lock that nobody holds must not be waited for, and
 * the shortest wait for one is 5 s.
 */
const NEXT = { maxMs: 4500, maxMebibytes: 300 };

/** A parent of its own, as kubectl is: within a few seconds a second call of one parent is told the failure of the first. */
const OWN_PARENT = ["/bin/sh", "-c", '"$@"; exit $?', "sh"];

/** The next command works at once. A logout or an undo that had done its work finds nothing more to do. */
export async function workAgain(home: TrialHome, command: Command, note: Note): Promise<void> {
  const next = command === LOGOUT ? LOGIN_AGAIN : command;
  const again = note(await home.run(next, { prefix: OWN_PARENT }));
  const isUndone = again.status === 6 && again.stderr.includes("[undo-impossible]");
  if (!isUndone || ![UNDO_EKS, UNDO_AWS].includes(command)) assertWorked(again);
  assertBounded(again, NEXT);
}

/** A logout works, and leaves nothing. */
export async function logOutCleanly(home: TrialHome, note: Note): Promise<void> {
  const logout = note(await home.run(LOGOUT));
  assertWorked(logout);
  assertBounded(logout, NEXT);
  assertNothingLeft(home);
}
