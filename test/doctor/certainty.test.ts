import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import type { Rule } from "../../doctor/check/rule.ts";
import { type Finding, runRule } from "../../doctor/check/run-rule.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { alwaysPrinted } from "../../doctor/evidence/parts.ts";
import { readEvidence } from "../../doctor/evidence/read-evidence.ts";
import { watched, withMissing } from "../../doctor/evidence/reads.ts";
import { sentenceText } from "../../token/command/sentence.ts";
import { ALL_FAULTS } from "./support/all-faults.ts";
import { COUNTER_EVIDENCE } from "./support/counter-evidence.ts";
import type { RulePath } from "./support/test-rule.ts";
import { VARIANTS } from "./support/variants.ts";

const BUNDLES = [...ALL_FAULTS, ...VARIANTS];

function certainOf(rule: Rule, bundle: DoctorEvidence): readonly Finding[] {
  const outcome = runRule(rule, deriveFacts(bundle));
  if (outcome.status === "failed") throw outcome.error;
  const findings = outcome.status === "found" ? outcome.findings : [];
  return findings.filter(({ confidence }) => confidence === "certain");
}

/** Where each rule is certain. */
const CERTAIN = RULES.flatMap((rule) => {
  const cases = BUNDLES.flatMap(({ row, name, bundle }) =>
    certainOf(rule, bundle).map(({ cause, falsifiedBy }) => ({
      name: `${row} ${name}`,
      bundle,
      cause,
      falsifiedBy: sentenceText(falsifiedBy, "bash"),
    })),
  );
  return cases.length === 0 ? [] : [{ rule, path: `${rule.stage}/${rule.code}` as RulePath, cases }];
});

describe("a certain cause", () => {
  for (const { rule, path, cases } of CERTAIN) {
    const counter = COUNTER_EVIDENCE[path];
    // A text says why nothing that can be seen refutes it.
    if (typeof counter === "string") continue;
    it(`is no longer certain where its "Not the cause if" is seen: ${path}`, () => {
      if (counter === undefined) assert.fail("counter-evidence.ts has no row for it");
      for (const { name, bundle, cause, falsifiedBy } of cases) {
        const refuted = readEvidence(JSON.stringify(counter(bundle)));
        const still = certainOf(rule, refuted).some((finding) => finding.cause === cause);
        assert.ok(!still, `${name}: ${cause}, although: ${falsifiedBy}`);
      }
    });
  }

  it("is there for each row of counter-evidence.ts", () => {
    const certain = new Set<string>(CERTAIN.map(({ path }) => path));
    assert.deepEqual(
      Object.keys(COUNTER_EVIDENCE).filter((path) => !certain.has(path)),
      [],
    );
  });
});

describe("a field that its source always prints, and that somebody left out", () => {
  const rule = RULES.find(({ code }) => code === "eks-access-entry-stale") ?? assert.fail();
  const { bundle } = ALL_FAULTS.find(({ row }) => row === "E3") ?? assert.fail();
  const isCertainWithout = (field: RegExp) => {
    const less = JSON.stringify(bundle).replace(field, "");
    assert.notEqual(less, JSON.stringify(bundle));
    return certainOf(rule, readEvidence(less)).length === 1;
  };

  it("keeps a cause from being certain that it could refute", () => {
    assert.equal(certainOf(rule, bundle).length, 1);
    for (const field of [/"UserId":"[^"]*",/, /"RoleId":"[^"]*",/, /,"accessConfig":\{[^}]*\}/])
      assert.equal(isCertainWithout(field), false, String(field));
  });

  it("is not the item that a list does not have", () => {
    const evidence = watched({ ...bundle, accessEntryDetails: [] }, alwaysPrinted);
    assert.deepEqual(withMissing(() => evidence.accessEntryDetails[0]).missing, []);
  });

  it("and no other", () => {
    for (const field of [/,"createdAt":"[^"]*"(?=,"endpoint")/, /"kubernetesGroups":\[\],/])
      assert.equal(isCertainWithout(field), true, String(field));
  });
});
