/** Peers that come from PyPI: virtual environments in the user's cache, of the versions in a `requirements.txt`. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { peersCache } from "../peers-cache.ts";

const run = promisify(execFile);

/** Makes it where it is missing, and gives its folder of programs; undefined without Python. Rejects without network. */
export async function pythonPrograms(
  requirements: string,
  say: (line: string) => void,
): Promise<string | undefined> {
  const version = await run("python3", ["--version"]).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
  if (version === undefined) return undefined;
  const stamp = createHash("sha256").update(version).update(fs.readFileSync(requirements)).digest("hex");
  const folder = path.join(peersCache(), `python-${stamp.slice(0, 16)}`);
  const [programs, finished] = [path.join(folder, "bin"), path.join(folder, "finished")];
  if (fs.existsSync(finished)) return programs;
  say(`Installing ${requirements} into ${folder}`);
  await run("python3", ["-m", "venv", "--clear", folder]);
  await run(path.join(programs, "pip"), ["install", "--quiet", "--requirement", requirements]);
  fs.writeFileSync(finished, "");
  return programs;
}
