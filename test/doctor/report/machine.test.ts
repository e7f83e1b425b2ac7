import assert from "node:assert/strict";
import { stringify } from "yaml";
import { RULES } from "../../../doctor/causes/index.ts";
import { problemsOf } from "../../../doctor/evidence/schema/problems.ts";
import { githubAnnotations } from "../../../doctor/report/annotations.ts";
import { junitReport } from "../../../doctor/report/junit.ts";
import { shortReport } from "../../../doctor/report/overview.ts";
import { type DoctorReport, REPORT_SCHEMA } from "../../../doctor/report/report-schema.ts";
import { healthyBundle, unauthorized } from "../support/bundle.ts";
import { FAULTS } from "../support/faults.ts";
import { assertGolden } from "../support/golden.ts";
import { CASES, goldenReports, reportOn, withFewLinks } from "../support/report-case.ts";

/** What a program reads. */
const asJson = (report: DoctorReport | readonly unknown[]): unknown => JSON.parse(JSON.stringify(report));

describe("the report for programs", () => {
  it("is what the golden file has, where a cause is certain and where none is found", () => {
    const [, stale = assert.fail(), , unexplained = assert.fail()] = goldenReports();
    assertGolden("report.yaml", stringify(asJson([stale, unexplained].map(withFewLinks)), { lineWidth: 0 }));
  });

  it("says of every rule what came of it, once", () => {
    const { rootCauses, warnings, checked } = reportOn(healthyBundle());
    const { passed, notApplicable, undecided } = checked;
    assert.deepEqual([rootCauses, warnings], [[], []]);
    const told = [...passed, ...notApplicable, ...undecided].map(({ code }) => code);
    assert.deepEqual(told.sort(), RULES.map(({ code }) => code).sort());
  });

  it("fits its schema, whatever is broken", () => {
    for (const { row, bundle } of FAULTS) {
      assert.deepEqual(problemsOf(REPORT_SCHEMA, asJson(reportOn(bundle))), [], row);
    }
  });

  it("names the cause where issue trackers and scripts look for it", () => {
    const report = reportOn(CASES["stale"] ?? healthyBundle());
    const [first] = report.rootCauses;
    assert.deepEqual(
      {
        healthy: report.healthy,
        cause: first?.cause,
        confidence: first?.confidence,
        unknown: report.unknown,
      },
      { healthy: false, cause: "E3", confidence: "certain", unknown: undefined },
    );
  });

  it("annotates a run of GitHub Actions, each finding in one line of its own", () => {
    const told = githubAnnotations(
      [
        reportOn(CASES["stale"] ?? healthyBundle()),
        reportOn(CASES["unexplained"] ?? healthyBundle()),
        reportOn(healthyBundle()),
      ],
      {
        notChecked: [{ context: "a:b,c", why: "100 %\r\n::error::x" }],
        skipped: [{ context: "gke", why: "not EKS" }],
      },
    );
    const [stale = "", unknown = "", ...others] = told.trimEnd().split("\n");
    assert.match(
      stale,
      /^::error title=lab%3A E3 \(certain\)::The access entry .+%0ADelete .+%0Aaws eks delete-access-entry .+%0Ahttps:\/\/github\.com\/\S+\/CODES\.md#e3%0Ahttps:\/\/docs\.aws\./,
    );
    assert.match(unknown, /^::error title=lab%3A cause unknown::Unauthorized: /);
    assert.deepEqual(others, [
      "::notice title=lab::lab: ok (arn:aws:sts::111122223333:assumed-role/Dev/ada-example.com)",
      "::error title=a%3Ab%2Cc%3A not checked::100 %25%0D%0A::error::x",
      "::notice title=gke%3A skipped::not EKS",
    ]);
  });

  it("annotates no fix of what is only possible, and warns of what is no cause", () => {
    const report = reportOn(CASES["stale"] ?? healthyBundle());
    const rootCauses = report.rootCauses.map((cause) => ({ ...cause, confidence: "possible" as const }));
    const [first = "", second = ""] = githubAnnotations([
      { ...report, rootCauses, warnings: report.rootCauses },
    ]).split("\n");
    assert.match(first, /^::error title=lab%3A E3 \(possible\)::[^%]*%0Ahttps:\S+%0Ahttps:\S+$/);
    assert.match(second, /^::warning title=lab%3A E3::/);
  });

  it("says of an unexplained failure what to fetch next", () => {
    const report = reportOn(CASES["unexplained"] ?? healthyBundle());
    assert.deepEqual(report.rootCauses, []);
    assert.deepEqual(
      report.unknown?.fetchNext.map(({ part, command }) => `${part}: ${command}`),
      [
        "accessEntries: aws eks list-access-entries --cluster-name lab --region eu-west-1",
        "accessEntryDetails: aws eks describe-access-entry --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::111122223333:role/Dev",
        "awsAuth: kubectl get configmap aws-auth -n kube-system -o yaml",
      ],
    );
  });
});

describe("the short report", () => {
  it("is one line for each context", () => {
    assertGolden("report-short.txt", goldenReports().map(shortReport).join(""));
  });

  it("stays one line when a server sends several", () => {
    const report = reportOn(CASES["stale"] ?? healthyBundle());
    const [cause] = report.rootCauses;
    assert.ok(cause);
    const line = shortReport({
      ...report,
      context: "lab\n::error::x",
      rootCauses: [{ ...cause, summary: "one\ntwo\x1b[31m" }],
    });
    assert.equal(line, "lab ::error::x: E3 certain: one two\n");
  });
});

describe("the JUnit report", () => {
  it("is the XML of the golden file", () => {
    assertGolden("report.junit.xml", junitReport(goldenReports()));
  });

  it("has a test per context, counts what it lists, and holds no character that XML forbids", () => {
    const bundle = unauthorized({ cluster: { failed: "<&\x00>" } });
    const others = {
      skipped: [{ context: "gke", why: "not EKS" }],
      notChecked: [{ context: "far", why: "<>" }],
    };
    const xml = junitReport([reportOn(bundle), reportOn(healthyBundle())], others);
    assert.doesNotMatch(xml, /[^\P{Cc}\n]/u);
    const count = (pattern: RegExp) => [...xml.matchAll(pattern)].length;
    const said = (name: string) => Number(new RegExp(`<testsuite [^>]*${name}="(\\d+)"`).exec(xml)?.[1]);
    assert.equal(said("tests"), count(/<testcase /g));
    assert.equal(said("tests"), 4);
    assert.equal(said("failures"), count(/<failure /g));
    assert.equal(said("errors"), count(/<error /g));
    assert.equal(said("skipped"), count(/<skipped /g));
  });
});
