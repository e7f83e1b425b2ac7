/**
 * What yargs gets for Node's `assert` in what is shipped: the two questions it asks. The module itself loads the parts that
 * print differences, a millisecond before any command.
 */
export function strictEqual(actual: unknown, expected: unknown, message?: string): void {
  if (!Object.is(actual, expected)) throw new Error(message);
}

export function notStrictEqual(actual: unknown, expected: unknown, message?: string): void {
  if (Object.is(actual, expected)) throw new Error(message);
}
