import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type Notice, noticesText, packageFolders, readNotice } from "../../krew/notices.ts";
import { tempFolder } from "../support/temp-folder.ts";

describe("the folders of packages", () => {
  it("are the innermost of each bundled file, sorted", () => {
    assert.deepEqual(
      packageFolders([
        "plugin/main.ts",
        "node_modules/yaml/dist/index.js",
        "node_modules/@aws-sdk/core/dist/a.js",
        "node_modules/cliui/node_modules/string-width/index.js",
        "node_modules/cliui/build/index.cjs",
        "node_modules/yaml/dist/other.js",
      ]),
      [
        "node_modules/@aws-sdk/core",
        "node_modules/cliui",
        "node_modules/cliui/node_modules/string-width",
        "node_modules/yaml",
      ],
    );
  });
});

describe("the notice of a package", () => {
  const folder = tempFolder();
  const read = (manifest: object, files: Readonly<Record<string, string>> = {}, further: string[] = []) => {
    fs.writeFileSync(
      path.join(folder(), "package.json"),
      JSON.stringify({ name: "x", version: "1.0.0", ...manifest }),
    );
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder(), name)), { recursive: true });
      fs.writeFileSync(path.join(folder(), name), text);
    }
    return readNotice(folder(), further);
  };

  for (const name of [
    "LICENSE",
    "license",
    "LICENSE.md",
    "Licence.txt",
    "LICENSE-MIT.txt",
    "UNLICENSE",
    "COPYING",
  ]) {
    it(`is what its ${name} says`, () => {
      assert.deepEqual(read({ license: "ISC" }, { [name]: "\n\nterms  \r\nmore\n" }), {
        name: "x",
        version: "1.0.0",
        licence: "ISC",
        text: "terms\nmore",
      });
    });
  }

  it("has all its terms, its NOTICE and those of what it includes", () => {
    const files = {
      "NOTICE.txt": "notice",
      LICENSE: "terms",
      "hidapi/LICENSE.txt": "inner",
      "license.js": "code",
    };
    assert.equal(read({ license: "ISC" }, files, ["hidapi/LICENSE.txt"]).text, "terms\n\nnotice\n\ninner");
  });

  it("has the standard text, and says so, when it brings none", () => {
    const apache = read({ license: "Apache-2.0" }).text;
    assert.match(
      apache,
      /^This package specifies its license without the text. The standard text:\n\n +Apache License\n/,
    );
    const author = "Ada Lovelace <ada@example.org> (https://example.org)";
    for (const one of [author, { name: "Ada Lovelace" }]) {
      const mit = read({ license: "MIT", author: one }).text;
      assert.match(mit, /The standard text:\n\nCopyright \(c\) Ada Lovelace\n\nPermission is hereby granted/);
    }
  });

  it("is refused when nothing says under which terms it comes", () => {
    assert.throws(() => read({}), /x 1.0.0 does not specify a license/);
    assert.throws(() => read({ license: "MIT" }), /x 1.0.0 \(MIT\) does not include its license text/);
    assert.throws(
      () => read({ license: "BSD-3-Clause", author: "Ada" }),
      /\(BSD-3-Clause\) does not include its license text/,
    );
    assert.throws(() => read({ license: "MIT", author: "Ada" }, {}, ["gone.txt"]), /ENOENT/);
  });
});

describe("the notices of third parties", () => {
  const notice = (name: string, text: string): Notice => ({ name, version: "1.0.0", licence: "MIT", text });

  it("are sorted, and those of the same words stand together", () => {
    const text = noticesText([
      notice("b", "two"),
      notice("c", "one\r\n"),
      notice("a", "one"),
      notice("a", "one"),
    ]);
    assert.equal(
      text.slice(text.indexOf("=")),
      `${"=".repeat(80)}\na 1.0.0 (MIT)\nc 1.0.0 (MIT)\n${"-".repeat(80)}\none\n\n` +
        `${"=".repeat(80)}\nb 1.0.0 (MIT)\n${"-".repeat(80)}\ntwo\n`,
    );
    assert.match(text, /^Third-party notices\n/);
  });

  it("can be read of everything we bundle", () => {
    const root = path.resolve(import.meta.dirname, "../..");
    const { packages } = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
      packages: Record<string, { dev?: boolean; link?: boolean }>;
    };
    const shipped = Object.entries(packages)
      .filter(([folder, { dev, link }]) => folder.startsWith("node_modules/") && !dev && !link)
      .map(([folder]) => path.join(root, folder))
      .filter((folder) => fs.existsSync(folder));
    assert.ok(shipped.length > 50);
    const unreadable = shipped.flatMap((folder) => {
      try {
        return readNotice(folder).text.length > 100 ? [] : [`${folder} has next to no terms`];
      } catch (error) {
        return [(error as Error).message];
      }
    });
    assert.deepEqual(unreadable, []);
  });
});
