import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { caBundle, trustedRoots } from "../../../token/net/trusted-roots.ts";
import { makeLabCa } from "../../lab/tls.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("caBundle", () => {
  let folder: string;
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ca-bundle-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("gives every certificate of the file, and only those", async () => {
    const [one, two] = [(await makeLabCa()).cert.trim(), (await makeLabCa()).cert.trim()];
    const bundle = file("two.pem", `# our roots\n${one}\n# the new one\n${two}\n`);
    assert.deepEqual(caBundle(bundle), [one, two]);
  });

  it("is an error when the file is missing, and names it", () => {
    const path = join(folder, "missing.pem");
    assert.throws(() => caBundle(path), {
      code: "config-invalid",
      message: `Cannot use CA bundle ${path}: file not found.`,
    });
  });

  it("is an error when the path is a folder", () => {
    assert.throws(() => caBundle(folder), {
      code: "config-invalid",
      message: `Cannot use CA bundle ${folder}: it is a directory.`,
    });
  });

  for (const [what, text] of [
    ["no PEM", "not a certificate"],
    ["an empty file", ""],
    ["a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"],
  ] as const) {
    it(`is an error when the file holds ${what}`, () => {
      const bundle = file("other.pem", text);
      assert.throws(() => caBundle(bundle), {
        code: "config-invalid",
        message: `Cannot use CA bundle ${bundle}: it does not contain a PEM certificate.`,
      });
    });
  }

  it("is an error when one certificate is damaged", async () => {
    const { cert } = await makeLabCa();
    const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const bundle = file("damaged.pem", `${cert}\n${damaged}`);
    assert.throws(() => caBundle(bundle), {
      code: "config-invalid",
      message: `Cannot use CA bundle ${bundle}: it contains a certificate that cannot be read.`,
    });
  });
});

describe("trustedRoots", () => {
  const folder = tempFolder();

  it("are those built in, with a bundle or without", async () => {
    const { cert } = await makeLabCa();
    const bundle = join(folder(), "ca.pem");
    writeFileSync(bundle, cert);
    assert.deepEqual(trustedRoots(undefined), [...rootCertificates]);
    assert.deepEqual(trustedRoots(bundle), [...rootCertificates, cert.trim()]);
  });

  it("are read at each use, so that a renewed bundle counts", async () => {
    const bundle = join(folder(), "rotated.pem");
    const certificates = [(await makeLabCa()).cert.trim(), (await makeLabCa()).cert.trim()];
    const seen = certificates.map((cert) => {
      writeFileSync(bundle, cert);
      return trustedRoots(bundle).at(-1);
    });
    assert.deepEqual(seen, certificates);
  });
});
