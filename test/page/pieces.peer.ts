import assert from "node:assert/strict";
import { strToU8, zipSync } from "fflate";
import type { Page } from "puppeteer-core";
import { EXAMPLES } from "../../doctor/browser/examples.ts";
import { healthyBundle } from "../doctor/support/bundle.ts";
import { mappingFault } from "../doctor/support/mapping-faults.ts";
import { terminalText } from "../doctor/support/terminal-text.ts";
import { drop, listed, paste, pasteMore, type Shown, settled } from "./support/doctor-page.ts";
import { inEachBrowser, openFile } from "./support/offline-browser.ts";

const ERROR = "error: You must be logged in to the server (Unauthorized)";
const IDENTITY = `$ aws sts get-caller-identity\n${JSON.stringify(healthyBundle().callerIdentity, null, 4)}`;
const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: lab
clusters:
- {name: lab, cluster: {server: "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com"}}
contexts:
- {name: lab, context: {cluster: lab, user: ada}}
users:
- name: ada
  user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [eks, get-token, --cluster-name, lab]}}`;

/** The same texts in every order. */
function orders<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) => orders(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

inEachBrowser("what is pasted", (opened) => {
  let page: Page;
  let wrong: readonly string[];
  beforeEach(async () => {
    ({ page, wrong } = await openFile(opened(), opened().pageFile));
  });
  afterEach(async () => {
    assert.deepEqual(wrong, []);
    await page.close();
  });
  const clear = () => page.evaluate(() => document.getElementById("clear")?.click());

  it("is a piece of its own, so that the order changes nothing, and no end of a line is needed", async () => {
    const verdicts = new Set<string>();
    for (const order of orders([ERROR, IDENTITY, KUBECONFIG])) {
      await clear();
      let shown: Shown | undefined;
      for (const text of order) shown = await pasteMore(page, text);
      assert.equal((await listed(page)).length, 3);
      assert.equal((await page.$$("#read .no")).length, 0, "each is used");
      verdicts.add(`${shown?.status} ${shown?.causes}`);
    }
    assert.equal(verdicts.size, 1, [...verdicts].join("\n"));
  });

  it("leads on for the client that is chosen, and keeps the focus there", async () => {
    await paste(page, ERROR);
    await page.click('.clients button[value="argo cd"]');
    await settled(page);
    assert.match(
      (await page.$eval(".next pre", (block) => block.textContent)) ?? "",
      /^argocd cluster get /m,
    );
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Argo CD");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-pressed")), "true");
    await clear();
    await paste(page, ERROR);
    assert.match((await page.$eval(".next pre", (block) => block.textContent)) ?? "", /kubectl config view/);
  });

  it("waits for nothing: 6 MB are handed over at once, and the page answers while they are read", async () => {
    const handed = await page.evaluate(async (error) => {
      const data = new DataTransfer();
      const line = "2026-01-15T12:00:00Z kube-proxy: reconcile an item in namespace web took 12 ms\n";
      data.setData("text/plain", `${error}\n${line.repeat(75_000)}`);
      const times: number[] = [];
      for (let tries = 0; tries < 3; tries++) {
        document.getElementById("clear")?.click();
        const begun = performance.now();
        document.body.dispatchEvent(
          new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }),
        );
        times.push(performance.now() - begun);
      }
      let ticks = 0;
      const said = () => document.getElementById("status")?.textContent ?? "";
      const end = performance.now() + 120_000;
      while ((said() === "" || said().endsWith("…")) && performance.now() < end) {
        ticks += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const box = (document.getElementById("words") as HTMLTextAreaElement).value;
      return { least: Math.min(...times), ticks, box };
    }, ERROR);
    assert.ok(handed.least < 50, `${handed.least} ms`);
    assert.ok(handed.ticks > 20, `${handed.ticks} ticks`);
    assert.equal(handed.box, "");
    assert.match((await settled(page)).status, /^Diagnosis: Unauthorized/);
  });

  it("is told for what it is where it holds no text, and read where it is packed", async () => {
    const picture = "\u0089PNG\r\n\u001a\n".padEnd(60, "x");
    const bytes = Uint8Array.from(picture, (sign) => sign.charCodeAt(0));
    const { status } = await drop(page, [{ name: "shot.png", bytes }]);
    assert.equal(status, "None of these files contains text.");
    assert.match(
      (await listed(page)).join(),
      /^shot\.pngRemove shot\.png– not read: a picture: copy the text/,
    );
    const zip = zipSync({ "a/error.txt": strToU8(`$ kubectl get pods\n${ERROR}\n`) });
    const shown = await drop(page, [{ name: "logs.zip", bytes: zip }]);
    assert.match(shown.status, /^Diagnosis: Unauthorized/);
    assert.match(
      (await listed(page)).join("\n"),
      /\nlogs\.zip\/a\/error\.txt.*✓ the failure to diagnose line 2$/,
    );
  });

  it("tells the shell by its prompt, until somebody chooses one", async () => {
    const shell = () => page.$eval("#shell", (select) => (select as HTMLSelectElement).value);
    const { report } = await paste(page, `PS C:\\Users\\ada> kubectl get pods\n${ERROR}\n`);
    assert.equal(await shell(), "powershell");
    assert.match(report, /\$env:AWS_PAGER = ''/);
    await page.select("#shell", "bash");
    assert.match((await settled(page)).report, /export AWS_PAGER=''/);
    assert.equal(await shell(), "bash");
  });

  it("may be an example, by a click or by an address that carries no data", async () => {
    for (const { id } of EXAMPLES) {
      await page.evaluate(() => document.getElementById("status")?.replaceChildren());
      await page.evaluate(
        (name) => document.querySelector<HTMLElement>(`.examples [value="${name}"]`)?.click(),
        id,
      );
      const clicked = await settled(page);
      assert.match(clicked.status, /^Diagnosis: /, id);
      await clear();
      await page.evaluate((name) => {
        location.hash = `example=${name}`;
      }, id);
      assert.deepEqual(await settled(page), clicked, id);
      await clear();
    }
  });

  it("is not needed to look up a code, and no other address does anything", async () => {
    await page.evaluate(() => {
      location.hash = "E3";
    });
    await page.waitForSelector("#report .verdict");
    const words = await page.$eval("#report", ({ textContent }) => textContent);
    assert.match(words, /^What this code means · E3/);
    await clear();
    for (const hash of ["words", "example=<img src=x>", "ZZ99", "example=%3Cscript%3E", "__proto__"]) {
      await page.evaluate((name) => {
        location.hash = name;
      }, hash);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(await page.$eval("#report", ({ textContent }) => textContent), "", hash);
    }
  });
});

inEachBrowser("the answer", (opened) => {
  /** Heights of what matters, from the top of the page. */
  const heights = (page: Page) =>
    page.evaluate(() => {
      const topOf = (selector: string) => {
        const place = document.querySelector(selector)?.getBoundingClientRect();
        return place === undefined ? undefined : Math.round(place.top + scrollY);
      };
      return { verdict: topOf("#verdict"), fix: topOf(".fix p, .next h2"), scrolled: scrollY };
    });

  const SCREENS = [
    [1440, 900],
    [390, 844],
  ] as const;
  for (const [width, height] of SCREENS)
    it(`is on the first screen of ${width} x ${height}, with the beginning of the fix or the next step`, async () => {
      const { page } = await openFile(opened(), opened().pageFile);
      await page.setViewport({ width, height });
      for (const text of [terminalText(mappingFault("E3")), ...EXAMPLES.map((example) => example.text)]) {
        await paste(page, text);
        const { verdict = height, fix = height, scrolled } = await heights(page);
        assert.equal(scrolled, 0);
        assert.ok(verdict < 160, `${verdict}: ${text.slice(0, 80)}`);
        assert.ok(fix < height - 24, `${fix}: ${text.slice(0, 80)}`);
      }
      await page.close();
    });

  it("is within the first two screens at a zoom of 400 %", async () => {
    const { page } = await openFile(opened(), opened().pageFile);
    await page.setViewport({ width: 320, height: 256 });
    await paste(page, terminalText(mappingFault("E3")));
    const { verdict = 9999 } = await heights(page);
    assert.ok(verdict < 256, `${verdict}`);
    const { top, end } = await page.$eval("#verdict", (heading) => {
      const box = heading.getBoundingClientRect();
      return { top: box.top, end: box.bottom + scrollY };
    });
    assert.ok(end < 2 * 256, `${end}`);
    assert.ok(top >= 0 && top < 256, `its beginning is in the window: ${top}`);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await pasteMore(page, "$ aws --version\naws-cli/2.27.0\n");
    const after = await page.$eval("#verdict", (heading) => heading.getBoundingClientRect().top);
    assert.ok(after >= 0 && after < 256, `so it is after a paste further down: ${after}`);
    await page.close();
  });

  it("has targets of 24 pixels, and no part of the chain is read twice", async () => {
    const { page } = await openFile(opened(), opened().pageFile);
    await paste(page, terminalText(mappingFault("E3")));
    const small = await page.evaluate(() =>
      [...document.querySelectorAll("button, select, summary, input, textarea")]
        .filter((target) => target.checkVisibility())
        .map((target) => ({ target: target.outerHTML.slice(0, 80), box: target.getBoundingClientRect() }))
        .filter(({ box }) => Math.round(box.width) < 24 || Math.round(box.height) < 24)
        .map(({ target }) => target),
    );
    assert.deepEqual(small, []);
    const links = await page.$$eval(".map summary", (all) => all.map(({ textContent }) => textContent));
    assert.deepEqual(links.slice(-2), ["✗mapping: broken here", "authorization: not reached"]);
    const isHidden = await page.$$eval(".map svg", (all) => all.every((sign) => sign.ariaHidden === "true"));
    assert.ok(isHidden);
    await page.click(".map li:nth-child(8) summary");
    const panel = await page.$eval(".map li:nth-child(8) .panel", ({ textContent }) => textContent);
    assert.match(panel, /^mapping: broken here\s*The access entry for role Dev/);
    await page.close();
  });

  it("keeps the shape of its buttons in forced colors", async () => {
    if (opened().name === "firefox") return; // It has no way to force colors in one window.
    const { page } = await openFile(opened(), opened().pageFile);
    const session = await page.createCDPSession();
    const features = [{ name: "forced-colors", value: "active" }];
    await session.send("Emulation.setEmulatedMedia", { features });
    await paste(page, terminalText(mappingFault("E3")));
    assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));
    const borders = await page.$$eval("button", (all) =>
      all
        .map((button) => getComputedStyle(button))
        .map(({ borderTopWidth, borderTopStyle }) => `${borderTopWidth} ${borderTopStyle}`),
    );
    assert.ok(borders.length > 5);
    assert.deepEqual([...new Set(borders)], ["1px solid"]);
    await page.close();
  });
});
