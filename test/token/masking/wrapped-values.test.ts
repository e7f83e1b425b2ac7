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
