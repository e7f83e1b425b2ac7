import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { makePage, pageScripts } from "../../../krew/page.ts";

/** Largest page, in bytes. */
const MOST = 480_000;

describe("the page", () => {
  let page: string;
  before(async () => {
    page = await makePage();
  });

  const between = (start: string, end: string) => {
    const from = page.indexOf(start) + start.length;
    return page.slice(from, page.indexOf(end, from));
  };
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

  it("is one file of a size that a mail takes, the same each time", async () => {
    assert.ok(Buffer.byteLength(page) <= MOST, `${Buffer.byteLength(page)} bytes`);
    assert.equal(await makePage(), page);
  });

  it("forbids first of all everything but its own style, script and worker", () => {
    const head = '<head>\n<meta http-equiv="Content-Security-Policy" content="';
    assert.equal(page.indexOf(head), '<!DOCTYPE html>\n<html lang="en">\n'.length);
    assert.equal(
      between(head, '">').replaceAll("&#39;", "'"),
      [
        "default-src 'none'",
        `script-src ${hash(between("<script>", "</script>"))}`,
        `style-src ${hash(between("<style>", "</style>"))}`,
        "worker-src blob:",
        "connect-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types doctor-worker",
      ].join("; "),
    );
  });

  it("has the worker's script within, packed", async () => {
    const packed = between('<script type="text/plain" id="worker">', "</script>");
    const { worker } = await pageScripts();
    assert.equal(inflateRawSync(Buffer.from(packed, "base64")).toString("utf8"), worker);
  });

  it("leads nowhere, and lets no browser keep or send what is typed", () => {
    assert.equal(page.split("<script").length, 3);
    assert.doesNotMatch(page, /\s(?:src|action|formaction|ping)=|<link|<base|<iframe|<img|\son[a-z]+=/);
    assert.doesNotMatch(page, /href="(?!#)/);
    const box = /<textarea[^>]*>/.exec(page)?.[0] ?? "";
    assert.match(box, /spellcheck="false" autocomplete="off"/);
    assert.match(page, /<meta name="referrer" content="no-referrer">/);
  });

  it("labels each field, and has the terms of what is in it", () => {
    const labels = [...page.matchAll(/<label for="([^"]*)"/g)].map(([, id]) => id);
    const fields = [...page.matchAll(/<(?:textarea|input|select)[^>]* id="([^"]*)"/g)].map(([, id]) => id);
    assert.deepEqual(fields.toSorted(), labels.toSorted());
    assert.match(page, /\nyaml \d[\d.]* \(ISC\)/);
    assert.match(page, /\n@noble\/hashes \d[\d.]* \(MIT\)/);
  });
});
