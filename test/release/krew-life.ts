import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { archiveName } from "../../krew/archive/entry.ts";
import { PLATFORMS, type Platform, platformName } from "../../krew/platforms.ts";
import { readArchive } from "../support/archive/read.ts";
import { HERE } from "../support/shipped-files.ts";
import { type KrewPerson, krewIndex, krewPerson, serveFolder } from "./krew-person.ts";

/** The life of a release at the hands of the real krew: `folder` holds `vouch.yaml` and the archives. */
export function describeKrewLife(subject: string, folder: () => string): void {
  describe(subject, function () {
    this.timeout(600_000);
    let person: KrewPerson;
    beforeEach(async () => {
      person = await krewPerson();
    });
    afterEach(() => person.leave());

    const manifestFile = () => path.join(folder(), "vouch.yaml");
    const manifest = () => fs.readFileSync(manifestFile(), "utf8");
    const tag = () => String(parse(manifest()).spec.version);
    const archive = (platform: Platform) => path.join(folder(), archiveName(tag().slice(1), platform));
    const store = (version: string) => path.join(person.krewRoot, "store/vouch", version);
    const link = (name = "kubectl-vouch") => path.join(person.krewRoot, "bin", name);
    const install = (platform: Platform, env = {}) =>
      person.run(
        ["kubectl", "krew", "install", `--manifest=${manifestFile()}`, `--archive=${archive(platform)}`],
        env,
      );
    const pluginVersion = () => person.do(["kubectl", "vouch", "version"]);

    it("installs from its files without a network, and kubectl runs it", async () => {
      const { status, stdout, stderr } = await install(HERE);
      assert.equal(status, 0, stdout + stderr);
      assert.match(await pluginVersion(), new RegExp(`^kubectl-vouch ${tag().slice(1)}\\b`));
      assert.equal(fs.readlinkSync(link()), path.join(store(tag()), "kubectl-vouch"));
    });

    for (const platform of PLATFORMS) {
      it(`installs for ${platformName(platform)} with the modes of its archive`, async () => {
        const { os, arch } = platform;
        const { status, stdout, stderr } = await install(platform, { KREW_OS: os, KREW_ARCH: arch });
        assert.equal(status, 0, stdout + stderr);
        const packed = readArchive(fs.readFileSync(archive(platform)));
        const name = os === "windows" ? "kubectl-vouch.exe" : "kubectl-vouch";
        assert.deepEqual(
          fs.readdirSync(store(tag())).map((file) => {
            const { mode } = fs.statSync(path.join(store(tag()), file));
            return { name: file, mode: mode & 0o777 };
          }),
          packed.map(({ name, mode }) => ({ name, mode })),
        );
        assert.deepEqual(fs.readdirSync(path.dirname(link())), [name]);
        assert.ok(
          fs.readFileSync(link(name)).equals(packed.find((one) => one.name === name)?.bytes ?? Buffer.of()),
        );
      });
    }

    it("is refused when a byte of the archive is another", async () => {
      const bytes = fs.readFileSync(archive(HERE));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      const other = path.join(person.home, "other.tar.gz");
      fs.writeFileSync(other, bytes);
      const { status, stderr } = await person.run([
        ...["kubectl", "krew", "install", `--manifest=${manifestFile()}`, `--archive=${other}`],
      ]);
      assert.notEqual(status, 0);
      assert.match(stderr, /checksum does not match/);
    });

    describe("from an index", () => {
      let server: { readonly url: string; close(): void };
      beforeEach(async () => {
        server = await serveFolder(folder());
      });
      afterEach(() => server.close());
      const onLoopback = () =>
        manifest().replaceAll(/https:\/\/\S+\/releases\/download\/[^/\s]+/g, server.url);

      it("is what the index's validator asks for, on every platform", async () => {
        const file = path.join(person.home, "vouch.yaml");
        fs.writeFileSync(file, onLoopback());
        const { status, stdout, stderr } = await person.run(["validate-krew-manifest", "-manifest", file]);
        assert.equal(status, 0, stdout + stderr);
        assert.match(stderr, /all 6 spec\.platforms installed fine/);
      });

      it("is installed, upgraded when a newer one is pushed, and uninstalled", async () => {
        const index = await krewIndex(person);
        const krew = (...words: string[]) =>
          person.do(["kubectl", "krew", ...words], { KREW_DEFAULT_INDEX_URI: index.uri });
        await index.publish(onLoopback());
        await krew("update");
        assert.match(
          await krew("search", "vouch"),
          /^vouch +Sign in to EKS by AWS profile or security key +no$/m,
        );
        await krew("install", "vouch");
        assert.match(await pluginVersion(), /^kubectl-vouch \d/);
        assert.deepEqual(fs.readdirSync(path.dirname(store("any"))), [tag()]);

        await index.publish(onLoopback().replace(`version: ${tag()}`, "version: v999.0.0"));
        await krew("upgrade");
        assert.deepEqual(fs.readdirSync(path.dirname(store("any"))), ["v999.0.0"]);
        assert.equal(fs.readlinkSync(link()), path.join(store("v999.0.0"), "kubectl-vouch"));
        assert.match(await pluginVersion(), /^kubectl-vouch \d/);
        assert.match(await krew("list"), /vouch/);

        await krew("uninstall", "vouch");
        assert.deepEqual(fs.readdirSync(path.dirname(link())), []);
        assert.ok(!fs.existsSync(path.dirname(store("any"))));
      });
    });
  });
}
