import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { htmlFleet, htmlReport } from "../../../../doctor/report/html/document.ts";
import { without } from "../../support/bundle.ts";
import { FAULTS } from "../../support/faults.ts";
import { assertGolden } from "../../support/golden.ts";
import { HOSTILE_NAME, withHostileNames } from "../../support/hostile-names.ts";
import { goldenReports, reportOn } from "../../support/report-case.ts";

/** Every tag of a document, as a browser's tokenizer finds them where quotes are closed. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<\/?([a-z][a-z0-9]*)((?:[^"'<>]|"[^"]*")*)>/g)].map(([tag]) => tag);
}

const OWN_TAGS =
  /^<\/?(?:html|head|meta|title|style|body|main|h[1-4]|header|section|article|p|pre|code|span|strong|ol|ul|li|dl|dt|dd|div|details|summary|svg|circle|line|text|table|thead|tbody|tr|th|td|a)\b/;

function assertHarmless(html: string): void {
  const tags = tagsOf(html);
  assert.equal(html.split("<").length - 1, tags.length + 1, "every < begins a tag, or the doctype");
  for (const tag of tags) {
    assert.match(tag, OWN_TAGS);
    assert.doesNotMatch(tag, /\s(?:on\w+|style|src|srcset|action|formaction|ping|data)=/);
    assert.doesNotMatch(tag, /\bhref="(?!#)/);
  }
  assert.doesNotMatch(html, /[\u202a-\u202e\u2066-\u2069]|(?!\n)\p{Cc}/u);
}

describe("a report as one document", () => {
  it("is, for the cases, the text of the golden files", () => {
    const bodies = goldenReports().map((report) => htmlReport(report).split("<body>\n")[1]);
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
      /^<!DOCTYPE html>\n<html lang="en" translate="no">\n<head>\n<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(
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
      assert.match(attributes ?? "", /^ tabindex="0" role="group" aria-label="[A-Z][^"]+"$/);
  });

  it("has one heading for each report, and places that are there for all that leads to one", () => {
    const reports = FAULTS.slice(0, 5).map(({ bundle }) => reportOn(bundle));
    const html = htmlFleet({
      reports,
      notChecked: [{ context: HOSTILE_NAME, why: HOSTILE_NAME }],
      skipped: [{ context: "gke", why: "it is that of a GKE cluster" }],
    });
    assertHarmless(html);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    const targets = [...html.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
    assert.equal(targets.length, reports.length);
    for (const target of targets) assert.ok(ids.includes(target), target);
    assert.deepEqual(ids.toSorted(), targets.toSorted(), "no place twice, and none that nothing leads to");
  });
});
