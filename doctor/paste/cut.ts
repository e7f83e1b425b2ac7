import { isListOfAnswers, partEntry } from "../evidence/parts.ts";
import type { Found, Recognition } from "./found.ts";
import { isCredentialCommand, partOfCommand } from "./words.ts";

/**
 * What can be concluded from JSON with missing lines: only lists and descriptions that are known to be excerpts, so that
 * nothing counts as absent. Undefined where it is no evidence.
 */
export function cutRecognition(recognition: Recognition | undefined, command = ""): Recognition | undefined {
  const part = recognition === undefined ? partOfCommand(command) : partIn(recognition);
  const again = `paste ${part === undefined ? "it" : partEntry(part).words} again in full`;
  const unread: Recognition = { ignored: `truncated, so it was not read: ${again}` };
  if (recognition === undefined && isCredentialCommand(command))
    return { ignored: "truncated, so it was not read: pipe it into `kubectl vouch token explain -o json`" };
  if (recognition === undefined) return part === undefined ? undefined : unread;
  if (!isFoundList(recognition)) return recognition;
  const usable = recognition.filter(
    ({ part: name }) => partEntry(name).mayBeExcerpt === true && !isListOfAnswers(name),
  );
  if (usable.length === 0) return unread;
  const note = `it is truncated, so only its complete items were read: ${again}`;
  return usable.map((found) => ({ ...found, isExcerpt: true, note }));
}

function partIn(recognition: Recognition): Found["part"] | undefined {
  return isFoundList(recognition) ? recognition[0]?.part : undefined;
}

function isFoundList(recognition: Recognition): recognition is readonly Found[] {
  return Array.isArray(recognition);
}
