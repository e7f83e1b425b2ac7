/** An environment as plain data: the contents of `process.env`, or those a test sets. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The variable's value. An empty one counts as unset. */
export function envValue(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === "" ? undefined : value;
}
