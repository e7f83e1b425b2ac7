import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { ElementHandle, KeyInput, Page } from "puppeteer-core";
import { ROLE_ARN } from "../doctor/support/bundle.ts";
import { FAULTS } from "../doctor/support/faults.ts";
import { mappingFault } from "../doctor/support/mapping-faults.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { drop, listed, settled, write } from "./support/doctor-page.ts";
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

const VERDICT = /^Diagnosis: The access entry for .* \(certain\)$/;

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
    assert.equal(
      (await settled(page)).status,
      "Diagnosis: Unauthorized: the cluster did not accept this identity.",
    );
    assert.deepEqual(await focus(page), { what: "verdict", isSeen: true });
  });

  it("one writes several commands with what they printed, and is told the cause", async () => {
    const { status, causes } = await asked();
    assert.match(status, VERDICT);
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
    assert.match((await settled(page)).status, VERDICT);
    assert.equal(await box(), "", "a paste is a piece, and no text of the box");
    assert.equal((await focus(page)).what, "words");
    assert.equal((await listed(page)).length, 1);
    await walkTo(page, "Remove Paste 1");
    await page.keyboard.press("Enter");
    assert.match((await settled(page)).status, /^There is nothing to diagnose yet/);
    assert.deepEqual(await focus(page), { what: "words", isSeen: true });
  });

  it("one pastes, goes to the answer, and copies the fix and the message", async () => {
    await page.evaluate(() => {
      addEventListener("copy", (event) =>
        Reflect.set(globalThis, "copied", event.clipboardData?.getData("text/plain")),
      );
    });
    const copied = () => page.evaluate(() => String(Reflect.get(globalThis, "copied")));
    await walkTo(page, "words");
    await write(page, text);
    await chord(page, "Enter");
    assert.match((await settled(page)).status, VERDICT);
    assert.deepEqual(await focus(page), { what: "verdict", isSeen: true });
    await walkTo(page, "Copy");
    await page.keyboard.press("Enter");
    assert.equal(await page.$eval("#status", ({ textContent }) => textContent), "Copied.");
    const [first = "", ...others] = (await copied()).split("\n");
    assert.equal(
      first,
      `aws eks delete-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
    );
    assert.equal(others.length, 2, "what wraps is copied in one line");
    await walkTo(page, "form");
    await page.keyboard.type("GitHub");
    await walkTo(page, "Copy");
    await page.keyboard.press("Enter");
    assert.match(await copied(), /<details><summary>[\s\S]*```text\nI cannot work on EKS cluster lab/);
  });

  it("one skips to the answer", async () => {
    await asked();
    await page.evaluate(() => {
      (document.activeElement as HTMLElement).blur();
      getSelection()?.setPosition(document.body);
    });
    await walkTo(page, "Skip to the answer");
    await page.keyboard.press("Enter");
    assert.equal((await focus(page)).what, "report");
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
    await walkTo(page, "save-evidence");
    await walkTo(page, "save-report");
    await walkTo(page, "words");
  });

  it("one opens what is folded", async () => {
    await asked();
    for (let step = 0; step < 60 && !/^Checked/.test((await focus(page)).what); step++)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.ok(await page.evaluate(() => document.activeElement?.parentElement?.hasAttribute("open")));
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
    await walkTo(page, "Remove two.json");
    await page.keyboard.press("Enter");
    await settled(page);
    assert.deepEqual(await focus(page), { what: "Remove one.json", isSeen: true });
    await page.keyboard.press(" ");
    const { status, report } = await settled(page);
    assert.match(status, /^There is nothing to diagnose yet/);
    assert.equal(report, "");
    assert.deepEqual(await focus(page), { what: "words", isSeen: true });
  });
});
