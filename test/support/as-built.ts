import fs from "node:fs";
import path from "node:path";
import { VERSION } from "../../token/hot/version.ts";

const { version } = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, "../../package.json"), "utf8"),
) as { readonly version: string };

/** What the sources print, as what is built from them prints it. */
export function asBuilt(text: string): string {
  return text.replaceAll(VERSION, version);
}
