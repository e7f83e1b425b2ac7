import type { Command, OptionValue, Run, Value } from "../../../token/command/command.ts";

/**
 * Each command once for each kind: the same programs, verbs, options and number of values, whatever the values are.
 * Returned are functions that put a value into one of its places, for each place.
 */
export function slotsOf(commands: readonly Command[]): readonly ((value: string) => Command)[] {
  const kinds = new Map(commands.map((command) => [kindOf(command), command]));
  return [...kinds.values()].flatMap(slotsOfOne);
}

function kindOf(command: Command): string {
  return JSON.stringify(command, (name, value: unknown) =>
    typeof value === "string" && !["kind", "program"].includes(name) && !/^\d+$/.test(name) ? "" : value,
  );
}

function slotsOfOne(command: Command): readonly ((value: string) => Command)[] {
  switch (command.kind) {
    case "run":
      return slotsOfRun(command);
    case "pipe":
      return command.runs.flatMap((run, index) =>
        slotsOfRun(run).map((fill) => (value: string) => ({
          ...command,
          runs: command.runs.with(index, fill(value)),
        })),
      );
    case "write-file":
      return slotsOfRun(command.run).map((fill) => (value) => ({ ...command, run: fill(value) }));
    case "set-variable":
      return [(value) => ({ ...command, value })];
    case "unset-variables":
      return [(value) => ({ ...command, names: [...command.names, value] })];
  }
}

function slotsOfRun(run: Run): readonly ((value: string) => Run)[] {
  return [
    ...Object.entries(run.options).flatMap(([name, old]) =>
      optionSlots(old).map((fill) => (value: string) => ({
        ...run,
        options: { ...run.options, [name]: fill(value) },
      })),
    ),
    ...run.operands.map((old, index) => (value: string) => ({
      ...run,
      operands: run.operands.with(index, filled(old, value)),
    })),
  ];
}

function optionSlots(old: OptionValue | undefined): readonly ((value: string) => OptionValue)[] {
  if (old === undefined || old === true) return [];
  if (!isList(old)) return [(value) => filled(old, value)];
  return [(value) => [value], (value) => [...old, value], (value) => [value, value, ...old]];
}

function isList(value: OptionValue): value is readonly string[] {
  return Array.isArray(value);
}

/** A JSON object stays one, with the value in its first text; `{a,b}` is none. */
function filled(old: Value, value: string): Value {
  if (typeof old !== "string") return "underHome" in old ? { underHome: value } : { contentOf: value };
  const object = objectIn(old);
  if (object === undefined) return value;
  let isDone = false;
  return JSON.stringify(object, (_name, item: unknown) => {
    if (typeof item !== "string" || isDone) return item;
    isDone = true;
    return value;
  });
}

function objectIn(text: string): object | undefined {
  try {
    return text.startsWith("{") ? (JSON.parse(text) as object) : undefined;
  } catch {
    return undefined;
  }
}
