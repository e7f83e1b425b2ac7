/**
 * What README.md and krew/INSTALL.md tell people to type, typed: each marked block is run by bash as it stands there, with
 * the release in KUBECTL_VOUCH_RELEASE on loopback. Of the text only the address of the release is another, in the
 * blocks and in the manifest; `$MIRROR` and `$INDEX` are the reader's own.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { CommandResult } from "../support/run-command.ts";
import { releaseFolder } from "../support/shipped-files.ts";
import { installBlocks, installFiles, runLines } from "./install-pages.ts";
import { type KrewPerson, krewIndex, krewPerson, serveFolder } from "./krew-person.ts";

const RELEASE = releaseFolder() ?? assert.fail("KUBECTL_VOUCH_RELEASE must name a folder");
const MANIFEST = fs.readFileSync(path.join(RELEASE, "vouch.yaml"), "utf8");
const TAG: string = parse(MANIFEST).spec.version;
const VERSION = TAG.slice(1);
const ADDRESS = `https://github.com/kubectl-vouch/kubectl-vouch/releases/download/${TAG}`;
const ARCHIVE = `kubectl-vouch_${VERSION}_linux_amd64.tar.gz`;

const FILES = installFiles();

/** What krew/INSTALL.md's Dockerfile and workflow run to install the archive. */
const ARCHIVE_STEPS = {
  Debian: runLines(FILES.get("debian") ?? "").at(-1) ?? assert.fail("no step for Debian"),
  GitHub: String(parse(FILES.get("github") ?? "").jobs.deploy.steps[1].run),
};

