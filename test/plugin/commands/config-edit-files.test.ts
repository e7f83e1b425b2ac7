import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { run } from "../../../plugin/cli.ts";
import { takeFileLock } from "../../../token/files/file-lock.ts";
import { type FakeAppOptions, fakeApp } from "../../support/fake-app.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the file that kubectl vouch config set and unset change", () => {
  const home = tempFolder();
  const config = async (words: readonly string[], options: Partial<FakeAppOptions> = {}) => {
    const app = fakeApp({ home: home(), clock: Date.now, ...options });
    const status = await run(["config", ...words], app);
    return { status, ...app.written };
  };
  const file = () => path.join(home(), ".config/kubectl-vouch/config.yaml");
  const text = (from = file()) => fs.readFileSync(from, "utf8");
  const write = (yaml: string, mode = 0o600) => {
    fs.mkdirSync(path.dirname(file()), { recursive: true });
    fs.writeFileSync(file(), yaml);
    fs.chmodSync(file(), mode);
  };

  const EDITS: Readonly<Record<string, readonly [string, readonly string[], string]>> = {
    "the comment at its head": [
      "# ours\n\n# the company's\nserver: https://a.example\ncache: on\n",
      ["unset", "server"],
      "# ours\n\n# the company's\ncache: on\n",
    ],
    "the line endings of Windows": [
      "# ours\r\nserver:   https://a.example   # x\r\n\r\ncache: on\r\n",
      ["set", "cache", "off"],
      "# ours\r\nserver:   https://a.example   # x\r\n\r\ncache: off\r\n",
    ],
    "blank lines and columns": [
      "server:   https://a.example\n\n\ncache:    on      # y\naccount:  a@b.c\n",
      ["set", "cache", "off"],
      "server:   https://a.example\n\n\ncache:    off      # y\naccount:  a@b.c\n",
    ],
    "nothing behind the last key": ["cache: on\n", ["unset", "cache"], ""],
    "comments behind the last key": ["# a\ncache: on\n# b\n", ["unset", "cache"], "# a\n# b\n"],
  };
  for (const [what, [before, words, after]] of Object.entries(EDITS)) {
    it(`keeps ${what}`, async () => {
      write(before);
      const { status, stderr } = await config(words);
      assert.equal(status, 0, stderr);
      assert.equal(text(), after);
    });
  }

  onPosix("links", "stays where a symbolic link leads, with its mode", async () => {
    const kept = path.join(home(), "dotfiles.yaml");
    fs.writeFileSync(kept, "# mine\n");
    fs.chmodSync(kept, 0o644);
    fs.mkdirSync(path.dirname(file()), { recursive: true });
    fs.symlinkSync(kept, file());
    assert.equal((await config(["set", "cache", "off"])).status, 0);
    assert.equal(fs.readlinkSync(file()), kept);
    assert.equal(text(kept), "# mine\ncache: off\n");
    assert.equal(fs.statSync(kept).mode & 0o777, 0o644);
  });

  onPosix("modes", "keeps the mode of a plain file", async () => {
    write("cache: on\n", 0o640);
    assert.equal((await config(["unset", "cache"])).status, 0);
    assert.equal(fs.statSync(file()).mode & 0o777, 0o640);
  });

  it("loses nothing of what is set at the same time", async () => {
    const values = { cache: "off", notify: "on", account: "ada@example.com", keyStore: "file" };
    write("# ours\n");
    const words = Object.entries(values).map((pair) => ["set", ...pair]);
    const ended = await Promise.all(words.map((each) => config(each)));
    assert.deepEqual(
      ended.map(({ status }) => status),
      words.map(() => 0),
    );
    const lines = Object.entries(values).map(([name, value]) => `${name}: ${value}`);
    assert.deepEqual(text().trimEnd().split("\n").sort(), ["# ours", ...lines].sort());
    assert.deepEqual(fs.readdirSync(path.dirname(file())), ["config.yaml"]);
  });

  it("is read only once whoever changes it is done", async () => {
    write("cache: on\n");
    const lock = await takeFileLock(`${file()}.lock`, { clock: Date.now, staleAfterMs: 60_000 });
    const onErr = (said: string) => {
      if (!said.includes("another process holds it, waiting")) return;
      write("cache: on\nnotify: on\n");
      lock.release();
    };
    assert.equal((await config(["set", "cache", "off", "--debug"], { onErr })).status, 0);
    assert.equal(text(), "cache: off\nnotify: on\n");
  });

  it("is not waited for without end, and who holds it is said", async () => {
    write("cache: on\n");
    fs.writeFileSync(`${file()}.lock`, `${process.pid}\n`);
    let now = Date.now();
    const { status, stderr } = await config(["set", "cache", "off"], { clock: () => (now += 1000) });
    assert.notEqual(status, 0);
    assert.match(stderr, /has held lock .*config\.yaml\.lock .*\[file-locked\]/);
    assert.equal(text(), "cache: on\n");
  });

  it("is not made by an unset of what it does not say", async () => {
    assert.equal((await config(["unset", "cache"])).status, 0);
    assert.equal(fs.existsSync(path.dirname(file())), false);
  });

  const REFUSED: Readonly<Record<string, readonly [string, readonly string[], RegExp]>> = {
    "a list": ["- a\n", ["set", "cache", "off"], /not a list of `name: value` lines/],
    "a list, to unset": ["- a\n", ["unset", "cache"], /not a list of `name: value` lines/],
    "a text": ["a\n", ["unset", "cache"], /not a list of `name: value` lines/],
    "an alias that leads nowhere": ["server: *x\n", ["set", "cache", "off"], /alias or a merge/],
    "an alias at its root": ["*x\n", ["unset", "cache"], /not a list of `name: value` lines/],
    "nested without end": [`${"[".repeat(300)}\n`, ["unset", "cache"], /nested too deeply/],
    "an anchor that another line uses": [
      "stsEndpoint: &x https://a.example\neksEndpoint: *x\n",
      ["unset", "stsEndpoint"],
      /stsEndpoint cannot be changed in .+: eksEndpoint uses its value \(&x\)/,
    ],
    "an anchor that another line uses, to set": [
      "stsEndpoint: &x https://a.example\neksEndpoint: *x\n",
      ["set", "stsEndpoint", "https://b.example"],
      /stsEndpoint cannot be changed in .+: eksEndpoint uses its value \(&x\)/,
    ],
  };
  for (const [what, [yaml, words, says]] of Object.entries(REFUSED)) {
    onPosix("shell", `is refused and left as it is when it holds ${what}`, async () => {
      write(yaml);
      const { status, stderr } = await config(words);
      assert.equal(status, 6, stderr);
      assert.match(stderr, says);
      assert.match(stderr, /\[config-invalid\]\n.*`vi /);
      assert.equal(text(), yaml);
    });
  }

  onPosix(
    "shell",
    "loses a wrong line beside others that are wrong, and what is still wrong is said",
    async () => {
      write("foo: 1\nbar: 2\nserver: *x\nkeyStore: vault\n");
      const first = await config(["unset", "foo"]);
      assert.equal(first.status, 0, first.stderr);
      assert.match(
        first.stderr,
        /^foo was removed from .*config\.yaml\.\nwarning: Cannot use .*: .*\n.*`vi /,
      );
      assert.equal((await config(["unset", "server"])).status, 0);
      assert.match((await config(["unset", "bar"])).stderr, /warning: .*keyStore must be keyring or file/);
      const last = await config(["unset", "keyStore"]);
      assert.equal(last.status, 0);
      assert.doesNotMatch(last.stderr, /warning/);
      assert.equal(text(), "");
    },
  );

  it("loses both lines of a key that is there twice", async () => {
    write("cache: on\nnotify: on\ncache: off");
    assert.equal((await config(["set", "cache", "off"])).status, 6);
    assert.equal((await config(["unset", "cache"])).status, 0);
    assert.equal(text(), "notify: on");
  });
});
