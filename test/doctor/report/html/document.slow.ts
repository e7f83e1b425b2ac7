import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { bundleOfReport } from "../../../../doctor/browser/file-text.ts";
import { CATALOGUE, pagesOf } from "../../../../doctor/causes/index.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { htmlFleet, htmlReport } from "../../../../doctor/report/html/document.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { FAULTS } from "../../support/faults.ts";
import { assertGolden } from "../../support/golden.ts";
import { HOSTILE_NAME, withHostileNames } from "../../support/hostile-names.ts";
import { CASES, goldenReports, reportOn, withFewLinks } from "../../support/report-case.ts";

/** Every tag of a document, as a browser's tokenizer finds them where quotes are closed. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<\/?([a-z][a-z0-9]*)((?:[^"'<>]|"[^"]*")*)>/g)].map(([tag]) => tag);
}

const OWN_TAGS =
  /^<\/?(?:html|head|meta|title|style|body|main|h[1-4]|header|footer|section|article|p|pre|code|span|strong|ol|ul|li|dl|dt|dd|div|details|summary|svg|circle|line|text|table|thead|tbody|tr|th|td|a)\b/;

/** What a report can lead to. */
const PAGES = new Set(CATALOGUE.flatMap(({ causes }) => causes).flatMap(({ id }) => pagesOf(id)));

function assertHarmless(html: string): void {
  const tags = tagsOf(html);
  assert.equal(html.split("<").length - 1, tags.length + 1, "every < begins a tag, or the doctype");
  for (const tag of tags) {
    assert.match(tag, OWN_TAGS);
    assert.doesNotMatch(tag, /\s(?:on\w+|style|src|srcset|action|formaction|ping|data)=/);
    const [, page] = /\bhref="(?!#)([^"]*)"/.exec(tag) ?? [];
    if (page !== undefined)
      assert.ok(PAGES.has(page) && tag.endsWith(' target="_blank" rel="noreferrer noopener">'), tag);
  }
  assert.doesNotMatch(html, /[\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/u);
}

