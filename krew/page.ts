/** Makes dist/doctor.html: the doctor as one file for a browser, with the same bytes for the same sources. */
import fs from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { deflateSync, strToU8 } from "fflate";
import { npmNotices } from "./make-notices.ts";
import { run } from "./run.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

const { version: VERSION } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  version: string;
};

/** Its file name in dist/ and next to the archives. */
export const PAGE = "doctor.html";

/** The page's scripts; `worker` is not compressed yet. Throws if something in them needs a module of Node. */
export async function pageScripts() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { main: "doctor/browser/main.ts", worker: "doctor/browser/worker.ts" },
    outdir: "dist",
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "iife",
    platform: "browser",
    define: { KUBECTL_VOUCH_VERSION: JSON.stringify(VERSION) },
    alias: { "node:crypto": path.join(ROOT, "doctor/browser/crypto.ts") },
    target: ["chrome120", "firefox121", "safari17.4"],
    legalComments: "none",
    logLevel: "warning",
  });
  const textOf = (name: string) => {
    const file = outputFiles.find((output) => path.basename(output.path) === name);
    if (file === undefined) throw new Error(`The bundler did not make ${name}.`);
    return file.text;
  };
  return { script: textOf("main.js"), worker: textOf("worker.js"), metafile };
}

/** The text of the page. */
export async function makePage(): Promise<string> {
  const { script, worker, metafile } = await pageScripts();
  if (/<!--|<\/?script/i.test(script)) throw new Error("The page's script would end itself.");
  const packed = Buffer.from(deflateSync(strToU8(worker), { level: 9 })).toString("base64");
  const notices = npmNotices([metafile]);
  const input = JSON.stringify({ script, worker: packed, notices, version: VERSION });
  const writer = path.join(ROOT, "doctor/browser/write-page.ts");
  return run(process.execPath, ["--no-warnings", writer], { cwd: ROOT, env: {}, input });
}

if (process.argv[1] === import.meta.filename)
  fs.writeFileSync(path.join(ROOT, "dist", PAGE), await makePage());
