import type { TrialHome } from "./bench.ts";
import type { Note } from "./board.ts";
import { type Command, LOGIN_AGAIN, LOGOUT, UNDO_AWS, UNDO_EKS } from "./commands.ts";
import { assertBounded, assertNothingLeft, assertUnhindered, assertWorked } from "./whole-home.ts";

/** The command after an accident tells whether it waits: a lock that nobody holds must not be waited for in vain. */
const TELLING = { env: { VOUCH_DEBUG: "1" } };

/** A parent of its own, as kubectl is: within a few seconds a second call of one parent is told the failure of the first. */
const OWN_PARENT = ["/bin/sh", "-c", '"$@"; exit $?', "sh"];

/** The next command works at once. A logout or an undo that had done its work finds nothing more to do. */
export async function workAgain(home: TrialHome, command: Command, note: Note): Promise<void> {
  const next = command === LOGOUT ? LOGIN_AGAIN : command;
  const again = note(await home.run(next, { ...TELLING, prefix: OWN_PARENT }));
  const isUndone = again.status === 6 && again.stderr.includes("[undo-impossible]");
  if (!isUndone || ![UNDO_EKS, UNDO_AWS].includes(command)) assertWorked(again);
  assertBounded(again);
  assertUnhindered(again);
}

/** A logout works, and leaves nothing. */
export async function logOutCleanly(home: TrialHome, note: Note): Promise<void> {
  const logout = note(await home.run(LOGOUT, TELLING));
  assertWorked(logout);
  assertBounded(logout);
  assertUnhindered(logout);
  assertNothingLeft(home);
}