describe("a report as one document", () => {
  it("is, for the cases, the text of the golden files", () => {
    const [first = assert.fail(), ...others] = goldenReports();
    const bodies = [first, ...others.map(withFewLinks)].map(
      (report) => htmlReport(report).split("<body>\n")[1],
    );
    assertGolden(
      "report.html",
      bodies.join("\n").replaceAll(/(?<=<\/(?:section|li|header|p|h\d|ol|ul|div)>)/g, "\n"),
    );
  });

  for (const { row, bundle } of FAULTS)
    it(`holds nothing that runs, whatever names there are: ${row}`, () => {
      assertHarmless(htmlReport(reportOn(bundle)));
      assertHarmless(htmlReport(reportOn(withHostileNames(bundle))));
    });

  it("says before all else that nothing may run and nothing is fetched, but its own style", () => {
    const html = htmlReport(reportOn(FAULTS[0]?.bundle ?? assert.fail()));
    const [, policy = ""] =
      /^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(
        html,
      ) ?? [];
    const [, style = ""] = /<style>([^<]*)<\/style>/.exec(html) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    assert.equal(
      policy.replaceAll("&#39;", "'"),
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    assert.doesNotMatch(html, /<script|http:\/\/(?!www\.w3\.org\/2000\/svg)|@import|url\(/);
  });

  it("has its evidence as data that a browser neither runs nor reads as markup", () => {
    for (const { bundle } of FAULTS.slice(0, 20)) {
      const hostile = withHostileNames(bundle);
      const html = htmlReport(reportOn(hostile), hostile);
      const [whole = "", data = ""] =
        /<script type="application\/json" id="evidence">(.*)<\/script>\n<\/body>/.exec(html) ?? [];
      assert.doesNotMatch(data, /[<>&\u2028\u2029\u202a-\u202e]|\p{Cc}/u);
      assert.deepEqual(JSON.parse(data), JSON.parse(JSON.stringify(hostile)));
      assertHarmless(html.replace(whole, "</body>"));
      assert.equal(bundleOfReport(html), data);
    }
    assert.equal(bundleOfReport("<!DOCTYPE html>\n<p>"), undefined);
    assert.equal(
      bundleOfReport(`$ cat x\n<script type="application/json" id="evidence">{}</script>`),
      undefined,
    );
  });

  it("is called by its context, and what was pasted without one by the verdict alone", () => {
    const title = (bundle: DoctorEvidence) => /<title>(.*)<\/title>/.exec(htmlReport(reportOn(bundle)))?.[1];
    const { bundle } = FAULTS.find(({ row }) => row === "E1") ?? assert.fail();
    assert.equal(title(bundle), "kubectl vouch doctor – lab: E1 certain");
    assert.match(
      title(without(bundle, "kubeconfig")) ?? "",
      /^kubectl vouch doctor – (?:E1 \w+|the cause is not known)$/,
    );
  });

  it("names each text that takes the focus", () => {
    const names = goldenReports().flatMap((report) =>
      [...htmlReport(report).matchAll(/<pre([^>]*)>/g)].map(([, attributes]) => attributes),
    );
    assert.ok(names.length > 5);
    for (const attributes of names)
      assert.match(attributes ?? "", /^ tabindex="0" role="group" aria-label="[A-Z][^"]+" translate="no"$/);
  });

  it("keeps languages apart: code alone is not translated", () => {
    const html = htmlReport(reportOn(FAULTS[0]?.bundle ?? assert.fail()));
    assert.match(html, /<html lang="en">/);
    for (const [tag] of html.matchAll(/<code[^>]*>/g)) assert.match(tag, /^<code(?: translate="no")?>$/);
  });

  it("has one heading for each report in trouble, and places that are there for all that leads to one", () => {
    const reports = [...FAULTS.slice(0, 5).map(({ bundle }) => bundle), healthyBundle()].map((bundle) =>
      reportOn(bundle),
    );
    const html = htmlFleet({
      reports,
      notChecked: [{ context: HOSTILE_NAME, why: HOSTILE_NAME }],
      skipped: [{ context: "gke", why: "it is that of a GKE cluster" }],
    });
    assertHarmless(html);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    const targets = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    assert.equal(targets.filter((target) => target !== "index").length, reports.length - 1);
    for (const target of targets) assert.ok(ids.includes(target), target);
    assert.deepEqual(
      ids.toSorted(),
      [...new Set(targets)].toSorted(),
      "no place twice, and none that nothing leads to",
    );
  });

  it("lists contexts in trouble first, with signs and totals, and healthy ones in one line", () => {
    const named = (context: string, bundle: DoctorEvidence) => ({ ...reportOn(bundle), context });
    const [broken = assert.fail(), unknown = assert.fail()] = [CASES["stale"], CASES["unexplained"]];
    const arn = "arn:aws:eks:eu-west-1:111122223333:cluster/";
    const html = htmlFleet({
      reports: [named(`${arn}fine`, healthyBundle()), named("dark", unknown), named(`${arn}old`, broken)],
      notChecked: [],
      skipped: [],
    });
    const [, index = ""] = /<ol class="index">(.*?)<\/ol>/s.exec(html) ?? [];
    const lines = index.split("</li>").map((line) => line.replaceAll(/<[^>]*>/g, ""));
    assert.match(lines[0] ?? "", /^✗ old The access entry/);
    assert.match(lines[1] ?? "", /^\? dark Unauthorized/);
    assert.match(lines[2] ?? "", /^✓ fine arn:aws:sts/);
    assert.match(html, /<h1[^>]*>2 of 3 contexts need attention: 1 broken, 1 not known<\/h1>/);
    assert.equal(html.split("<article").length - 1, 2);
  });
});
