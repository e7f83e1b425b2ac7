import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../../plugin/cli.ts";
import { COMPLETION_SHELLS } from "../../../plugin/commands/completion/completion.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { fillDisk } from "../../support/full-disk.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const EXEC = `exec "\${0%/*}/kubectl-vouch" __complete "$@"`;
const SCRIPT = `#!/bin/sh\n${EXEC}\n`;

/** What changes when somebody writes to a file, or puts another in its place. */
const stateOf = (file: string) => {
  const { ino, mtimeMs, ctimeMs, mode } = fs.lstatSync(file);
  return { ino, mtimeMs, ctimeMs, mode };
};

describe("kubectl vouch completion", () => {
  const home = tempFolder();
  const bin = () => path.join(home(), "bin");
  const completer = () => path.join(bin(), "kubectl_complete-vouch");

  beforeEach(() => {
    fs.mkdirSync(bin());
    fs.writeFileSync(path.join(bin(), "kubectl-vouch"), "", { mode: 0o755 });
  });

  const call = async (line: string, { PATH = bin(), platform = "linux" as NodeJS.Platform } = {}) => {
    const app = fakeApp({ home: home(), env: { HOME: home(), PATH }, platform });
    return { status: await run(["completion", ...line.split(" ")], app), ...app.written };
  };

  for (const { shell } of COMPLETION_SHELLS) {
    it(`prints a script for ${shell} that asks the program itself`, async () => {
      const { status, stdout, stderr } = await call(shell);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      assert.match(stdout, new RegExp(`^#.*\\b${shell}\\b`, "im"));
      assert.match(stdout, /kubectl-vouch __complete /);
    });
  }

  it("says what it is for", async () => {
    const app = fakeApp({ home: home() });
    assert.equal(await run(["completion", "--dry-run"], app), 64);
    assert.match(
      app.written.stderr,
      /^error: Specify a shell or a command: bash, zsh, fish, powershell, install or uninstall\. \[usage\]\n/,
    );
  });

  onPosix("programs", "says to programs what became of the file", async () => {
    const object = async (line: string) => {
      const { status, stdout, stderr } = await call(line);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      const { apiVersion: _version, kind, file, ...rest } = JSON.parse(stdout);
      assert.deepEqual([kind, file], ["CompletionFile", completer()]);
      return rest;
    };
    const [dry, wet] = [{ dryRun: true }, { dryRun: false }];
    assert.deepEqual(await object("install --dry-run -ojson"), { ...dry, status: "written", text: SCRIPT });
    assert.deepEqual(fs.existsSync(completer()), false);
    assert.deepEqual(await object("install -o json"), { ...wet, status: "written", text: SCRIPT });
    assert.deepEqual(await object("install -o json"), { ...wet, status: "unchanged", text: SCRIPT });
    assert.deepEqual(await object("uninstall --dry-run -o json"), { ...dry, status: "removed" });
    assert.deepEqual(await object("uninstall -o json"), { ...wet, status: "removed" });
    assert.deepEqual(await object("uninstall -o json"), { ...wet, status: "unchanged" });
  });

  describe("install", () => {
    onPosix(
      "programs",
      "puts the program that kubectl asks beside kubectl-vouch, and says how to undo it",
      async () => {
        const { status, stdout, stderr } = await call("install");
        assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
        assert.equal(
          stderr,
          `Wrote ${completer()}:\n` +
            "  #!/bin/sh\n" +
            `  ${EXEC}\n` +
            "Undo with `kubectl vouch completion uninstall`\n" +
            "Try it: type `kubectl vouch ` and press Tab in a shell with kubectl completion (`kubectl completion --help`).\n",
        );
        assert.equal(fs.readFileSync(completer(), "utf8"), SCRIPT);
        assert.equal(fs.statSync(completer()).mode & 0o777, 0o755);
      },
    );

    onPosix("programs", "changes nothing the second time", async () => {
      await call("install");
      const before = stateOf(completer());
      const { status, stderr } = await call("install");
      assert.equal(status, 0);
      assert.equal(stderr, `${completer()} is already up to date.\n`);
      assert.deepEqual(stateOf(completer()), before);
    });

    onPosix("programs", "makes it executable when it is not", async () => {
      fs.writeFileSync(completer(), SCRIPT, { mode: 0o644 });
      assert.match((await call("install")).stderr, /^Wrote /);
      assert.equal(fs.statSync(completer()).mode & 0o777, 0o755);
    });

    onPosix("programs", "writes nothing with --dry-run", async () => {
      const { status, stderr } = await call("install --dry-run");
      assert.equal(status, 0);
      assert.match(
        stderr,
        /^Would write \S+kubectl_complete-vouch:\n {2}#!\/bin\/sh\n {2}exec .+\nNothing was written\.\n$/,
      );
      assert.deepEqual(fs.readdirSync(bin()), ["kubectl-vouch"]);
    });

    onPosix("programs", "puts it beside the link of krew, not into krew's store", async () => {
      const store = path.join(home(), "store", "v1");
      fs.mkdirSync(store, { recursive: true });
      fs.renameSync(path.join(bin(), "kubectl-vouch"), path.join(store, "kubectl-vouch"));
      fs.symlinkSync(path.join(store, "kubectl-vouch"), path.join(bin(), "kubectl-vouch"));
      assert.equal((await call("install")).status, 0);
      assert.equal(fs.readFileSync(completer(), "utf8"), SCRIPT);
      assert.deepEqual(fs.readdirSync(store), ["kubectl-vouch"]);
    });

    it("writes a batch file on Windows", async () => {
      // On PATH of the test's machine: a Windows program, found as on Linux.
      fs.writeFileSync(path.join(bin(), "kubectl-vouch.exe"), "", { mode: 0o755 });
      assert.equal((await call("install", { platform: "win32" })).status, 0);
      const files = ["kubectl_complete-vouch.cmd", "kubectl-vouch-version-__complete.cmd"].map((name) =>
        path.join(bin(), name),
      );
      for (const file of files)
        assert.equal(fs.readFileSync(file, "utf8"), '@"%~dp0kubectl-vouch" __complete %*\r\n');
      fs.rmSync(files[1] ?? "");
      assert.match((await call("install", { platform: "win32" })).stderr, /^Wrote \S+ and \S+:/);
      assert.equal((await call("uninstall", { platform: "win32" })).status, 0);
      assert.deepEqual(
        files.filter((file) => fs.existsSync(file)),
        [],
      );
    });
  });

  describe("uninstall", () => {
    onPosix("programs", "removes it, and does nothing the second time", async () => {
      await call("install");
      assert.deepEqual(await call("uninstall"), {
        status: 0,
        stdout: "",
        stderr: `Removed ${completer()}; restore it with \`kubectl vouch completion install\`\n`,
      });
      assert.deepEqual(fs.readdirSync(bin()), ["kubectl-vouch"]);
      assert.deepEqual(await call("uninstall"), {
        status: 0,
        stdout: "",
        stderr: `${completer()} not found; nothing to remove.\n`,
      });
    });

    onPosix("programs", "removes nothing with --dry-run", async () => {
      await call("install");
      assert.equal(
        (await call("uninstall --dry-run")).stderr,
        `Would remove ${completer()}\nNothing was removed.\n`,
      );
      assert.equal(fs.readFileSync(completer(), "utf8"), SCRIPT);
    });
  });

  const foreign: Record<string, (file: string) => void> = {
    "another script": (file) => fs.writeFileSync(file, `${SCRIPT}echo more\n`),
    "an empty file": (file) => fs.writeFileSync(file, ""),
    "bytes that are no text": (file) => fs.writeFileSync(file, Buffer.alloc(SCRIPT.length, 0xff)),
    "a folder": (file) => fs.mkdirSync(file),
    "a link, wherever it leads": (file) => {
      fs.writeFileSync(`${file}.real`, SCRIPT, { mode: 0o755 });
      fs.symlinkSync(`${file}.real`, file);
    },
    "a link that leads nowhere": (file) => fs.symlinkSync("/nonexistent", file),
  };
  for (const [what, make] of Object.entries(foreign)) {
    onPosix("programs", `leaves ${what} alone`, async () => {
      make(completer());
      const before = stateOf(completer());
      for (const line of ["install", "uninstall", "install --dry-run"]) {
        const { status, stderr } = await call(line);
        assert.equal(status, 6, line);
        assert.equal(
          stderr,
          `error: ${completer()} was not written by kubectl vouch completion install. [file-foreign]\n` +
            `Inspect it: \`ls -l ${completer()}\`. If it is not needed, move it away: \`mv ${completer()} ${completer()}.old\`\n`,
        );
        assert.deepEqual(stateOf(completer()), before);
      }
    });
  }

  for (const line of ["install", "uninstall"]) {
    it(`says for ${line} that kubectl-vouch is not on PATH`, async () => {
      const { status, stderr } = await call(line, { PATH: home() });
      assert.equal(status, 6);
      assert.equal(
        stderr,
        "error: kubectl-vouch is not on your PATH, so kubectl cannot find kubectl vouch. [program-missing]\n" +
          'Install it: `kubectl krew install vouch`. If it is already installed, add krew to your PATH: `export PATH="$HOME/.krew/bin:$PATH"`\n',
      );
    });
  }

  describe("in a folder that is not ours to write", () => {
    /** Root may write everywhere: the refusal is made up. Source: open(2) and unlink(2), EACCES. */
    async function refused(line: string, call_: "openSync" | "rmSync", platform: NodeJS.Platform = "linux") {
      const real = fs[call_];
      const refuse = (file: fs.PathLike, ...rest: never[]) => {
        if (path.dirname(String(file)) !== bin() || rest[0] === "r")
          return (real as (...args: unknown[]) => unknown)(file, ...rest);
        throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
      };
      Object.assign(fs, { [call_]: refuse });
      return call(line, { platform }).finally(() => Object.assign(fs, { [call_]: real }));
    }

    onPosix("programs", "says who could install it", async () => {
      const { status, stderr } = await refused("install", "openSync");
      assert.equal(status, 6);
      assert.equal(
        stderr,
        `error: ${completer()} cannot be written: permission denied. [file-unwritable]\n` +
          `Run it as a user with write permission there: \`sudo env PATH=${bin()} kubectl-vouch completion install\`\n`,
      );
      assert.deepEqual(fs.readdirSync(bin()), ["kubectl-vouch"]);
    });

    onPosix("programs", "says who could remove it", async () => {
      await call("install");
      const { status, stderr } = await refused("uninstall", "rmSync");
      assert.equal(status, 6);
      assert.equal(
        stderr,
        `error: ${completer()} cannot be removed: EACCES: permission denied. [file-unwritable]\n` +
          `Run it as a user with write permission there: \`sudo env PATH=${bin()} kubectl-vouch completion uninstall\`\n`,
      );
    });

    it("speaks of administrators on Windows", async () => {
      fs.writeFileSync(path.join(bin(), "kubectl-vouch.exe"), "", { mode: 0o755 });
      const { stderr } = await refused("install", "openSync", "win32");
      assert.match(
        stderr,
        /\nRun it in a shell started as administrator: `kubectl-vouch completion install`\n$/,
      );
    });
  });

  onPosix("programs", "does not blame the folder for a full disk", async () => {
    const empty = fillDisk(bin());
    const { stderr } = await call("install").finally(empty);
    assert.match(
      stderr,
      /cannot be written: the disk is full\. \[file-unwritable\]\nCheck the folder's owner/,
    );
    assert.deepEqual(fs.readdirSync(bin()), ["kubectl-vouch"]);
  });
});
