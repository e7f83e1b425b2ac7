import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import axe, { type AxeResults } from "axe-core";
import type { Page } from "puppeteer-core";
import { htmlFleet, htmlReport } from "../../doctor/report/html/document.ts";
import { FAULTS } from "../doctor/support/faults.ts";
import { CASES, reportOn } from "../doctor/support/report-case.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { drop, paste, settled } from "./support/doctor-page.ts";
import { inEachBrowser, openFile, type Scheme } from "./support/offline-browser.ts";

/** WCAG 2.0 to 2.2, levels A and AA, and what axe holds for good practice. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** The rules that are broken, with the elements that break them. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(
    async (values) =>
      (
        Reflect.get(globalThis, "axe") as { run(context: Document, options: object): Promise<AxeResults> }
      ).run(document, { runOnly: { type: "tag", values } }),
    TAGS,
  );
  assert.ok(results.passes.length > 5, "axe has looked");
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** One whose cause is known, and one with suspicions and what to collect next. */
const SHOWN = [CASES["stale"] ?? assert.fail(), CASES["unexplained"] ?? assert.fail()] as const;

const reports = Object.values(CASES).map((bundle) => reportOn(bundle));
const others = [{ context: "gke", why: "it is that of a GKE cluster" }];
const DOCUMENTS: Readonly<Record<string, string>> = {
  report: htmlReport(reportOn(SHOWN[0])),
  "index of a fleet": htmlFleet({ reports, notChecked: others, skipped: others }),
};

const SCHEMES: readonly Scheme[] = ["light", "dark"];
for (const scheme of SCHEMES)
  inEachBrowser(
    `axe, where colors are ${scheme}, finds nothing wrong with`,
    (opened) => {
      const pageOf = async (file: string) => {
        const { page } = await openFile(opened(), file);
        const isDark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
        assert.equal(isDark, scheme === "dark");
        return page;
      };

      it("the page, empty and with the diagnosis of a case", async () => {
        const page = await pageOf(opened().pageFile);
        assert.deepEqual(await violations(page), []);
        for (const bundle of SHOWN) {
          await paste(page, terminalText(bundle));
          const { status } = await drop(page, [{ name: "case.json", text: JSON.stringify(bundle) }]);
          assert.match(status, /^Diagnosis: /);
          assert.deepEqual(await violations(page), []);
        }
      });

      it("the page, but for a button without a name", async () => {
        const page = await pageOf(opened().pageFile);
        await page.evaluate(() => document.querySelector("main")?.append(document.createElement("button")));
        assert.match((await violations(page)).join("\n"), /^button-name: /);
      });

      it("the page that refuses, one that knows no cause, and one of which all is open", async () => {
        const page = await pageOf(opened().pageFile);
        await page.click("button[type=submit]");
        assert.match((await settled(page)).status, /^There is nothing to diagnose yet/);
        assert.deepEqual(await violations(page), []);
        assert.match(
          (await paste(page, "what nobody knows")).status,
          /The cause is not known|does not recognize this error message/,
        );
        assert.deepEqual(await violations(page), []);
        const { status } = await paste(page, terminalText(FAULTS[0]?.bundle ?? assert.fail()));
        assert.match(status, /^Diagnosis: /);
        await page.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        assert.deepEqual(await violations(page), []);
      });

      for (const [name, html] of Object.entries(DOCUMENTS))
        it(`the ${name}`, async () => {
          const file = path.join(opened().folder, "report.html");
          fs.writeFileSync(file, html);
          assert.deepEqual(await violations(await pageOf(file)), []);
        });
    },
    { scheme },
  );
