import { isDeepStrictEqual } from "node:util";
import type { KubeRecord } from "../../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../../token/record.ts";

/** One value at three times: before our change, after it, and as it is now. Undefined: not there. */
interface ThreeStates<T = unknown> {
  readonly before: T | undefined;
  readonly ours: T | undefined;
  readonly now: T | undefined;
}

/** What is left when our change is undone. */
interface TakenBack<T = unknown> {
  readonly value: T | undefined;
  /** A user changed what we had changed, and that change was kept. */
  readonly kept: boolean;
}

/**
 * Takes our change back and keeps every other: what is still as we left it becomes what it was before. Maps are compared field by
 * field; what we added as a whole is removed or kept as a whole.
 */
export function takeBack<T>({ before, ours, now }: ThreeStates<T>): TakenBack<T> {
  if (means(now, ours)) return { value: before, kept: false };
  if (means(now, before)) return { value: now, kept: false };
  if (!(isRecord(before) && isRecord(ours) && isRecord(now))) return { value: now, kept: now !== undefined };
  const fields = [...new Set([...Object.keys(now), ...Object.keys(before)])].map((key) => {
    const field = takeBack({ before: before[key], ours: ours[key], now: now[key] });
    return { key, ...field };
  });
  const filled = fields.filter(({ value }) => value !== undefined);
  return {
    value: Object.fromEntries(filled.map(({ key, value }) => [key, value])) as T,
    kept: fields.some(({ kept }) => kept),
  };
}

/** Whether two values mean the same to kubectl, which writes `env: null` and `provideClusterInfo: false` where nothing was. */
function means(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(withoutDefaults(one), withoutDefaults(other));
}

function withoutDefaults(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, field]) => field !== null && !(key === "provideClusterInfo" && field === false))
      .map(([key, field]) => [key, withoutDefaults(field)]),
  );
}

/**
 * Undoes what setup did to a context. One that we added is removed even if the user has since chosen a namespace for it,
 * which means nothing without the context.
 */
export function takeBackContext(states: ThreeStates<KubeRecord>): TakenBack<KubeRecord> {
  const { before, ours, now } = states;
  if (before !== undefined || ours === undefined || now === undefined) return takeBack(states);
  const namespace = ours["namespace"];
  return takeBack({
    ...states,
    now: { ...now, ...(namespace === undefined ? { namespace: null } : { namespace }) },
  }).value === undefined
    ? { value: undefined, kept: false }
    : { value: now, kept: true };
}
