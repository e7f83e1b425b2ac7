import assert from "node:assert/strict";
import { RULES } from "../../../doctor/causes/index.ts";
import type { CauseId } from "../../../doctor/check/cause-ids.ts";
import { type Diagnosis, diagnose } from "../../../doctor/check/diagnose.ts";
import { type Conclusion, doesNotApply, found, passed, type Rule } from "../../../doctor/check/rule.ts";
import { runRule } from "../../../doctor/check/run-rule.ts";
import type { Stage } from "../../../doctor/check/stages.ts";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import { check } from "../../../doctor/doctor.ts";
import { type DoctorEvidence, knownValue } from "../../../doctor/evidence/evidence.ts";
import { nextEvidence } from "../../../doctor/report/next-evidence.ts";
import { healthyBundle, healthyVouchBundle, unauthorized } from "../support/bundle.ts";
import { mappingFault } from "../support/mapping-faults.ts";
import { networkFault } from "../support/network-faults.ts";
import { CASES } from "../support/report-case.ts";

const FAILING = deriveFacts(unauthorized());
const WORKING = deriveFacts(healthyBundle());

type Changes = Partial<Conclusion> & { readonly cause: CauseId; readonly stage: Stage };

/** A rule that finds just this. */
function finds(code: string, { stage, ...changes }: Changes): Rule {
  const describe = () => ({
    summary: `${changes.cause} is broken.`,
    evidence: [],
    falsifiedBy: "Nothing.",
    fixes: [],
  });
  return {
    code,
    stage,
    causes: [changes.cause],
    expects: "nothing",
    check: () => found({ confidence: "certain", describe, ...changes }),
  };
}

/** Root causes with their consequences: `L5 > S1 E1`. */
function shape({ rootCauses }: Diagnosis): readonly string[] {
  return rootCauses.map(({ cause, consequences }) =>
    consequences.length === 0
      ? cause
      : `${cause} > ${consequences.map((finding) => finding.cause).join(" ")}`,
  );
}

