import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { ElementHandle, Page } from "puppeteer-core";
import { FAULTS } from "../doctor/support/faults.ts";
import { drop, listed, paste, settled } from "./support/doctor-page.ts";
import { inEachBrowser, openFile } from "./support/offline-browser.ts";

const [FAULT = assert.fail()] = FAULTS;

/** Most that is read, in bytes. */
const MOST = 20_000_000;

inEachBrowser("files", (opened) => {
  let page: Page;
  let input: ElementHandle<HTMLInputElement>;
  beforeEach(async () => {
    ({ page } = await openFile(opened(), opened().pageFile));
    input = (await page.$("#files")) as ElementHandle<HTMLInputElement>;
  });
  afterEach(() => page.close());

  const choose = async (name: string, text: string) => {
    const file = path.join(opened().folder, name);
    fs.writeFileSync(file, text);
    await page.evaluate(() => document.getElementById("status")?.replaceChildren());
    await input.uploadFile(file);
    return settled(page);
  };

  it("that are too large are refused, and can be chosen once more", async () => {
    for (const text of ["x".repeat(MOST + 1), JSON.stringify(FAULT.bundle)]) {
      const { status } = await choose("case.json", text);
      assert.match(
        status,
        text.length > MOST ? /^That is 21 MB, but at most 20 MB can be read\.$/ : /^Diagnosis: /,
      );
      assert.equal(await page.$eval("#files", (field) => (field as HTMLInputElement).value), "");
    }
  });

  it("are measured in bytes, as texts are", async () => {
    const { status } = await paste(page, "ä".repeat(MOST / 2 + 1));
    assert.match(status, /^That is 21 MB/);
  });

  it("have names in which every sign is seen", async () => {
    await drop(page, [{ name: "a\u202enosj.json", text: JSON.stringify(FAULT.bundle) }]);
    assert.match((await listed(page)).join(), /^a\\u202enosj\.jsonRemove a\\u202enosj\.json/);
  });
});
