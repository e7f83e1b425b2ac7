import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Page } from "puppeteer-core";
import { htmlFleet, htmlReport } from "../../doctor/report/html/document.ts";
import { FAULTS } from "../doctor/support/faults.ts";
import { HOSTILE_NAME, withHostileNames } from "../doctor/support/hostile-names.ts";
import { reportOn } from "../doctor/support/report-case.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { drop, paste } from "./support/doctor-page.ts";
import { inEachBrowser, type OfflineBrowser, openFile } from "./support/offline-browser.ts";

/** Elements of what is shown that are not ours, attributes that run or fetch something, and signs that turn a line. */
function strangers(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const own =
      /^(?:main|h[1-4]|header|footer|section|article|p|pre|code|span|strong|ol|ul|li|dl|dt|dd|div|details|summary|svg|circle|line|text|table|thead|tbody|tr|th|td|a|form|label|textarea|input|select|option|button|noscript)$/;
    const elements = [...document.querySelectorAll("body *")].filter(
      ({ parentElement, localName }) => localName !== "script" || parentElement !== document.body,
    );
    const attributes = elements.flatMap((element) => [...element.attributes]);
    return [
      ...elements.map(({ localName }) => localName).filter((name) => !own.test(name)),
      ...attributes.map(({ name }) => name).filter((name) => /^on|^(?:style|src|srcset|action)$/.test(name)),
      ...attributes
        .filter(
          ({ name, value }) =>
            name === "href" &&
            !/^(?:#|https:\/\/(?:github\.com|docs\.aws\.amazon\.com|kubernetes\.io)\/)/.test(value),
        )
        .map(({ value }) => value),
      ...(document.getElementById("report") ?? document.body).textContent.matchAll(
        /[\u202a-\u202e]|(?!\n)\p{Cc}/gu,
      ),
    ].map(String);
  });
}

function written({ folder }: OfflineBrowser, name: string, html: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, html);
  return file;
}

inEachBrowser("markup, escapes and signs that turn a line, in place of names", (opened) => {
  let page: Page;
  let wrong: readonly string[];
  before(async () => {
    ({ page, wrong } = await openFile(opened(), opened().pageFile));
  });

  for (const { row, bundle } of FAULTS.filter((_, index) => index % 3 === 0))
    it(`stay text in the page: ${row}`, async () => {
      const { status } = await paste(page, terminalText(withHostileNames(bundle)));
      assert.match(status, /^Diagnosis: /);
      assert.deepEqual(await strangers(page), []);
    });

  it("stay text in bundles and in names of files that are dropped", async () => {
    await page.evaluate(() => document.getElementById("clear")?.click());
    for (const { bundle } of FAULTS.slice(0, 5)) {
      const text = JSON.stringify(withHostileNames(bundle));
      assert.match((await drop(page, [{ name: HOSTILE_NAME, text }])).status, /^Diagnosis: /);
      assert.deepEqual(await strangers(page), []);
      assert.match(
        (await page.evaluate(() => document.getElementById("read")?.textContent)) ?? "",
        /<script>/,
      );
    }
  });

  it("stay text in the report of the command line", async () => {
    const reports = FAULTS.map(({ bundle }) => reportOn(withHostileNames(bundle)));
    const others = [{ context: HOSTILE_NAME, why: HOSTILE_NAME }];
    const fleet = htmlFleet({ reports, notChecked: others, skipped: others });
    const one = htmlReport(reports[0] ?? assert.fail());
    for (const [name, html] of Object.entries({ "fleet.html": fleet, "report.html": one })) {
      const shown = await openFile(opened(), written(opened(), name, html));
      assert.deepEqual(await strangers(shown.page), []);
      assert.deepEqual(shown.wrong, []);
    }
  });

  it("would be found if they became elements", async () => {
    await page.evaluate(() => {
      const image = document.createElement("img");
      image.setAttribute("srcset", "");
      document.getElementById("report")?.append(image, "\u202e");
    });
    assert.deepEqual(await strangers(page), ["img", "srcset", "\u202e"]);
  });

  it("have run nothing and asked for nothing", () => {
    assert.deepEqual(wrong, []);
    assert.equal(opened().asked.join("\n").includes("hostile.example"), false);
  });
});