describe("a diagnosis", () => {
  it("names the cause before its effects, in whatever order rules come", () => {
    const cause = finds("cause", { cause: "L5", stage: "credentials" });
    const effect = finds("effect", { cause: "E1", stage: "mapping", confidence: "possible" });
    const guess = finds("guess", {
      cause: "P1",
      stage: "authorization",
      confidence: "possible",
      inferred: true,
    });
    for (const rules of [
      [cause, effect, guess],
      [guess, effect, cause],
      [effect, guess, cause],
    ]) {
      assert.deepEqual(shape(diagnose(rules, FAILING)), ["L5 > E1 P1"]);
    }
  });

  it("names two independent faults that are both seen", () => {
    const one = finds("one", { cause: "K8", stage: "kubeconfig" });
    const other = finds("other", { cause: "E3", stage: "mapping" });
    assert.deepEqual(shape(diagnose([other, one], FAILING)), ["K8", "E3"]);
  });

  it("does not take for explained what is likely, was seen, and nobody says is explained", () => {
    const sure = finds("sure", { cause: "K10", stage: "kubeconfig" });
    const likely = finds("likely", { cause: "A15", stage: "mapping", confidence: "likely" });
    assert.deepEqual(shape(diagnose([likely, sure], FAILING)), ["K10", "A15"]);
    const told = finds("told", { cause: "K10", stage: "kubeconfig", explains: ["A15"] });
    assert.deepEqual(shape(diagnose([likely, told], FAILING)), ["K10 > A15"]);
    const inferred = finds("inferred", {
      cause: "A15",
      stage: "mapping",
      confidence: "likely",
      inferred: true,
    });
    assert.deepEqual(shape(diagnose([inferred, sure], FAILING)), ["K10 > A15"]);
  });

  it("folds the less sure of two that are the same, whichever of them says so", () => {
    const sure = finds("sure", { cause: "L6", stage: "credentials" });
    const other = finds("other", {
      cause: "L4",
      stage: "credentials",
      confidence: "likely",
      explains: ["L6"],
    });
    assert.deepEqual(shape(diagnose([other, sure], FAILING)), ["L6 > L4"]);
  });

  it("folds what a finding says that it explains, even if it stands earlier in the chain", () => {
    const early = finds("early", { cause: "K1", stage: "plugin", confidence: "likely" });
    const late = finds("late", { cause: "T3", stage: "client", explains: ["K1"] });
    const shapes = shape(diagnose([early, late], FAILING));
    assert.deepEqual(shapes, ["T3 > K1"]);
  });

  it("folds what is explained by something that is itself explained", () => {
    const first = finds("first", { cause: "K8", stage: "kubeconfig", explains: ["L7"] });
    const second = finds("second", { cause: "L7", stage: "credentials", explains: ["E1"] });
    const third = finds("third", { cause: "E1", stage: "mapping" });
    assert.deepEqual(shape(diagnose([third, second, first], FAILING)), ["K8 > L7 E1"]);
  });

  it("prefers what is seen to what is inferred from the failure, however sure that is", () => {
    const seen = finds("seen", { cause: "A4", stage: "mapping", confidence: "possible" });
    const inferred = finds("inferred", { cause: "K11", stage: "kubeconfig", inferred: true });
    assert.deepEqual(shape(diagnose([inferred, seen], FAILING)), ["A4 > K11"]);
  });

  it("names the surest of what is only inferred, and keeps the others under it", () => {
    const sure = finds("sure", { cause: "E1", stage: "mapping", confidence: "likely", inferred: true });
    const less = finds("less", { cause: "K11", stage: "kubeconfig", confidence: "possible", inferred: true });
    assert.deepEqual(shape(diagnose([less, sure], FAILING)), ["E1 > K11"]);
  });

  it("folds the same cause found twice", () => {
    const one = finds("one", { cause: "S8", stage: "credentials" });
    const other = finds("other", { cause: "S8", stage: "token" });
    assert.deepEqual(shape(diagnose([one, other], FAILING)), ["S8 > S8"]);
  });

  it("never blames a context that works, but says what is odd about it", () => {
    const error = finds("error", { cause: "E5", stage: "mapping" });
    const guess = finds("guess", { cause: "E1", stage: "mapping", inferred: true });
    const odd = finds("odd", { cause: "K8", stage: "kubeconfig", severity: "warning" });
    const { healthy, rootCauses, warnings } = diagnose([error, guess, odd], WORKING);
    assert.equal(healthy, true);
    assert.deepEqual(rootCauses, []);
    assert.deepEqual(
      warnings.map(({ cause }) => cause),
      ["E5", "K8"],
    );
  });

  it("tells rules that passed from those that do not apply and those that could not decide", () => {
    const stated = { stage: "network", causes: ["N1"], expects: "x" } as const;
    const rules: readonly Rule[] = [
      { ...stated, code: "looked", needs: ["principal"], check: () => passed },
      { ...stated, code: "elsewhere", check: () => doesNotApply("another client") },
      { ...stated, code: "blind", needs: ["vouch"], check: () => passed },
      { ...stated, code: "none", needs: ["impersonation"], check: () => passed },
      {
        ...stated,
        code: "asks",
        check: (_, { evidence }) => (evidence.vouch === undefined ? passed : doesNotApply("Vouch")),
      },
    ];
    const { vouch: _, ...bundle } = unauthorized();
    assert.deepEqual(
      diagnose(rules, deriveFacts(bundle)).outcomes.map(({ rule, ...outcome }) => [rule.code, outcome]),
      [
        ["looked", { status: "passed" }],
        ["elsewhere", { status: "notApplicable", why: "another client" }],
        ["blind", { status: "unknown", missing: ["vouch"] }],
        ["none", { status: "notApplicable", why: "no impersonation was found" }],
        ["asks", { status: "unknown", missing: ["vouch"] }],
      ],
    );
  });

  it("is not certain of what a part that was refused could speak against", () => {
    const rule: Rule = {
      code: "sure",
      stage: "mapping",
      causes: ["E3"],
      expects: "x",
      check: (_, { evidence }) => {
        const isGone = knownValue(evidence.role) === undefined;
        const describe = () => ({ summary: `gone: ${isGone}`, evidence: [], falsifiedBy: "", fixes: [] });
        return found({ confidence: "certain", describe });
      },
    };
    const confidenceIn = (bundle: DoctorEvidence) => {
      const outcome = runRule(rule, deriveFacts(bundle));
      return outcome.status === "found" ? outcome.findings.map(({ confidence }) => confidence) : outcome;
    };
    assert.deepEqual(confidenceIn(unauthorized()), ["certain"]);
    assert.deepEqual(confidenceIn(unauthorized({ role: { failed: "AccessDenied" } })), ["likely"]);
  });

  it("lets the other rules speak when one throws", () => {
    const bug: Rule = {
      code: "bug",
      stage: "kubeconfig",
      causes: ["K1"],
      expects: "x",
      check: () => {
        throw new TypeError("no such property");
      },
    };
    const { rootCauses, outcomes } = diagnose(
      [bug, finds("cause", { cause: "L5", stage: "credentials" })],
      FAILING,
    );
    assert.deepEqual(
      rootCauses.map(({ cause }) => cause),
      ["L5"],
    );
    assert.equal(outcomes[0]?.status, "failed");
    assert.throws(
      () => check(unauthorized(), { rules: [bug], redact: false, shell: "bash", format: "aws" }),
      /no such property/,
    );
  });

  it("takes an error of the rule's first cause for meant, in its stage, unless the conclusion says otherwise", () => {
    const describe = () => ({ summary: "", evidence: [], falsifiedBy: "", fixes: [] });
    const rule: Rule = {
      code: "both",
      stage: "mapping",
      causes: ["E3", "E4"],
      expects: "x",
      check: () =>
        found(
          { confidence: "certain", describe },
          { cause: "E4", severity: "warning", stage: "client", confidence: "likely", describe },
        ),
    };
    const outcome = runRule(rule, FAILING);
    assert.ok(outcome.status === "found");
    assert.deepEqual(
      outcome.findings.map(({ cause, severity, stage }) => [cause, severity, stage]),
      [
        ["E3", "error", "mapping"],
        ["E4", "warning", "client"],
      ],
    );
  });

  it("gives a rule the facts that it needs, each known", () => {
    const given: unknown[] = [];
    const rule: Rule = {
      code: "curious",
      stage: "mapping",
      causes: ["E3"],
      expects: "x",
      needs: ["principal"],
      check: ({ principal }) => {
        given.push(principal.arn);
        return passed;
      },
    };
    runRule(rule, FAILING);
    assert.deepEqual(given, [FAILING.principal?.arn]);
    const { callerIdentity: _, selfSubjectReview: __, ...bundle } = unauthorized();
    runRule(rule, deriveFacts(bundle));
    assert.equal(given.length, 1);
  });
});

