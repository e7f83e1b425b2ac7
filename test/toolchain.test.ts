import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { onPosix } from "./support/platform.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

describe("the toolchain", () => {
  it("runs on the Node we ship, whatever the machine has", () => {
    const runtime = JSON.parse(fs.readFileSync(path.join(ROOT, "krew/runtime/package.json"), "utf8")) as {
      version: string;
      optionalDependencies: Record<string, string>;
    };
    assert.deepEqual(
      Object.values(runtime.optionalDependencies),
      Array.from({ length: 6 }, () => process.versions.node),
    );
    assert.equal(runtime.version, process.versions.node);
  });

  it("pins every package exactly, and by hash", () => {
    const { dependencies, devDependencies } = JSON.parse(
      fs.readFileSync(path.join(ROOT, "package.json"), "utf8"),
    ) as Record<string, Record<string, string>>;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => !/^(?:\d+\.\d+\.\d+(?:-[\w.]+)?|file:krew\/runtime)$/.test(range),
    );
    assert.deepEqual(loose, []);

    const { packages } = JSON.parse(fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { integrity?: string; link?: boolean }>;
    };
    const unhashed = Object.entries(packages).filter(
      ([name, entry]) => name.startsWith("node_modules/") && !entry.link && !entry.integrity,
    );
    assert.deepEqual(unhashed, []);
  });

  onPosix("paths", "has no source file over 350 lines and no test file over 500", () => {
    const long = sourceFiles().filter(({ file, lines }) => lines > (file.startsWith("test/") ? 500 : 350));
    assert.deepEqual(long, []);
  });
});

function sourceFiles(): { file: string; lines: number }[] {
  return ["plugin", "doctor", "token", "krew", "test"]
    .flatMap((folder) =>
      fs
        .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .map((file) => path.posix.join(folder, file)),
    )
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => ({ file, lines: fs.readFileSync(path.join(ROOT, file), "utf8").split("\n").length - 1 }));
}
