/**
 * Replaces Node's `assert` for yargs in what is shipped, with the two functions that it calls. The module itself loads the code
 * that prints differences, a millisecond before any command.
 */
export function strictEqual(actual: unknown, expected: unknown, message?: string): void {
  if (!Object.is(actual, expected)) throw new Error(message);
}

export function notStrictEqual(actual: unknown, expected: unknown, message?: string): void {
  if (Object.is(actual, expected)) throw new Error(message);
}
