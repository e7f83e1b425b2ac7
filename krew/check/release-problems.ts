/** Everything that krew, its index and its users would find wrong with a release, before any of them sees it. */
import { hash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PLATFORMS, platformName } from "../platforms.ts";
import { installProblems } from "./install-problems.ts";
import { type Manifest, type ManifestPlatform, platformsOf, readManifest } from "./manifest.ts";
import { manifestProblems } from "./manifest-problems.ts";
import { manualProblems } from "./manual-problems.ts";
import { selects } from "./selectors.ts";

export interface Release {
  /** File name of the manifest: "vouch.yaml". */
  readonly fileName: string;
  readonly manifest: string;
  /** An archive by its file name; undefined if there is none. Called for one at a time, because archives are large. */
  readonly archive: (name: string) => Buffer | undefined;
}

/** Installs for each of our platforms, and reports in words what is wrong; empty if all is fine. */
export function releaseProblems({ fileName, manifest: text, archive }: Release): string[] {
  let manifest: Manifest;
  try {
    manifest = readManifest(text);
  } catch (error) {
    return [`${fileName} ${(error as Error).message}`];
  }
  const problems = manifestProblems(manifest, fileName).map((problem) => `${fileName} ${problem}`);
  // Nothing is installed from an invalid manifest: its names become paths.
  if (problems.length > 0) return problems;
  return PLATFORMS.flatMap((pair) => {
    const platform = platformsOf(manifest).find(({ selector }) => selects(selector, pair));
    const found =
      platform === undefined
        ? ["not offered"]
        : archiveProblems(manifest, platform, { os: pair.os, archive });
    return found.map((problem) => `${platformName(pair)}: ${problem}`);
  });
}

function archiveProblems(
  manifest: Manifest,
  platform: ManifestPlatform,
  { os: system, archive }: { os: string; archive: Release["archive"] },
): string[] {
  const file = path.posix.basename(String(platform.uri));
  const bytes = archive(file);
  if (bytes === undefined) return [`there is no ${file}`];
  const sum = hash("sha256", bytes);
  const version = String(manifest.spec?.version);
  const krewRoot = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-krew-"));
  try {
    return [
      ...(sum === platform.sha256
        ? []
        : [`${file} has the sum ${sum}, the manifest says ${platform.sha256}`]),
      ...installProblems({
        name: String(manifest.metadata?.name),
        version,
        os: system,
        platform,
        archive: bytes,
        krewRoot,
      }).map((problem) => `${file}: ${problem}`),
      ...manualProblems(bytes, { os: system, version }).map((problem) => `${file}: ${problem}`),
    ];
  } finally {
    fs.rmSync(krewRoot, { recursive: true, force: true });
  }
}
