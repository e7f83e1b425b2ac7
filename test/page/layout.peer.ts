import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Page } from "puppeteer-core";
import { htmlFleet, htmlReport } from "../../doctor/report/html/document.ts";
import { healthyBundle } from "../doctor/support/bundle.ts";
import { FAULTS } from "../doctor/support/faults.ts";
import { reportOn } from "../doctor/support/report-case.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { drop, paste } from "./support/doctor-page.ts";
import { inEachBrowser, openFile } from "./support/offline-browser.ts";

/** What is wider than the window, where the window scrolls sideways. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth && element.closest("pre") === null,
    );
    return [`${scrollWidth} of ${clientWidth}`, ...wide.map((element) => element.outerHTML.slice(0, 80))];
  });
}

const isShown = (page: Page, selector: string) =>
  page.evaluate((wanted) => document.querySelector(wanted)?.checkVisibility() ?? false, selector);

inEachBrowser("on a telephone of 320 pixels", (opened) => {
  const narrow = async (file: string) => {
    const { page } = await openFile(opened(), file);
    await page.setViewport({ width: 320, height: 640 });
    assert.ok((await page.evaluate(() => innerWidth)) <= 320);
    return page;
  };

  it("the page does not scroll sideways", async () => {
    const page = await narrow(opened().pageFile);
    assert.deepEqual(await tooWide(page), []);
    for (const { row, bundle } of FAULTS.filter((_, index) => index % 4 === 0)) {
      assert.match((await paste(page, terminalText(bundle))).status, /^Diagnosis: /);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      assert.deepEqual(await tooWide(page), [], row);
    }
    await drop(page, [{ name: `${"long-".repeat(30)}.json`, text: JSON.stringify(FAULTS[0]?.bundle) }]);
    assert.deepEqual(await tooWide(page), []);
    await page.evaluate(() =>
      document.querySelector<HTMLElement>("#verdict")?.style.setProperty("width", "400px"),
    );
    assert.notDeepEqual(await tooWide(page), [], "what is too wide is found");
  });

  it("neither do the reports of the command line", async () => {
    const reports = FAULTS.map(({ bundle }) => reportOn(bundle));
    const others = [{ context: "gke_project_europe-west1-b_cluster", why: "it is that of a GKE cluster" }];
    const documents = [
      ...reports.slice(0, 3).map((report) => htmlReport(report)),
      htmlFleet({ reports, notChecked: others, skipped: others }),
    ];
    for (const html of documents) {
      const file = path.join(opened().folder, "report.html");
      fs.writeFileSync(file, html);
      const page = await narrow(file);
      assert.deepEqual(await tooWide(page), []);
      await page.close();
    }
  });
});

inEachBrowser("printed", (opened) => {
  it("a fleet of 60 contexts, 24 of them in trouble, takes at most 12 sheets", async () => {
    const reports = Array.from({ length: 60 }, (_, index) => {
      const bundle = index % 5 < 2 ? FAULTS[(index * 7) % FAULTS.length]?.bundle : healthyBundle();
      const context = `arn:aws:eks:eu-west-1:111122223333:cluster/team-${index}`;
      return { ...reportOn(bundle ?? assert.fail()), context };
    });
    const file = path.join(opened().folder, "fleet.html");
    fs.writeFileSync(file, htmlFleet({ reports, notChecked: [], skipped: [] }));
    const { page } = await openFile(opened(), file);
    const pdf = Buffer.from(await page.pdf({ format: "a4" })).toString("latin1");
    const sheets = /\/Type\s*\/Pages[^>]*?\/Count (\d+)|\/Count (\d+)[^>]*?\/Type\s*\/Pages/
      .exec(pdf)
      ?.slice(1)
      .find(Boolean);
    // Firefox packs the tree of pages.
    if (opened().name === "chromium") assert.ok(Number(sheets) <= 12, `${sheets} sheets`);
    await page.close();
  });

  it("the page is the report alone, all of it", async () => {
    const { page } = await openFile(opened(), opened().pageFile);
    assert.equal(await isShown(page, "#saving"), false, "there is nothing to save yet");
    await paste(page, terminalText(FAULTS[0]?.bundle ?? assert.fail()));
    const parts = ["#ask", "#words", "#read", "#saving", "#report .verdict", "#report .folded ul"];
    const shown = async () => Promise.all(parts.map((part) => isShown(page, part)));
    assert.deepEqual(await shown(), [true, true, true, true, true, false]);
    await page.evaluate(() => {
      const list = document.querySelector("#report .folded ul");
      addEventListener("beforeprint", () => Reflect.set(globalThis, "printed", list?.checkVisibility()));
    });
    const saved = Buffer.from(await page.pdf()).toString("latin1");
    assert.match(saved, /^%PDF-/);
    assert.equal(
      await page.evaluate(() => Reflect.get(globalThis, "printed")),
      true,
      "it opens what is folded",
    );
    assert.deepEqual((await shown()).slice(4), [true, false], "and folds it again");
    if (opened().name === "firefox") return; // It has no way to show a window as it is printed.
    await page.emulateMediaType("print");
    assert.deepEqual(await shown(), [false, false, false, false, true, false]);
  });
});
