import { listed, matchesWildcard } from "./wildcard.ts";

/** Condition keys in lower case and their values; a key that the request does not have is absent. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** True for one value of the request and one of the policy. */
type Comparison = (actual: string, wanted: string) => boolean;

const equal: Comparison = (actual, wanted) => actual === wanted;
const like: Comparison = (actual, wanted) => matchesWildcard(wanted, actual);
const equalIgnoringCase: Comparison = (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase();

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
const POSITIVE: Readonly<Record<string, Comparison>> = {
  StringEquals: equal,
  StringEqualsIgnoreCase: equalIgnoringCase,
  StringLike: like,
  ArnEquals: like,
  ArnLike: like,
  Bool: equalIgnoringCase,
};

const NEGATIVE: Readonly<Record<string, Comparison>> = {
  StringNotEquals: equal,
  StringNotEqualsIgnoreCase: equalIgnoringCase,
  StringNotLike: like,
  ArnNotEquals: like,
  ArnNotLike: like,
};

/**
 * Whether every condition of a statement holds. An operator that the lab does not know is an error of the test that
 * wrote it, not a refusal.
 */
export function conditionsHold(conditions: Conditions, context: ConditionContext): boolean {
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      conditionHolds(operator, context.get(key.toLowerCase()), filledIn(listed(wanted), context)),
    ),
  );
}

function conditionHolds(
  operator: string,
  actual: readonly string[] | undefined,
  wanted: readonly string[],
): boolean {
  const [, quantifier, name = "", ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return wanted.includes(String(actual === undefined));
  const positive = POSITIVE[name];
  const compare = positive ?? NEGATIVE[name];
  if (!compare) throw new Error(`the lab's policies do not know the condition operator ${operator}`);
  if (actual === undefined) return ifExists !== undefined || quantifier === "ForAllValues" || !positive;
  const holds = (value: string) =>
    wanted.some((pattern) => compare(value, pattern)) === (positive !== undefined);

  return quantifier === "ForAnyValue" ? actual.some(holds) : actual.every(holds);
}

/** Puts the request's values in place of `${key}`. A variable without a value matches nothing. */
function filledIn(patterns: readonly string[], context: ConditionContext): string[] {
  return patterns.flatMap((pattern) => {
    const names = [...pattern.matchAll(/\$\{([^}]+)\}/g)].map(([, name = ""]) => name);
    const values = names.map((name) => context.get(name.toLowerCase())?.[0]);
    if (values.includes(undefined)) return [];
    return names.reduce(
      (text, name, index) => text.replaceAll(`\${${name}}`, () => values[index] ?? ""),
      pattern,
    );
  });
}
