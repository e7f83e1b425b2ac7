import path from "node:path";
import { readPlainFile } from "../../token/files/plain-file.ts";
import type { App } from "../app.ts";
import { commandLine } from "../cli.ts";
import { manualText } from "./manual.ts";

/** `node plugin/manual/write-manual.ts VERSION HOMEPAGE` writes kubectl-vouch.1 to standard output. Not shipped. */

/** As much of an app as the manual describes; nothing from this machine. */
const APP = {
  programName: "kubectl vouch",
  env: {},
  platform: "linux",
  io: { columns: 80 },
} as unknown as App;

const [version = "", homepage = ""] = process.argv.slice(2);
const exitStatuses = readPlainFile(path.join(import.meta.dirname, "..", "EXIT-STATUS.md"))?.bytes.toString();
if (version === "" || homepage === "" || exitStatuses === undefined)
  throw new Error("write-manual.ts wants a version, a homepage, and EXIT-STATUS.md");
const root = commandLine({ app: APP, color: "auto", exit: 0 });
process.stdout.write(manualText({ version, homepage, root, exitStatuses }));