describe("what the pages tell to type", function () {
  this.timeout(600_000);
  const blocks = installBlocks();
  const typed = new Set<string>();
  let person: KrewPerson;
  let github: Served;

  beforeEach(async () => {
    person = await krewPerson();
    github = await served(path.join(person.home, "github"));
    for (const name of fs.readdirSync(RELEASE)) {
      fs.symlinkSync(path.join(RELEASE, name), path.join(github.folder, name));
    }
    fs.rmSync(path.join(github.folder, "vouch.yaml"));
    fs.writeFileSync(path.join(github.folder, "vouch.yaml"), MANIFEST.replaceAll(ADDRESS, github.url));
  });
  afterEach(() => {
    github.close();
    person.leave();
  });

  /** The PATH of somebody with krew, and with a folder of their own programs. */
  const env = () => ({
    PATH: ["programs", "krew/bin", ".local/bin"]
      .map((folder) => path.join(person.home, folder))
      .concat("/usr/bin", "/bin")
      .join(path.delimiter),
  });

  /** Has bash run a block in a folder. */
  function type(
    name: string,
    { folder = person.home, variables = {}, around = [] }: Typing = {},
  ): Promise<CommandResult> {
    const text = blocks.get(name) ?? assert.fail(`the pages have no block ${name}`);
    typed.add(name);
    return bash(name, text, { folder, variables, around });
  }

  /** The same for any text. */
  function bash(
    name: string,
    text: string,
    { folder, variables = {}, around = [] }: Typing & { readonly folder: string },
  ): Promise<CommandResult> {
    const file = path.join(person.home, `${name}.sh`);
    fs.writeFileSync(file, text.replaceAll(ADDRESS, github.url));
    const start = ["bash", "-c", 'cd "$1" && exec bash "$2"', "start", folder, file];
    return person.run([...around, ...start], { ...env(), ...variables });
  }

  async function succeeds(result: Promise<CommandResult>): Promise<void> {
    const { status, stdout, stderr } = await result;
    assert.equal(status, 0, stdout + stderr);
  }

  async function isThere(): Promise<void> {
    const { status, stdout, stderr } = await person.run(["kubectl", "vouch", "version"], env());
    assert.equal(status, 0, stderr);
    assert.equal(stdout, `kubectl-vouch ${VERSION}\n`);
  }

  async function isNotThere(): Promise<void> {
    const { status, stderr } = await person.run(["kubectl", "vouch", "version"], env());
    assert.equal(status, 1);
    assert.match(stderr, /unknown command "vouch"/);
  }

  /** krew's own index, with us in it or without. */
  async function defaultIndex(manifest: string): Promise<Record<string, string>> {
    const index = await krewIndex(person);
    await index.publish(manifest);
    const variables = { KREW_DEFAULT_INDEX_URI: index.uri };
    await person.do(["kubectl", "krew", "update"], variables);
    return variables;
  }

  const manifestOn = (url: string) => MANIFEST.replaceAll(ADDRESS, url);
  const othersManifest = () => manifestOn(github.url).replace("name: vouch", "name: other");

  it("installs from krew's index, and removes", async () => {
    const variables = await defaultIndex(manifestOn(github.url));
    await succeeds(type("krew", { variables }));
    await isThere();
    await succeeds(type("remove-krew", { variables }));
    await isNotThere();
  });

  it("installs from the manifest without any index, and updates where there is one", async () => {
    await succeeds(type("manifest"));
    await isThere();
    const receipt = path.join(person.krewRoot, "receipts/vouch.yaml");
    const variables = await defaultIndex(othersManifest());
    fs.writeFileSync(receipt, fs.readFileSync(receipt, "utf8").replace(`version: ${TAG}`, "version: v0.0.1"));
    fs.renameSync(
      path.join(person.krewRoot, "store/vouch", TAG),
      path.join(person.krewRoot, "store/vouch/v0.0.1"),
    );
    await succeeds(type("manifest-update", { variables }));
    await isThere();
    assert.deepEqual(fs.readdirSync(path.join(person.krewRoot, "store/vouch")), [TAG]);
  });

  it("installs without krew, over an older one too, and removes all that is ours", async () => {
    const bin = path.join(person.home, ".local/bin");
    await succeeds(type("plain"));
    await isThere();
    for (const name of ["kubectl-vouch", "vouch-core"]) fs.writeFileSync(path.join(bin, name), "older");
    await succeeds(type("plain"));
    await isThere();
    assert.deepEqual(fs.readdirSync(bin), ["kubectl-vouch", "vouch-core"]);

    await succeeds(Promise.resolve(await person.run(["kubectl", "vouch", "completion", "install"], env())));
    for (const folder of [".local/state", ".local/share", ".config"]) {
      fs.mkdirSync(path.join(person.home, folder, "kubectl-vouch"), { recursive: true });
    }
    await succeeds(type("remove-traces"));
    await succeeds(type("remove-plain"));
    await succeeds(type("remove-files"));
    await isNotThere();
    const left = fs.readdirSync(person.home, { recursive: true, encoding: "utf8" });
    assert.deepEqual(
      left.filter((file) => /^\.(?:local|config).*vouch/.test(file)),
      [],
    );
  });

  it("installs nothing whose sum is wrong", async () => {
    const file = path.join(github.folder, ARCHIVE);
    const bytes = fs.readFileSync(file);
    fs.rmSync(file);
    fs.writeFileSync(file, Buffer.concat([bytes, Buffer.of(0)]));
    const { status, stdout } = await type("plain");
    assert.equal(status, 1);
    assert.match(stdout, new RegExp(`^${ARCHIVE}: FAILED$`, "m"));
    await isNotThere();

    const byKrew = await type("manifest");
    assert.notEqual(byKrew.status, 0);
    assert.match(byKrew.stderr, /checksum does not match/);
    await isNotThere();
  });

  for (const [where, text] of Object.entries(ARCHIVE_STEPS)) {
    it(`unpacks the archive for ${where} as the page does, and fails on a wrong checksum`, async () => {
      const folder = path.join(person.home, ".local/bin");
      fs.mkdirSync(folder, { recursive: true });
      const step = text.replace("sudo ", "").replace("/usr/local/bin", folder);
      await succeeds(bash("step", step, { folder }));
      await isThere();
      fs.rmSync(path.join(folder, "vouch-core"));
      const sums = path.join(github.folder, "SHA256SUMS");
      // A link to the release itself.
      fs.rmSync(sums);
      fs.writeFileSync(sums, `${"0".repeat(64)}  ${ARCHIVE}\n`);
      assert.notEqual((await bash("step", step, { folder })).status, 0);
      assert.ok(!fs.existsSync(path.join(folder, "vouch-core")));
    });
  }

  it("installs nothing that the sums do not name, or that is not there", async () => {
    fs.rmSync(path.join(github.folder, "SHA256SUMS"));
    assert.notEqual((await type("plain")).status, 0);
    fs.writeFileSync(path.join(github.folder, "SHA256SUMS"), `${"0".repeat(64)}  other.tar.gz\n`);
    assert.notEqual((await type("plain")).status, 0);
    fs.rmSync(path.join(github.folder, ARCHIVE));
    assert.notEqual((await type("plain")).status, 0);
    await isNotThere();
  });

  it("makes a mirror that serves people without GitHub, by manifest and by an index of its own", async () => {
    const mirror = await served(path.join(person.home, "mirror"));
    const variables = { MIRROR: mirror.url, INDEX: path.join(person.home, "company.git") };
    try {
      await succeeds(type("mirror", { folder: mirror.folder, variables }));
      assert.deepEqual(fs.readdirSync(mirror.folder).sort(), fs.readdirSync(RELEASE).sort());
      fs.rmSync(github.folder, { recursive: true });
      await succeeds(type("mirror-user", { variables }));
      await isThere();
      fs.rmSync(person.krewRoot, { recursive: true });

      await person.do(["git", "init", "--quiet", "--bare", variables.INDEX]);
      await succeeds(type("index", { folder: mirror.folder, variables }));
      await succeeds(type("index-user", { variables }));
      await isThere();
      assert.match(await person.do(["kubectl", "krew", "list"], env()), /^company\/vouch/m);
    } finally {
      mirror.close();
    }
  });

  it("makes no manifest for a mirror whose files arrived wrong", async () => {
    const mirror = path.join(person.home, "mirror");
    fs.mkdirSync(mirror);
    fs.rmSync(path.join(github.folder, ARCHIVE));
    fs.writeFileSync(path.join(github.folder, ARCHIVE), "something else");
    const { status } = await type("mirror", { folder: mirror, variables: { MIRROR: "http://127.0.0.1:1" } });
    assert.notEqual(status, 0);
    assert.ok(!fs.existsSync(path.join(mirror, "vouch.yaml")));
  });

  it("installs and updates without network and git", async () => {
    for (const name of ["vouch.yaml", ARCHIVE]) {
      fs.symlinkSync(path.join(RELEASE, name), path.join(person.home, name));
    }
    const bare = path.join(person.home, "bare");
    fs.mkdirSync(bare);
    for (const name of ["bash", "rm"]) fs.symlinkSync(`/bin/${name}`, path.join(bare, name));
    const folders = [bare, path.join(person.home, "programs"), path.join(person.krewRoot, "bin")];
    const variables = { PATH: folders.join(path.delimiter) };
    const around = ["/usr/bin/unshare", process.getuid?.() === 0 ? "-n" : "-rn"];
    const alone = (...command: string[]) => person.run([...around, ...command], variables);
    const address = github.url.replace("http://", "/dev/tcp/").replace(":", "/");
    const look = `command -v git && exit 1; (: < ${address}) && exit 2; exit 0`;
    await succeeds(alone("bash", "-c", look));
    await succeeds(type("air-gapped", { variables, around }));
    assert.equal((await alone("kubectl", "vouch", "version")).stdout, `kubectl-vouch ${VERSION}\n`);
    await succeeds(type("air-gapped-update", { variables, around }));
    assert.equal((await alone("kubectl", "vouch", "version")).stdout, `kubectl-vouch ${VERSION}\n`);
  });

  after("every block was typed", () => {
    assert.deepEqual([...typed].sort(), [...blocks.keys()].sort());
  });
});

/** Where and how a text is typed. */
interface Typing {
  readonly folder?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Stands before bash. */
  readonly around?: readonly string[];
}

interface Served {
  readonly folder: string;
  readonly url: string;
  close(): void;
}

/** An empty folder that is served on loopback. */
async function served(folder: string): Promise<Served> {
  fs.mkdirSync(folder);
  return { folder, ...(await serveFolder(folder)) };
}
