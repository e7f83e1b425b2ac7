import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { maskText } from "../../../token/masking/mask-text.ts";

/** Base64 as keys have it, the same each time. */
const BYTES = Array.from({ length: 12 }, (_, at) => createHash("sha512").update(`key ${at}`).digest());
const KEY_LINES = (
  Buffer.concat(BYTES)
    .toString("base64")
    .match(/.{1,64}/g) ?? []
).slice(0, 4);
KEY_LINES.push("q83vEjRWeJCrze8SNFZ4kKs=");

const BEGIN = "-----BEGIN EC PRIVATE KEY-----";
const END = "-----END EC PRIVATE KEY-----";
const ERROR = "$ kubectl get pods\nerror: You must be logged in to the server (Unauthorized)";

function masks(count: number): string {
  return Array.from({ length: count }, () => "***\n").join("");
}

describe("a private key of which a part is missing", () => {
  it("ends with its last line of base64 where its end is missing", () => {
    const text = `${[BEGIN, ...KEY_LINES].join("\n")}\n${ERROR}\n`;
    assert.equal(maskText(text), `${masks(6)}${ERROR}\n`);
    assert.equal(maskText(`${BEGIN}\n${KEY_LINES[0]}\n${ERROR}`), `${masks(2)}${ERROR}`);
    assert.equal(maskText(`${BEGIN}\n${ERROR}`), `${masks(1)}${ERROR}`);
    const legacy = `${BEGIN}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${KEY_LINES.join("\n")}\n`;
    assert.equal(maskText(`${legacy}${ERROR}`), `${masks(3)}\n${masks(5)}${ERROR}`);
  });

  it("ends with its string where it is one of JSON", () => {
    const text = JSON.stringify({ a: `${BEGIN}\n${KEY_LINES.join("\n")}`, b: "c" });
    assert.equal(maskText(text), '{"a":"***","b":"c"}');
    assert.equal(JSON.parse(JSON.parse(maskText(JSON.stringify(text)))).b, "c");
  });

  it("is hidden up to its end where its beginning is missing", () => {
    for (const lines of [KEY_LINES, KEY_LINES.slice(3), KEY_LINES.slice(4)])
      assert.equal(
        maskText(`$ cat x\n${lines.join("\n")}\n${END}\nx`),
        `$ cat x\n${masks(lines.length + 1)}x`,
      );
  });

  it("is hidden where both are missing, whatever stands before each line", () => {
    for (const before of ["", "> ", "│ ", "10:22:31 ", "[2026-11-28T10:22:31.123Z] ", " 7 | ", "  7  "]) {
      const text = KEY_LINES.map((line) => `${before}${line}\n`).join("");
      const masked = maskText(`${before}above\n${text}${before}below\n`);
      assert.equal(masked, `${before}above\n${`${before}***\n`.repeat(5)}${before}below\n`);
    }
  });
});

describe("long lines of base64 that are no secret", () => {
  const certificates = rootCertificates.slice(0, 5).map((pem) => `${new X509Certificate(pem).toString()}`);

  it("stay, if they are certificates, whole or cut, quoted or not", () => {
    for (const pem of certificates) {
      const lines = pem.trim().split("\n");
      for (const part of [lines, lines.slice(3), lines.slice(0, -3)]) {
        assert.equal(maskText(part.join("\n")), part.join("\n"));
        const quoted = part.map((line) => `> ${line}`).join("\n");
        assert.equal(maskText(quoted), quoted);
      }
    }
  });

  it("stay, if they are a certificate in base64 that a window broke", () => {
    for (const width of [78, 80, 81, 120])
      for (const pem of certificates) {
        const data = `"certificateAuthority": {"data": "${Buffer.from(pem).toString("base64")}"}`;
        const broken = data.replaceAll(new RegExp(`.{${width}}`, "g"), "$&\n");
        assert.equal(maskText(broken), broken);
      }
  });

  it("stay, if they are rulers, hashes or text", () => {
    const texts = [
      `${"-".repeat(70)}\n${"=".repeat(70)}\n${"_".repeat(70)}`,
      `${"0f".repeat(32)}\n${"a1".repeat(32)}\n${"b2".repeat(32)}`,
      Buffer.from("harmless words in a text of base64, ".repeat(8))
        .toString("base64")
        .replaceAll(/.{64}/g, "$&\n"),
    ];
    for (const text of texts) assert.equal(maskText(text), text);
  });
});

describe("the password of a proxy", () => {
  const USER = "ada:canary@proxy:3128";
  for (const text of [
    `HTTPS_PROXY=${USER}`,
    `$env:ALL_PROXY = "${USER}"`,
    `export https_proxy="${USER}"`,
    `http_proxy: ${USER}`,
    `- name: HTTPS_PROXY\n  value: ${USER}`,
    JSON.stringify({ name: "HTTPS_PROXY", value: USER }, null, 2),
    JSON.stringify({ name: "HTTPS_PROXY", value: USER }),
    JSON.stringify(JSON.stringify({ HTTPS_PROXY: USER })),
    `proxy-url: ${USER}`,
    JSON.stringify(["--proxy", USER]),
    `- --proxy\n- ${USER}`,
    `- --proxy=${USER}`,
    `set -x HTTPS_PROXY ${USER}`,
    `curl -x ${USER} https://example.com`,
    `credential_process = helper --proxy ${USER}`,
    "HTTPS_PROXY=http://ada:a/canary@proxy:3128",
    JSON.stringify({ url: `http://${USER}` }).replaceAll("/", "\\/"),
    `next=${encodeURIComponent(`http://${USER}`)}`,
  ])
    it(`is hidden in ${JSON.stringify(text)}`, () => {
      const masked = maskText(text);
      assert.doesNotMatch(masked, /canary/);
      assert.equal(maskText(masked), masked);
      assert.match(masked, /\*\*\*(?:@|%40)proxy|\*\*\*"?$/);
    });

  it("is not seen in an address without one", () => {
    for (const text of [
      "HTTPS_PROXY=http://proxy:3128 ada@example.com",
      "proxy-url: http://proxy:3128\nuser: ada@example.com",
      "no_proxy=a.example.com,10.0.0.0/8:443",
      "next=http%3A%2F%2Fhost%3A443%2Fa%40b",
    ])
      assert.equal(maskText(text), text);
  });
});

describe("the signature of a presigned request", () => {
  const SIGNATURE = createHash("sha256").update("canary").digest("hex");
  for (const [before, after] of [
    ["X-Amz-Signature=", "&a=b"],
    ["X-Amz-Signature%3D", "%26a"],
    ["X-Amz-Signature%253D", "%2526a"],
    ["X-Amz-Signature : ", ""],
    ["map[X-Amz-Signature:[", "] a:[b]]"],
  ] as const)
    it(`is hidden after ${before}`, () => {
      assert.ok(maskText(`${before}${SIGNATURE}${after}`).startsWith(`${before}***`));
    });
});
