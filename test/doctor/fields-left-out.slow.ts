/**
 * People write bundles by hand and leave fields out, and older tools do not print all of them. What is left out is not known: it
 * makes no cause certain, and a cause that it could refute is no longer certain.
 */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { RULES } from "../../doctor/causes/index.ts";
import { runRule } from "../../doctor/check/run-rule.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { partOf } from "../support/part.ts";
import { ALL_FAULTS } from "./support/all-faults.ts";
import { FAULTS } from "./support/faults.ts";
import { type Field, fieldsOf, withField } from "./support/fields.ts";
import { isSame } from "./support/same-row.ts";
import { VARIANTS } from "./support/variants.ts";

/** Fields without which something else is said, or that need not be looked at; and why. */
const NOT_LEFT_OUT: readonly (readonly [field: RegExp, why: string])[] = [
  [/^question\./, "it is the failure itself: without it, there is another question"],
  [/^(?:dropped)?[eE]nvironment\./, "the part has all variables: one that is not in it is not set"],
  [/^awsAuth\./, "Kubernetes stores and prints no section that is not there"],
  [/^rbac\.items\.\*\.(?:subjects|rules\.\*\.resources)$/, "Kubernetes prints no empty list there"],
  [/^accessReviews\.\*\.spec\.resourceAttributes\./, "absent means the core group, or all namespaces"],
  [/^vouch\.sessionEnd$/, "absent means that there was no session"],
  [/^fixAttempts\.\*\.exitCode$/, "what it said shows that it failed"],
  [/^pluginRun\.credential$/, "the client's error has the version of the answer"],
  [/^vouch\.serverConfirms$/, "the plugin's error has what the server said"],
  [/^execCommand\.version$/, "what an old program prints shows that it is old"],
  [/^network\.addresses$/, "the client's error has the address that it called"],
];

const BUNDLES = [...ALL_FAULTS, ...VARIANTS];

/** Values that the field has in some bundle. */
const VALUES = Map.groupBy(
  BUNDLES.flatMap(({ bundle }) => fieldsOf(bundle)),
  ({ name }) => name,
);

type Certain = ReadonlySet<string>;

function certainIn(bundle: DoctorEvidence, rules = RULES): Certain {
  const facts = deriveFacts(bundle);
  const findings = rules.flatMap((rule) => {
    const outcome = runRule(rule, facts);
    if (outcome.status === "failed") throw outcome.error;
    return outcome.status === "found" ? outcome.findings : [];
  });
  return new Set(
    findings
      .filter(({ confidence }) => confidence === "certain")
      .map(({ code, cause }) => `${code} ${cause}`),
  );
}

function otherValues({ name, value }: Field): readonly unknown[] {
  const others: unknown[] = [];
  for (const { value: other } of VALUES.get(name) ?? [])
    if (![value, ...others].some((known) => isDeepStrictEqual(known, other))) others.push(other);
  return others.slice(0, 30);
}

/** What is wrong without a field: causes that are certain only now, and those that are certain although it could refute them. */
function wrongWithout(field: Field, bundle: DoctorEvidence, before: Certain): readonly string[] {
  const less = withField(bundle, field);
  if (less === undefined) return [];
  const after = certainIn(less);
  const made = [...after].filter((cause) => !before.has(cause));
  const left = [...after].filter((cause) => before.has(cause));
  const rules = RULES.filter(({ code }) => left.some((cause) => cause.startsWith(`${code} `)));
  const refuted = new Set<string>();
  for (const value of rules.length === 0 ? [] : otherValues(field)) {
    const other = withField(bundle, field, value);
    const still = other === undefined ? undefined : certainIn(other, rules);
    for (const cause of left) if (still?.has(cause) === false) refuted.add(cause);
  }
  return [
    ...made.map((cause) => `${cause} is certain without ${field.name}`),
    ...[...refuted].map((cause) => `${cause} is certain without ${field.name}, which could refute it`),
  ];
}

describe("a field that somebody left out", () => {
  for (const { row, name, bundle } of partOf("fields left out", BUNDLES))
    it(`makes no cause certain, and leaves none certain that it could refute: ${row} ${name}`, () => {
      const before = certainIn(bundle);
      const fields = fieldsOf(bundle).filter(
        (field) => !NOT_LEFT_OUT.some(([meant]) => meant.test(field.name)),
      );
      assert.deepEqual(
        fields.flatMap((field) => wrongWithout(field, bundle, before)),
        [],
      );
    });

  it("is one of some bundle for each exception", () => {
    const names = [...VALUES.keys()];
    assert.deepEqual(
      NOT_LEFT_OUT.filter(([field]) => !names.some((name) => field.test(name))),
      [],
    );
  });
});

/** What two cases have in common: the parts that are equal. */
function common(one: DoctorEvidence, other: DoctorEvidence): DoctorEvidence {
  const parts: Readonly<Record<string, unknown>> = { ...other };
  const equal = Object.entries(one).filter(([part, value]) => isDeepStrictEqual(value, parts[part]));
  return Object.fromEntries(equal) as unknown as DoctorEvidence;
}

describe("two faults that look alike", () => {
  const found = new Map(
    FAULTS.map(({ row, bundle }) => {
      const facts = deriveFacts(bundle);
      const findings = RULES.flatMap((rule) => {
        const outcome = runRule(rule, facts);
        return outcome.status === "found" ? outcome.findings : [];
      });
      return [row, findings.map(({ cause }) => cause)];
    }),
  );
  for (const [index, one] of partOf("faults that look alike", [...FAULTS.entries()]))
    it(`are never told apart for certain by what they have in common: ${one.row}`, () => {
      for (const other of FAULTS.slice(index + 1)) {
        for (const certain of certainIn(common(one.bundle, other.bundle))) {
          const cause = certain.split(" ").at(-1) ?? "";
          for (const { row } of [one, other])
            assert.ok(
              found.get(row)?.some((each) => isSame(each, cause)),
              `${certain} in ${one.row} and ${other.row}`,
            );
        }
      }
    });
});
