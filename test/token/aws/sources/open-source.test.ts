import assert from "node:assert/strict";
import type { AwsCredentials } from "../../../../token/aws/aws-credentials.ts";
import { askedOnce } from "../../../../token/aws/sources/open-source.ts";

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const WISH = { fresh: false, minRemainingMs: MINUTE };

/** A source whose answers come one by one, and how often it was asked. */
function source(answers: readonly (number | undefined | Error)[]) {
  const left = [...answers];
  let asked = 0;
  const ask = askedOnce(
    () => NOW,
    async (): Promise<AwsCredentials> => {
      asked += 1;
      const answer = left.shift();
      await new Promise(setImmediate);
      if (answer instanceof Error) throw answer;
      const keys = { accessKeyId: `AKIA${asked}`, secretAccessKey: "canary" };
      return { ...keys, sessionToken: "canary", expires: answer === undefined ? undefined : NOW + answer };
    },
  );
  return { ask, asked: () => asked };
}

describe("credentials that are asked for once", () => {
  for (const [what, answer] of [
    ["that end", 10 * MINUTE],
    ["that never end", undefined],
  ] as const)
    it(`are the same for all who want them at once, and later: ${what}`, async () => {
      const { ask, asked } = source([answer]);
      const all = await Promise.all([ask(WISH), ask(WISH), ask(WISH)]);
      const [first] = all;
      assert.deepEqual([...all, await ask(WISH)], [first, first, first, first]);
      assert.equal(asked(), 1);
    });

  it("are asked for anew by all at once where they do not live long enough", async () => {
    const { ask, asked } = source([10 * MINUTE, 60 * MINUTE]);
    await ask(WISH);
    const longer = { ...WISH, minRemainingMs: 30 * MINUTE };
    const all = await Promise.all([ask(longer), ask(longer), ask(longer), ask(WISH)]);
    assert.deepEqual(new Set(all.map(({ accessKeyId }) => accessKeyId)), new Set(["AKIA2"]));
    assert.equal(asked(), 2);
  });

  it("are asked for anew where fresh ones are wanted", async () => {
    const { ask, asked } = source([undefined, undefined]);
    await ask(WISH);
    assert.equal((await ask({ ...WISH, fresh: true })).accessKeyId, "AKIA2");
    assert.equal((await ask(WISH)).accessKeyId, "AKIA2");
    assert.equal(asked(), 2);
  });

  it("are asked for again after a failure", async () => {
    const { ask, asked } = source([new Error("down"), undefined]);
    const [failed, next] = await Promise.allSettled([ask(WISH), ask(WISH)]);
    assert.deepEqual([failed.status, next.status], ["rejected", "fulfilled"]);
    assert.equal((await ask(WISH)).accessKeyId, "AKIA2");
    assert.equal(asked(), 2);
  });
});
