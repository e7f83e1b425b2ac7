import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Browser, launch, type Page } from "puppeteer-core";
import { makePage } from "../../../krew/page.ts";
import { type AskedProxy, startAskedProxy } from "./asked-proxy.ts";
import { BROWSERS, type BrowserName, browserProgram } from "./programs.ts";

export type Scheme = "light" | "dark";

/** A browser whose only way out is a proxy that lets nothing through, and the doctor's page as a file. */
export interface OfflineBrowser {
  readonly name: BrowserName;
  readonly browser: Browser;
  /** An empty folder of its own. */
  readonly folder: string;
  /** Where it puts what is saved. */
  readonly downloads: string;
  /** What was asked of the world outside. */
  readonly asked: readonly string[];
  /** The page as it ships. */
  readonly pageFile: string;
}

/** Made once for all suites of a process. */
let made: Promise<string> | undefined;

function shippedPage(): Promise<string> {
  made ??= makePage();
  return made;
}

/** Defines the tests once for each browser on this machine, with one running browser for all of them. */
export function inEachBrowser(
  what: string,
  tests: (opened: () => OfflineBrowser) => void,
  { scheme = "light" }: { readonly scheme?: Scheme } = {},
): void {
  for (const name of BROWSERS) {
    const program = browserProgram(name);
    if (program === undefined) continue;
    describe(`${what}, in ${name}`, () => {
      let opened: OfflineBrowser | undefined;
      let proxy: AskedProxy | undefined;
      before(async () => {
        proxy = await startAskedProxy();
        const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "vouch-page-"));
        const pageFile = path.join(folder, "doctor.html");
        fs.writeFileSync(pageFile, await shippedPage());
        const downloads = path.join(folder, "downloads");
        fs.mkdirSync(downloads);
        const browser = await start(name, { program, proxy, scheme, downloads });
        opened = { name, browser, folder, downloads, asked: proxy.asked, pageFile };
      });
      after(async () => {
        await opened?.browser.close();
        proxy?.close();
        if (opened !== undefined) fs.rmSync(opened.folder, { recursive: true, force: true });
      });
      tests(() => {
        if (opened === undefined) throw new Error(`${name} did not start`);
        return opened;
      });
    });
  }
}

interface Start {
  readonly program: string;
  readonly proxy: AskedProxy;
  readonly scheme: Scheme;
  readonly downloads: string;
}

function start(name: BrowserName, { program, proxy: { port }, scheme, downloads }: Start): Promise<Browser> {
  const isDark = scheme === "dark";
  const common = { executablePath: program, headless: true } as const;
  if (name === "chromium") {
    const args = [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      `--proxy-server=127.0.0.1:${port}`,
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      `--blink-settings=preferredColorScheme=${isDark ? 0 : 1}`,
    ];
    const downloadBehavior = { policy: "allow", downloadPath: downloads } as const;
    return launch({ ...common, args, downloadBehavior });
  }
  const extraPrefsFirefox = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": port,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": port,
    "browser.download.folderList": 2,
    "browser.download.dir": downloads,
    "layout.css.prefers-color-scheme.content-override": isDark ? 0 : 1,
  };
  return launch({ ...common, browser: "firefox", extraPrefsFirefox });
}

/** A file in a window of its own. `wrong` collects errors of scripts and dialogs, which nobody expects. */
export async function openFile(
  { browser }: OfflineBrowser,
  file: string,
): Promise<{ readonly page: Page; readonly wrong: string[] }> {
  const page = await browser.newPage();
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.setViewport({ width: 1000, height: 1200 });
  await page.goto(`file://${file}`);
  return { page, wrong };
}
