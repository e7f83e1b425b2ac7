import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caBundle } from "../../../token/net/ca-bundle.ts";
import { makeLabCa } from "../../lab/tls.ts";

describe("VOUCH_CA_BUNDLE", () => {
  let folder: string;
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return { VOUCH_CA_BUNDLE: join(folder, name) };
  };
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ca-bundle-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("leaves the built-in roots alone when it is unset or empty", () => {
    assert.equal(caBundle({}, "VOUCH_CA_BUNDLE"), undefined);
    assert.equal(caBundle({ VOUCH_CA_BUNDLE: "" }, "VOUCH_CA_BUNDLE"), undefined);
    assert.equal(caBundle({ AWS_CA_BUNDLE: "/nowhere" }, "VOUCH_CA_BUNDLE"), undefined);
  });

  it("gives every certificate of the file, and only those", async () => {
    const [one, two] = [(await makeLabCa()).cert.trim(), (await makeLabCa()).cert.trim()];
    const env = file("two.pem", `# our roots\n${one}\n# the new one\n${two}\n`);
    assert.deepEqual(caBundle(env, "VOUCH_CA_BUNDLE"), [one, two]);
  });

  it("is an error when the file is missing, and names variable and path", () => {
    const path = join(folder, "missing.pem");
    assert.throws(() => caBundle({ VOUCH_CA_BUNDLE: path }, "VOUCH_CA_BUNDLE"), {
      code: "config-invalid",
      message: `VOUCH_CA_BUNDLE names ${path}, which cannot be read: there is no such file.`,
      hint: "Name a readable PEM file in VOUCH_CA_BUNDLE, or use the built-in roots: `unset VOUCH_CA_BUNDLE`.",
    });
  });

  it("is an error when the path is a folder", () => {
    assert.throws(() => caBundle({ AWS_CA_BUNDLE: folder }, "AWS_CA_BUNDLE"), {
      code: "config-invalid",
      message: `AWS_CA_BUNDLE names a file that cannot be used: ${folder} cannot be read: it is a directory.`,
    });
  });

  for (const [what, text] of [
    ["no PEM", "not a certificate"],
    ["an empty file", ""],
    ["a key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"],
  ] as const) {
    it(`is an error when the file holds ${what}`, () => {
      const env = file("other.pem", text);
      assert.throws(() => caBundle(env, "VOUCH_CA_BUNDLE"), {
        code: "config-invalid",
        message: `VOUCH_CA_BUNDLE names ${env.VOUCH_CA_BUNDLE}, which holds no PEM certificate.`,
      });
    });
  }

  it("is an error when one certificate is damaged", async () => {
    const { cert } = await makeLabCa();
    const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const env = file("damaged.pem", `${cert}\n${damaged}`);
    assert.throws(() => caBundle(env, "VOUCH_CA_BUNDLE"), {
      code: "config-invalid",
      message: `VOUCH_CA_BUNDLE names ${env.VOUCH_CA_BUNDLE}, which holds a certificate that cannot be read.`,
    });
  });
});
