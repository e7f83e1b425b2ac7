/** On Windows: the process that asks, usually kubectl, as the launcher saw it. */
export interface Caller {
  readonly id: number;
  /** When it started, in Windows' own count; undefined if it could not be asked, or had ended by then. */
  readonly start: string | undefined;
  /** As it was started; undefined if it could not be asked. */
  readonly commandLine: string | undefined;
}

/**
 * Reads the launcher's variable: its own process ID, that of the caller, when the caller started, and the command line. Undefined if
 * our parent, `parentId`, is not that launcher: then the variable is from someone else.
 */
export function readCaller(value: string | undefined, parentId: number): Caller | undefined {
  const found = /^(\d{1,10}) (\d{1,10}) (\d{1,20}) /.exec(value ?? "");
  if (value === undefined || found === null || Number(found[1]) !== parentId) return undefined;
  const [head, , id, start] = found;
  return {
    id: Number(id),
    start: start === "0" ? undefined : start,
    commandLine: value.slice(head.length) || undefined,
  };
}
