import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Page } from "puppeteer-core";
import { FAULTS } from "../doctor/support/faults.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { listed, paste } from "./support/doctor-page.ts";
import { inEachBrowser, type OfflineBrowser, openFile } from "./support/offline-browser.ts";
import { withWorkerScript } from "./support/patched-page.ts";

const [FAULT = assert.fail()] = FAULTS;

/** Hangs, breaks or takes three seconds where a text says so. */
const SPOILT_WORKER = `{
  const judge = self.onmessage;
  self.onmessage = (event) => {
    const says = (word) => event.data.texts.some(({ text }) => text.includes(word));
    while (says("please hang"));
    if (says("please break")) throw new Error("broken");
    const end = says("please wait") && event.data.kind === "judge" ? Date.now() + 3000 : 0;
    while (Date.now() < end);
    judge(event);
  };
}`;

function spoilt({ folder, pageFile }: OfflineBrowser): string {
  const file = path.join(folder, "spoilt.html");
  fs.writeFileSync(file, withWorkerScript(fs.readFileSync(pageFile, "utf8"), SPOILT_WORKER));
  return file;
}

inEachBrowser("a worker", (opened) => {
  let page: Page;
  beforeEach(async () => {
    ({ page } = await openFile(opened(), spoilt(opened())));
  });
  const judgesAgain = async () =>
    assert.match((await paste(page, terminalText(FAULT.bundle))).status, /^Diagnosis: /);

  it("that hangs is ended after ten seconds, and the page goes on", async () => {
    const { status, report } = await paste(page, "please hang");
    assert.equal(status, "This takes longer than 10 seconds: paste less.");
    assert.equal(report, "");
    await judgesAgain();
  });

  it("that breaks is told, and the page goes on", async () => {
    const { status, report } = await paste(page, "please break");
    assert.equal(status, "This cannot be diagnosed: the doctor failed on it.");
    assert.equal(report, "");
    await judgesAgain();
  });

  it("that cannot be made is told, and the page goes on once it can", async () => {
    await page.evaluate(() => {
      Reflect.set(globalThis, "kept", DecompressionStream);
      Reflect.deleteProperty(globalThis, "DecompressionStream");
    });
    for (let tries = 0; tries < 2; tries++)
      assert.match(
        (await paste(page, "please break")).status,
        /^This cannot be diagnosed here: .*Decompression/,
      );
    await page.evaluate(() =>
      Reflect.set(globalThis, "DecompressionStream", Reflect.get(globalThis, "kept")),
    );
    await judgesAgain();
  });

  it("that nobody waits for any more does not end the next one", async () => {
    const hanging = paste(page, "please hang");
    await new Promise((resolve) => setTimeout(resolve, 8000));
    const waiting = await paste(page, `please wait\n${terminalText(FAULT.bundle)}`);
    assert.match(waiting.status, /^Diagnosis: /);
    await hanging;
  });

  it("reads all that is pasted at once", async () => {
    await page.evaluate(() => {
      for (const text of ["please wait\n", "error: You must be logged in to the server (Unauthorized)\n"]) {
        const data = new DataTransfer();
        data.setData("text/plain", text);
        document.dispatchEvent(
          new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }),
        );
      }
    });
    for (const end = Date.now() + 120_000; (await listed(page)).length < 2 && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.match((await listed(page)).join("\n"), /^Paste 1.*\nPaste 2.*the failure to diagnose/);
  });

  it("is ended by Escape, and nothing of the paste stays", async () => {
    const hanging = paste(page, "please hang");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await page.keyboard.press("Escape");
    assert.equal((await hanging).status, "Stopped.");
    assert.deepEqual(await listed(page), []);
    await judgesAgain();
  });

  it("brings nothing back that was cleared", async () => {
    const hanging = paste(page, "please hang");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await page.evaluate(() => document.getElementById("clear")?.click());
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const left = await page.evaluate(() => [
      (document.getElementById("words") as HTMLTextAreaElement).value,
      document.getElementById("status")?.textContent,
      document.getElementById("report")?.textContent,
    ]);
    assert.deepEqual(left, ["", "", ""]);
    await judgesAgain();
    await hanging;
  });
});
