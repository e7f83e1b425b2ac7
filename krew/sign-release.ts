/**
 * Signs the macOS programs of a finished release with a Developer ID, has Apple notarize them, and corrects sums and manifest. A job
 * of its own, so that no code of npm packages runs where the certificate is: this file and what it imports need none. The workflow builds
 * the signer in another job.
 *
 * `node krew/sign-release.ts --signer RCODESIGN --certificate ID.p12 --password-file FILE --api-key FILE [--release dist/release]`; without
 * `--api-key`, a trial with any certificate and without Apple.
 */
import { hash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { type ArchiveFile, archiveName } from "./archive/entry.ts";
import { tar } from "./archive/pack-tar.ts";
import { readTar } from "./archive/read-tar.ts";
import { machoProblems } from "./binary/macho.ts";
import { PLATFORMS, type Platform } from "./platforms.ts";
import { ReleaseError } from "./run.ts";
import { developerSigner, MACOS_IDENTIFIER } from "./sign-macos.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** What V8 needs in the hardened runtime, and addons that others signed. Never get-task-allow, which Apple refuses. */
const ENTITLEMENTS = path.join(import.meta.dirname, "entitlements.plist");

/** The programs in an archive for macOS. */
const PROGRAMS = { "kubectl-vouch": "launcher", "vouch-core": "core" } as const;

const isProgram = (name: string): name is keyof typeof PROGRAMS => name in PROGRAMS;

type Signer = ReturnType<typeof developerSigner>;

/** @throws ReleaseError if a program is unfit to ship. */
async function signedFiles(
  files: readonly ArchiveFile[],
  { arch }: Platform,
  { sign, notarize }: Signer,
): Promise<ArchiveFile[]> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-sign-"));
  try {
    const signed: ArchiveFile[] = [];
    for (const file of files) {
      const { name } = file;
      if (!isProgram(name)) {
        signed.push(file);
        continue;
      }
      const place = path.join(work, name);
      fs.writeFileSync(place, file.bytes, { mode: 0o700 });
      const kind = PROGRAMS[name];
      await sign(place, kind === "core" ? ENTITLEMENTS : undefined);
      const bytes = fs.readFileSync(place);
      const made = { arch, kind, identifier: MACOS_IDENTIFIER, hasDeveloperId: true };
      const problems = machoProblems(bytes, made);
      if (problems.length > 0) throw new ReleaseError(`${arch}: ${name} ${problems.join(", ")}`);
      signed.push({ ...file, bytes });
    }
    await notarize(work);
    return signed;
  } finally {
    fs.rmSync(work, { recursive: true });
  }
}

async function signRelease(release: string, version: string, signer: Signer): Promise<void> {
  const texts = ["SHA256SUMS", "vouch.yaml"].map((name) => path.join(release, name));
  for (const platform of PLATFORMS.filter(({ os }) => os === "darwin")) {
    const archive = path.join(release, archiveName(version, platform));
    const before = fs.readFileSync(archive);
    const files = readTar(gunzipSync(before)).map(({ name, bytes, mode }) => ({
      name,
      bytes,
      executable: (mode & 0o100) !== 0,
    }));
    const signed = await signedFiles(files, platform, signer);
    const after = gzipSync(tar(signed), { level: 9 });
    fs.writeFileSync(archive, after);
    for (const file of texts) {
      const text = fs.readFileSync(file, "utf8");
      fs.writeFileSync(file, text.replaceAll(hash("sha256", before), hash("sha256", after)));
    }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      release: { type: "string", default: path.join(ROOT, "dist/release") },
      signer: { type: "string", default: "rcodesign" },
      certificate: { type: "string", default: "" },
      "password-file": { type: "string", default: "" },
      "api-key": { type: "string" },
    },
  });
  const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  const signer = developerSigner(values.signer, {
    certificate: values.certificate,
    passwordFile: values["password-file"],
    apiKey: values["api-key"],
  });
  await signRelease(values.release, version, signer);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
