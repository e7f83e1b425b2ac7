/**
 * An installation as krew does it, for any platform on any machine, and what a user would then find missing.
 *
 * Source: krew 0.4.3, internal/installation/install.go and cmd/validate-krew-manifest/main.go.
 */
import fs from "node:fs";
import path from "node:path";
import { unpack } from "./archive-problems.ts";
import type { ManifestPlatform } from "./manifest.ts";
import { type Files, moveFiles } from "./move-files.ts";

/** File names of which krew's index requires one, in any case. */
const LICENCES = ["license", "licenses", "copying"].flatMap((name) =>
  name === "copying" ? [name, `${name}.txt`] : [name, `${name}.txt`, `${name}.md`],
);

export interface Installation {
  /** Name of the plugin: "vouch". */
  readonly name: string;
  /** With its `v`. */
  readonly version: string;
  readonly os: string;
  readonly platform: ManifestPlatform;
  readonly archive: Buffer;
  /** An empty folder, which is filled with krew's tree. */
  readonly krewRoot: string;
}

/** Installs, and reports in words what failed or is missing; empty if it is fine. */
export function installProblems({ name, version, os, platform, archive, krewRoot }: Installation): string[] {
  const unpacked = unpack(archive);
  if (unpacked.problems.length > 0) return [...unpacked.problems];
  const { files, problems } = moveFiles(unpacked.entries, platform.files);
  if (problems.length > 0) return [...problems];

  const folder = path.join(krewRoot, "store", name, version);
  writeFiles(folder, files);
  return [
    ...binProblems(path.join(krewRoot, "bin"), folder, { name, os, bin: String(platform.bin) }),
    ...licence(folder),
  ];
}

function writeFiles(folder: string, files: Files): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, { mode, bytes }] of files) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes, { mode });
  }
}

function binProblems(
  binFolder: string,
  folder: string,
  { name, os, bin }: { name: string; os: string; bin: string },
): string[] {
  const program = path.join(folder, bin);
  if (!program.startsWith(folder + path.sep)) return [`\`bin\` is "${bin}", which is outside of its folder`];
  if (!fs.existsSync(program)) return [`\`bin\` is "${bin}", which is not in the archive`];

  const isWindows = os === "windows";
  const link = path.join(binFolder, `kubectl-${name.replaceAll("-", "_")}${isWindows ? ".exe" : ""}`);
  fs.mkdirSync(binFolder, { recursive: true });
  fs.symlinkSync(program, link);
  const linked = fs.statSync(link);
  return [
    ...(linked.isFile() ? [] : [`"${bin}" is no file`]),
    ...(isWindows && !bin.endsWith(".exe") ? [`"${bin}" cannot be run on Windows: it is no .exe`] : []),
    ...(!isWindows && (linked.mode & 0o111) !== 0o111
      ? [`"${bin}" is not executable, so kubectl will not find it`]
      : []),
  ];
}

function licence(folder: string): string[] {
  const installed = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  if (installed.some((file) => LICENCES.includes(file.toLowerCase()))) return [];
  return [`no licence among ${installed.join(", ") || "no files"}`];
}
