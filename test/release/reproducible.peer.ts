/**
 * Makes the archive of this machine's platform again: from a copy of the sources in another folder, with another home,
 * umask, time zone and language, and a compiler that remembers nothing. It must be the one in the folder that
 * KUBECTL_VOUCH_RELEASE names, byte for byte. Takes some minutes.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { archiveName } from "../../krew/archive/entry.ts";
import { platformName } from "../../krew/platforms.ts";
import { readArchive } from "../support/archive/read.ts";
import { runCommand } from "../support/run-command.ts";
import { demandedRelease, HERE, SHIPPED_VERSION } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const NAME = archiveName(SHIPPED_VERSION, HERE);

/** What a first build has fetched and need not fetch again; what it has compiled is left out. */
const FETCHED = /^(?:cargo|packages|rcodesign|zig)-?(?!.*cache)/;

/** The sources as they are here, and the packages beside them: links would show in what is made. */
function copyOfSources(folder: string): void {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: ROOT,
  });
  for (const name of files.toString().split("\0").filter(Boolean)) {
    if (!fs.existsSync(path.join(ROOT, name))) continue;
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.copyFileSync(path.join(ROOT, name), path.join(folder, name));
  }
  const packages = path.join(ROOT, "node_modules");
  try {
    execFileSync("cp", ["-al", packages, folder], { stdio: "pipe" });
  } catch {
    fs.rmSync(path.join(folder, "node_modules"), { recursive: true, force: true });
    execFileSync("cp", ["-a", packages, folder]);
  }
}

/** A cache folder with what was fetched. */
function cacheOf(folder: string): void {
  const known = path.join(
    process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"),
    "kubectl-vouch-release",
  );
  const own = path.join(folder, "kubectl-vouch-release");
  fs.mkdirSync(own, { recursive: true });
  for (const name of fs.existsSync(known) ? fs.readdirSync(known) : []) {
    if (FETCHED.test(name)) fs.symlinkSync(path.join(known, name), path.join(own, name));
  }
}

describe(`the archive for ${platformName(HERE)}`, function () {
  this.timeout(1_200_000);
  const root = tempFolder();

  it("is the same from another folder, machine and hour", async () => {
    const [sources, cache, home, out] = ["some where/else", "cache", "home", "out"].map((name) =>
      path.join(root(), name),
    ) as [string, string, string, string];
    for (const folder of [sources, cache, home]) fs.mkdirSync(folder, { recursive: true });
    copyOfSources(sources);
    cacheOf(cache);

    const line = 'umask 077; exec "$0" krew/release.ts --platform "$1" --out "$2"';
    const { status, stderr } = await runCommand(
      ["/bin/sh", "-c", line, process.execPath, platformName(HERE), out],
      {
        cwd: sources,
        env: {
          HOME: home,
          XDG_CACHE_HOME: cache,
          PATH: process.env["PATH"] ?? "",
          TZ: "Pacific/Auckland",
          LANG: "tr_TR.UTF-8",
          SOURCE_DATE_EPOCH: "1",
          KUBECTL_VOUCH_DEVELOPER_ID: process.env["KUBECTL_VOUCH_DEVELOPER_ID"] ?? "",
        },
        timeoutMs: 1_000_000,
      },
    );
    assert.equal(status, 0, stderr);

    const sums = (folder: string) =>
      readArchive(fs.readFileSync(path.join(folder, NAME))).map(
        ({ name, mode, bytes }) => `${hash("sha256", bytes)} ${mode.toString(8)} ${name}`,
      );
    assert.deepEqual(sums(out), sums(demandedRelease()));
    const archive = (folder: string) => hash("sha256", fs.readFileSync(path.join(folder, NAME)));
    assert.equal(archive(out), archive(demandedRelease()));
    const listed = (folder: string) =>
      fs
        .readFileSync(path.join(folder, "SHA256SUMS"), "utf8")
        .split("\n")
        .filter((text) => [platformName(HERE), "sbom", "doctor.html"].some((name) => text.includes(name)));
    assert.deepEqual(listed(out), listed(demandedRelease()));
  });
});
