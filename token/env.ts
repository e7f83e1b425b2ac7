/** An environment as plain data: what `process.env` holds, or what a test says. */
export type Env = Readonly<Record<string, string | undefined>>;

/** The variable's value. One that is empty counts as unset. */
export function envValue(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === "" ? undefined : value;
}
