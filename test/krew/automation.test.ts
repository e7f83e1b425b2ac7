import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { archiveName } from "../../krew/archive/entry.ts";
import { manifestText } from "../../krew/manifest.ts";
import { PLATFORMS } from "../../krew/platforms.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");

/**
 * What krew-release-bot makes of its template for a tag.
 *
 * Source: krew-release-bot 0.0.50, pkg/source/template.go; `slice` is Go's own.
 */
function rendered(template: string, tag: string): string {
  const fill = (text: string) =>
    text.replaceAll("{{ .TagName }}", tag).replaceAll("{{ slice .TagName 1 }}", tag.slice(1));
  const spoken = template.replace(/^\{\{- \/\*[^*]*\*\/ -\}\}\n/, "");
  const withAssets = spoken.replaceAll(/\{\{ addURIAndSha "([^"]*)" \.TagName \}\}/g, (_, url: string) => {
    const sum = hash("sha256", path.posix.basename(fill(url)));
    return `uri: ${fill(url)}\n    sha256: ${sum}`;
  });
  return fill(withAssets);
}

describe("the template for krew-release-bot", () => {
  it("says what our own manifest says", () => {
    const { homepage } = JSON.parse(read("package.json")) as { homepage: string };
    const files = PLATFORMS.map((platform) => archiveName("1.2.3-rc.1", platform));
    const ours = manifestText(read("krew/vouch.template.yaml"), {
      version: "1.2.3-rc.1",
      homepage,
      sums: new Map(files.map((file) => [file, hash("sha256", file)])),
    });
    const theirs = rendered(read(".krew.yaml"), "v1.2.3-rc.1");
    assert.doesNotMatch(theirs, /\{\{/);
    assert.deepEqual(parse(theirs), parse(ours));
  });
});

describe("the pages that tell how to install", () => {
  for (const page of ["README.md", "krew/INSTALL.md"]) {
    it(`name files of this very version in ${page}`, () => {
      const { version } = JSON.parse(read("package.json")) as { version: string };
      const named = [
        ...read(page).matchAll(/(?:download\/v|kubectl-vouch[_@]|vouch v)(\d+\.\d+\.\d+[\w.-]*?)(?=[/_" ])/g),
      ];
      assert.ok(named.length > 0);
      assert.deepEqual(new Set(named.map(([, one]) => one)), new Set([version]));
    });
  }
});

describe("the release workflow", () => {
  interface Step {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, string>>;
  }
  interface Job {
    readonly needs?: string | readonly string[];
    readonly permissions: Readonly<Record<string, string>>;
    readonly steps: readonly Step[];
  }
  const jobsOf = (name: string) =>
    (parse(read(`.github/workflows/${name}.yml`)) as { jobs: Record<string, Job> }).jobs;
  const jobs = jobsOf("release");
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it("uses every action by its full version, as the one for pull requests does", () => {
    const used = [jobs, jobsOf("check"), jobsOf("pages")]
      .flatMap((all) => Object.values(all).flatMap((job) => job.steps))
      .flatMap(({ uses }) => uses ?? []);
    assert.ok(used.length > 5);
    assert.deepEqual(
      used.filter((one) => !/^[\w.-]+\/[\w.-]+@v\d+\.\d+\.\d+$/.test(one)),
      [],
    );
  });

  it("keeps between runs what a release keeps", () => {
    const folder = /"(kubectl-vouch-[a-z]+)"/.exec(read("krew/release.ts"))?.[1] ?? "none";
    const cached = steps.find(({ uses }) => uses?.startsWith("actions/cache@"))?.with?.["path"] ?? "";
    assert.ok(cached.split("\n").includes(`~/.cache/${folder}`), cached);
  });

  it("publishes only what was checked and proved before, in this order", () => {
    const order = ["build", "publish"].flatMap((job) => jobs[job]?.steps ?? []);
    const words = [".ci/run all", "attest", "gh release"];
    const places = words.map((word) =>
      order.findIndex(({ uses, run }) => (run ?? uses ?? "").includes(word)),
    );
    assert.ok(
      places.every((place) => place >= 0),
      places.join(),
    );
    assert.deepEqual(
      places.toSorted((a, b) => a - b),
      places,
    );
    assert.deepEqual(jobs["publish"]?.needs, ["build", "sign-macos"]);
  });

  it("has the certificate for macOS only where no code of packages runs, and nothing that such code could have kept", () => {
    const knowing = Object.entries(jobs).filter(([, job]) => JSON.stringify(job).includes("secrets."));
    assert.deepEqual(
      knowing.map(([name]) => name),
      ["sign-macos"],
    );
    assert.doesNotMatch(JSON.stringify(jobs["sign-macos"]), /npm |npx|cache|cargo|rcodesign\(/);
    assert.doesNotMatch(JSON.stringify(jobs["signer"]), /secrets/);
    const imported = new Set(["krew/sign-release.ts"]);
    for (const file of imported)
      for (const [, name = ""] of read(file).matchAll(/^(?:import|export) (?!type)[^;]*?from "([^"]+)";/gm)) {
        assert.match(name, /^(?:node:|\.)/, `${file} needs a package`);
        if (name.startsWith(".")) imported.add(path.join(path.dirname(file), name));
      }
    assert.ok(imported.size > 5, [...imported].join(" "));
  });

  it("entitles programs for macOS to what V8 and addons need, and to nothing else", () => {
    const keys = [...read("krew/entitlements.plist").matchAll(/<key>com\.apple\.security\.([\w.-]+)/g)];
    assert.deepEqual(
      keys.map(([, key]) => key),
      ["cs.allow-jit", "cs.disable-library-validation"],
    );
  });

  it("gives the code of packages no right to write", () => {
    const writers = Object.entries(jobs).filter(([, job]) =>
      Object.values(job.permissions).includes("write"),
    );
    assert.deepEqual(
      writers.map(([name]) => name),
      ["publish"],
    );
    assert.doesNotMatch(writers[0]?.[1].steps.map(({ run }) => run).join("\n") ?? "", /npm|npx|node/);
  });
});

describe("the workflow that publishes the page", () => {
  const text = read(".github/workflows/pages.yml");

  it("publishes the bytes of the release, checked, with their sum beside them", () => {
    assert.match(text, /sha256sum --check --strict/);
    assert.match(text, /cp download\/doctor\.html site\/index\.html/);
    assert.match(text, /site\/checksum\.html/);
    assert.doesNotMatch(text, /run: [^\n]*\$\{\{/, "no text of an event is part of a script");
  });

  it("draws the picture that the page itself names", () => {
    const [, picture = ""] = /krew\/preview\.ts site\/doctor\.html site\/(\S+)/.exec(text) ?? [];
    assert.ok(read("doctor/browser/shell.ts").includes(`\${PUBLISHED}${picture}`), picture);
  });
});
