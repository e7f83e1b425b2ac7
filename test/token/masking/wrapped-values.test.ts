import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { maskText } from "../../../token/masking/mask-text.ts";

/** Characters as a secret has them, the same each time. */
const RANDOM = Array.from({ length: 16 }, (_, at) =>
  createHash("sha512").update(`${at}`).digest("base64url"),
).join("");

const HEADS = {
  "a variable": "export AWS_SESSION_TOKEN=IQoJ",
  "a header": "Authorization: Bearer eyJ",
  "a key of a kubeconfig": "    client-key-data: LS0t",
  "a member of JSON": '    "token": "k8s-aws-v1.',
};

/** What may stand behind a secret, and is none. */
const BEHIND = [
  "HOME=/root",
  "web-0",
  "NAME READY STATUS",
  "    region: eu-west-1",
  "Error: Unauthorized",
  "}",
];

describe("a value that a window broke over lines", () => {
  for (const [what, head] of Object.entries(HEADS))
    for (const width of [60, 80, 120, 200])
      it(`is hidden to its end: ${what}, ${width} columns`, () => {
        for (const length of [width, 3 * width + 7, 5 * width]) {
          const secret = RANDOM.slice(0, length);
          const broken = `${head}${secret}`.replaceAll(new RegExp(`.{${width}}`, "g"), "$&\n").trimEnd();
          for (const behind of BEHIND) {
            const masked = maskText(`before\n${broken}\n${behind}\nafter\n`);
            assert.ok(masked.startsWith("before\n") && masked.endsWith(`\n${behind}\nafter\n`), masked);
            for (const piece of secret.match(/.{1,20}/g) ?? []) assert.ok(!masked.includes(piece), masked);
          }
        }
      });

  it("ends where its line was too short for that", () => {
    const behind = "web-0-of-a-long-name-that-is-no-secret-at-all";
    assert.equal(maskText(`password: abcdef\n${behind}\n`), `password: "***"\n${behind}\n`);
  });
});

const digests = Array.from({ length: 16 }, (_, at) => createHash("sha512").update(`line ${at}`).digest());
const BASE64URL = Buffer.concat(digests).toString("base64url");
const HEX = Buffer.concat(digests).toString("hex").slice(0, 64);
const PRESIGNED = `https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=ASIAEXAMPLEEXAMPLE12%2F20261128%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Date=20261128T102231Z&X-Amz-Expires=60&X-Amz-Security-Token=IQoJ${BASE64URL.slice(0, 600).replaceAll(/[-_]/g, "z")}%3D%3D&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature=${HEX}`;
const WEB_TOKEN = `eyJhbGciOiJSUzI1NiIsImtpZCI6IjRlNmY3ODlhMDEyMzQ1Njc4OWFiIn0.${Buffer.from(JSON.stringify({ sub: "system:serviceaccount:a:b", aud: ["sts.amazonaws.com"] })).toString("base64url")}.${BASE64URL.slice(0, 340)}`;

function broken(text: string, width: number): string[] {
  return text.match(new RegExp(`.{1,${width}}`, "g")) ?? [];
}

function assertNothingLeft(masked: string, secret: string): void {
  for (const piece of secret.match(/.{20}/g) ?? []) assert.ok(!masked.includes(piece), masked);
}

const FRAMES: Readonly<Record<string, (line: string, index: number) => string>> = {
  "a mail that quotes": (line) => `> ${line}`,
  "a mail that quotes twice": (line) => `> > ${line}`,
  "a log": (line, index) => `10:22:3${index % 10} ${line}`,
  "a log of ISO times": (line) => `[2026-11-28T10:22:31.123Z] ${line}`,
  "numbered lines": (line, index) => `   ${index + 7}  ${line}`,
  "numbered lines with bars": (line, index) => `   ${index + 7} | ${line}`,
  "cat -n": (line, index) => `     ${index + 7}\t${line}`,
  "a frame": (line) => `│ ${line.padEnd(78)} │`,
  "a pane beside it": (line) => `${line}│ other pane`,
  "a shell's command": (line) => `${line}\\`,
};

describe("a secret that is broken over lines", () => {
  for (const [what, frame] of Object.entries(FRAMES))
    it(`is hidden to its end in ${what}`, () => {
      const token = `"token": "k8s-aws-v1.${BASE64URL.slice(0, 500)}"`;
      const url = `export X=https://a/?X-Amz-Security-Token=IQoJ${BASE64URL.slice(0, 500)}`;
      for (const text of [token, url]) {
        const lines = ["from me", ...broken(text, 78), "and me"].map(frame);
        const masked = maskText(`Me too:\n${lines.join("\n")}\nNAME READY\n`);
        assertNothingLeft(masked, BASE64URL);
        assert.ok(masked.endsWith(`\n${lines.at(-1)}\nNAME READY\n`), masked);
      }
    });

  it("is hidden in a presigned address of any width, also if a name is broken", () => {
    for (let width = 59; width <= 130; width += 1) {
      const masked = maskText(`before\n${broken(PRESIGNED, width).join("\n")}\nNAME READY\n`);
      assertNothingLeft(masked, BASE64URL.slice(0, 600).replaceAll(/[-_]/g, "z"));
      for (const piece of HEX.match(/.{16}/g) ?? []) assert.ok(!masked.includes(piece), masked);
      assert.ok(masked.includes("?Action=GetCaller"), masked);
      assert.ok(masked.endsWith("\nNAME READY\n"), masked);
    }
  });

  it("is hidden in a web token that is broken in its header", () => {
    for (let width = 40; width <= 70; width += 1) {
      const masked = maskText(`${broken(`VOUCH=${WEB_TOKEN}`, width).join("\n")}\nNAME READY\n`);
      assertNothingLeft(masked, WEB_TOKEN);
      assert.ok(masked.endsWith("\nNAME READY\n"), masked);
    }
  });

  it("is hidden where its first line is missing", () => {
    const lines = broken(BASE64URL.slice(0, 500), 78);
    for (const frame of [(line: string) => line, ...Object.values(FRAMES)])
      assertNothingLeft(maskText(`${lines.map(frame).join("\n")}\n`), BASE64URL);
    const masked = maskText(`${lines.join("\n")}"\n  }\n}\n`);
    assert.equal(masked, `${"***\n".repeat(lines.length).trimEnd()}"\n  }\n}\n`);
  });
});
