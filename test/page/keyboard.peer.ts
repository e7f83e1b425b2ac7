import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { ElementHandle, KeyInput, Page } from "puppeteer-core";
import { FAULTS } from "../doctor/support/faults.ts";
import { mappingFault } from "../doctor/support/mapping-faults.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { drop, settled, write } from "./support/doctor-page.ts";
import { inEachBrowser, openFile } from "./support/offline-browser.ts";

/** What has the focus, and whether one sees that. */
function focus(page: Page): Promise<{ readonly what: string; readonly isSeen: boolean }> {
  return page.evaluate(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) return { what: "nothing", isSeen: false };
    const { outlineStyle, outlineWidth } = getComputedStyle(activeElement);
    const isSeen = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
    return { what: activeElement.id || activeElement.textContent, isSeen };
  });
}

/** Walks by Tab until something has the focus; all on the way is seen to have it. */
async function walkTo(page: Page, wanted: string, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let steps = 0; steps < 40; steps++) {
    if (key === "Shift+Tab") await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    if (key === "Shift+Tab") await page.keyboard.up("Shift");
    const { what, isSeen } = await focus(page);
    if (what !== "nothing") assert.ok(isSeen, `the focus on ${what} is seen`);
    if (what === wanted) return;
    passed.push(what);
  }
  assert.fail(`${wanted} is not among ${passed.join(", ")}`);
}

async function chord(page: Page, key: KeyInput): Promise<void> {
  await page.keyboard.down("Control");
  await page.keyboard.press(key);
  await page.keyboard.up("Control");
}

const text = terminalText(mappingFault("E3"));

inEachBrowser("by keyboard alone", (opened) => {
  let page: Page;
  beforeEach(async () => {
    ({ page } = await openFile(opened(), opened().pageFile));
  });
  afterEach(() => page.close());

  const box = () => page.$eval("#words", (words) => (words as HTMLTextAreaElement).value);
  const asked = async () => {
    await walkTo(page, "words");
    await write(page, text);
    await walkTo(page, "Diagnose");
    await page.keyboard.press("Enter");
    return settled(page);
  };

  it("one types what one saw, asks, and is at the verdict", async () => {
    await walkTo(page, "words");
    await page.keyboard.type("error: You must be logged in to the server (Unauthorized)");
    await walkTo(page, "Diagnose");
    await page.keyboard.press("Enter");
    assert.equal((await settled(page)).status, "Diagnosis: the cause is not known");
    assert.deepEqual(await focus(page), { what: "verdict", isSeen: true });
  });

  it("one writes several commands with what they printed, and is told the cause", async () => {
    const { status, causes } = await asked();
    assert.equal(status, "Diagnosis: E3 certain");
    assert.deepEqual(causes, ["E3"]);
    assert.deepEqual(await focus(page), { what: "verdict", isSeen: true });
  });

  it("one pastes, is told the verdict where one is, and takes the paste back", async () => {
    await walkTo(page, "words");
    await write(page, text);
    await chord(page, "a");
    await chord(page, "x");
    assert.equal(await box(), "");
    await chord(page, "v");
    assert.equal((await settled(page)).status, "Diagnosis: E3 certain");
    assert.equal(await box(), text);
    assert.equal((await focus(page)).what, "words");
    await page.keyboard.type("and more");
    assert.equal(await box(), `${text}and more`);
    await chord(page, "a");
    await chord(page, "v");
    await page.waitForFunction((pasted) => document.querySelector("textarea")?.value === pasted, {}, text);
    await settled(page);
    await chord(page, "z");
    assert.equal(await box(), `${text}and more`);
  });

  it("one chooses a shell and what is left out, and stays there", async () => {
    await asked();
    await walkTo(page, "shell", "Shift+Tab");
    await page.keyboard.press("ArrowDown");
    await settled(page);
    assert.deepEqual(await focus(page), { what: "shell", isSeen: true });
    await page.keyboard.press("ArrowDown");
    await settled(page);
    assert.notEqual(await page.$eval("#shell", (select) => (select as HTMLSelectElement).selectedIndex), 0);
    await walkTo(page, "redact");
    await page.keyboard.press(" ");
    await settled(page);
    assert.deepEqual(await focus(page), { what: "redact", isSeen: true });
  });

  it("one reads, and begins anew where a file changes what one reads", async () => {
    await asked();
    await walkTo(page, "save-report");
    await page.focus("#report summary");
    await drop(page, [{ name: "one.json", text: JSON.stringify(FAULTS[0]?.bundle) }]);
    assert.equal((await focus(page)).what, "verdict");
  });

  it("one reaches the commands and what was checked, saves the report and the evidence, and comes back", async () => {
    await asked();
    await walkTo(page, "save-report");
    await walkTo(page, "save-evidence");
    await walkTo(page, "words", "Shift+Tab");
  });

  it("one opens what is folded", async () => {
    await asked();
    for (let step = 0; step < 40 && !/^Checked/.test((await focus(page)).what); step++)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.ok(await page.$eval("#report details", (details) => (details as HTMLDetailsElement).open));
  });

  it("one takes files away again, and never loses one's place", async () => {
    const files = ["one.json", "two.json"].map((name) => path.join(opened().folder, name));
    for (const file of files) fs.writeFileSync(file, JSON.stringify(FAULTS[0]?.bundle));
    const input = (await page.$("#files")) as ElementHandle<HTMLInputElement>;
    for (const file of files) {
      await page.evaluate(() => document.getElementById("status")?.replaceChildren());
      await input.uploadFile(file);
      assert.match((await settled(page)).status, /^Diagnosis: /);
    }
    await walkTo(page, "Remove two.json", "Shift+Tab");
    await page.keyboard.press("Enter");
    await settled(page);
    assert.deepEqual(await focus(page), { what: "Remove one.json", isSeen: true });
    await page.keyboard.press(" ");
    const { status, report } = await settled(page);
    assert.match(status, /^There is nothing to judge yet/);
    assert.equal(report, "");
    assert.deepEqual(await focus(page), { what: "words", isSeen: true });
  });
});
