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
  const python = await findPython();
  if (python === undefined) return undefined;
  const { program, version } = python;
  const stamp = createHash("sha256").update(version).update(fs.readFileSync(requirements)).digest("hex");
  const folder = path.join(peersCache(), `python-${stamp.slice(0, 16)}`);
  const [programs, finished] = [path.join(folder, "bin"), path.join(folder, "finished")];
  if (fs.existsSync(finished)) return programs;
  say(`Installing ${requirements} into ${folder}`);
  await run(program, ["-m", "venv", "--clear", folder]);
  await run(path.join(programs, "pip"), ["install", "--quiet", "--requirement", requirements]);
  fs.writeFileSync(finished, "");
  return programs;
}

/** The system's own before any other on PATH: distributions build it with optimization by profile, which nearly halves its start. */
const PYTHONS = ["/usr/bin/python3", "python3"];

/** The first Python that can make virtual environments. */
async function findPython(): Promise<{ readonly program: string; readonly version: string } | undefined> {
  for (const program of PYTHONS) {
    const version = await run(program, ["-c", "import ensurepip, sys, venv; print(sys.version)"]).then(
      ({ stdout }) => stdout,
      () => undefined,
    );
    if (version !== undefined) return { program, version };
  }
  return undefined;
}