describe("the diagnosis of a bundle", () => {
  const on = (bundle: DoctorEvidence) => diagnose(RULES, deriveFacts(bundle));

  it("is healthy where nothing is wrong", () => {
    for (const bundle of [healthyBundle(), healthyVouchBundle()]) {
      const { healthy, rootCauses, warnings } = on(bundle);
      assert.deepEqual({ healthy, rootCauses, warnings }, { healthy: true, rootCauses: [], warnings: [] });
    }
  });

  it("names a kubeconfig fault and a stale entry, when both are there", () => {
    const shadow = { path: "/home/ada/.kube/old", text: "" };
    const stale = mappingFault("E3");
    const kubeconfig = stale.kubeconfig;
    assert.ok(kubeconfig !== undefined && "files" in kubeconfig);
    const files = [
      {
        ...shadow,
        text: [
          "apiVersion: v1",
          "kind: Config",
          "users:",
          "- name: lab",
          "  user:",
          "    token: old-token",
          "",
        ].join("\n"),
      },
      ...kubeconfig.files,
    ];
    const causes = on({ ...stale, kubeconfig: { files } }).rootCauses.map(({ cause }) => cause);
    assert.ok(causes.length >= 2, causes.join());
    assert.ok(causes.includes("E3"), causes.join());
    assert.ok(
      causes.some((cause) => cause === "K8" || cause === "K11"),
      causes.join(),
    );
  });

  it("says what to fetch next when a failure stays unexplained, with the names that are known", () => {
    const bundle = CASES["unexplained"];
    assert.ok(bundle);
    assert.deepEqual(on(bundle).rootCauses, []);
    assert.deepEqual(
      nextEvidence(deriveFacts(bundle), { shell: "bash" }).map(({ part }) => part),
      ["accessEntries", "accessEntryDetails", "awsAuth"],
    );
  });

  it("stays with the network when nothing answers, whatever the entries look like", () => {
    const { accessEntries, accessEntryDetails, associatedPolicies } = mappingFault("E1");
    const bundle = {
      ...networkFault("N3"),
      accessEntries,
      accessEntryDetails,
      associatedPolicies,
    } as DoctorEvidence;
    const [first] = on(bundle).rootCauses;
    assert.equal(first?.cause, "N3");
  });
});
