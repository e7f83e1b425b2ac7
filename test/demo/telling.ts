import assert from "node:assert/strict";
import type { CommandResult } from "../support/run-command.ts";

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What a command said, as a person sees it. */
export function show(result: CommandResult): CommandResult {
  for (const line of `${result.stdout}${result.stderr}`.split("\n").filter((text) => text !== ""))
    say(`    ${line}`);
  return result;
}

/** Fails unless it ended so, and said all that and none of the other. */
export function expect(
  { status, stdout, stderr }: CommandResult,
  wanted: { readonly status: number; readonly says: readonly string[]; readonly saysNot?: readonly string[] },
): void {
  assert.equal(status, wanted.status, `it ended with status ${status}`);
  const said = `${stdout}${stderr}`.replaceAll(/\s+/g, " ");
  for (const words of wanted.says) assert.ok(said.includes(words), `it did not say: ${words}`);
  for (const words of wanted.saysNot ?? []) assert.ok(!said.includes(words), `it said: ${words}`);
}
