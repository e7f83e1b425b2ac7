import { isListOfAnswers, partEntry } from "../evidence/parts.ts";
import type { Found, Recognition } from "./found.ts";
import { isCredentialCommand, partOfCommand } from "./words.ts";

/**
 * What may be concluded from JSON of which lines are missing: only lists and descriptions that are known to be excerpts, so that
 * nothing counts as absent. Undefined where it is no evidence.
 */
export function cutRecognition(recognition: Recognition | undefined, command = ""): Recognition | undefined {
  const part = recognition === undefined ? partOfCommand(command) : partIn(recognition);
  const again = `paste ${part === undefined ? "it" : partEntry(part).words} again, all of it`;
  const unread: Recognition = { ignored: `cut off, not read: ${again}` };
  if (recognition === undefined && isCredentialCommand(command))
    return { ignored: "cut off, not read: pipe it into `kubectl vouch token explain -o json`" };
  if (recognition === undefined) return part === undefined ? undefined : unread;
  if (!isFoundList(recognition)) return recognition;
  const usable = recognition.filter(
    ({ part: name }) => partEntry(name).mayBeExcerpt === true && !isListOfAnswers(name),
  );
  if (usable.length === 0) return unread;
  const note = `it is cut off, and only what is whole of it was read: ${again}`;
  return usable.map((found) => ({ ...found, isExcerpt: true, note }));
}

function partIn(recognition: Recognition): Found["part"] | undefined {
  return isFoundList(recognition) ? recognition[0]?.part : undefined;
}

function isFoundList(recognition: Recognition): recognition is readonly Found[] {
  return Array.isArray(recognition);
}
