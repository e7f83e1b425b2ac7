import assert from "node:assert/strict";
import type { Page } from "puppeteer-core";
import { RULES } from "../../doctor/causes/index.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { readEvidence } from "../../doctor/evidence/read-evidence.ts";
import { judge } from "../../doctor/judge.ts";
import { readPasted } from "../../doctor/paste/read-paste.ts";
import type { HtmlNode } from "../../doctor/report/html/node.ts";
import { reportSections, shownReport, verdictSentence } from "../../doctor/report/html/report.ts";
import { GATHERED_AT } from "../doctor/support/bundle.ts";
import { FAULTS } from "../doctor/support/faults.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { asBuilt } from "../support/as-built.ts";
import { partOf } from "../support/part.ts";
import { drop, paste, type Shown } from "./support/doctor-page.ts";
import { inEachBrowser, openFile } from "./support/offline-browser.ts";

/** What the command line says of the same evidence. */
function expected(evidence: DoctorEvidence): Shown {
  const report = shownReport(
    judge(evidence, { rules: RULES, redact: false, shell: "bash", format: "aws" }).report,
  );
  const [cause] = report.rootCauses;
  return {
    status: `Diagnosis: ${verdictSentence(report)[0]}${cause === undefined ? "" : ` (${cause.confidence})`}`,
    report: asBuilt(reportSections(report, { place: "page", shell: "bash" }).map(wordsOf).join("")),
    causes: report.rootCauses.map(({ cause }) => cause),
  };
}

function wordsOf(node: HtmlNode): string {
  return typeof node === "string" ? node : node.children.map(wordsOf).join("");
}

/** Makes the page's clock stand still. */
function stopClock(page: Page, now: number): Promise<void> {
  return page.evaluate((time) => {
    Date.now = () => time;
  }, now);
}

inEachBrowser("a fault", (opened) => {
  let page: Page;
  let wrong: readonly string[];
  before(async () => {
    ({ page, wrong } = await openFile(opened(), opened().pageFile));
  });
  after(() => assert.deepEqual(wrong, []));

  for (const [index, { row, bundle }] of partOf("faults on the page", [...FAULTS.entries()])) {
    const name = index % 3 === 0 ? undefined : "terminal.txt";
    const way = name === undefined ? "is pasted" : "is dropped";
    it(`that ${way} from a terminal is judged as on the command line: ${row}`, async () => {
      const now = Date.parse(bundle.gatheredAt ?? GATHERED_AT);
      const text = terminalText(bundle);
      await stopClock(page, now);
      await page.evaluate(() => document.getElementById("clear")?.click());
      const shown = name === undefined ? await paste(page, text) : await drop(page, [{ name, text }]);
      assert.deepEqual(shown, expected(readPasted([{ name, text }], now).evidence));
    });
  }

  for (const { row, bundle } of FAULTS.filter((_, index) => index % 8 === 0))
    it(`whose bundle is dropped is judged as on the command line: ${row}`, async () => {
      const text = JSON.stringify(bundle);
      await page.evaluate(() => document.getElementById("clear")?.click());
      assert.deepEqual(await drop(page, [{ name: "case.json", text }]), expected(readEvidence(text)));
    });
});
