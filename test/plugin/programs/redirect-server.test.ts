import assert from "node:assert/strict";
import { redirectTo } from "../../../plugin/programs/browser.ts";
import { onPosix } from "../../support/platform.ts";

const ADDRESS = "https://oidc.us-east-1.amazonaws.com/authorize?state=canary-state&x=%20y";

describe("the address that a browser is started with", () => {
  const open = (address: string, method = "GET") => fetch(address, { method, redirect: "manual" });

  onPosix("wine", "has nothing of the one that it leads to", async () => {
    const shown = await redirectTo(ADDRESS);
    assert.match(shown, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}$/);
    const { status, headers } = await open(shown);
    assert.deepEqual([status, headers.get("location")], [302, ADDRESS]);
    assert.deepEqual(
      [headers.get("cache-control"), headers.get("referrer-policy")],
      ["no-store", "no-referrer"],
    );
  });

  onPosix("wine", "leads there once", async () => {
    const shown = await redirectTo(ADDRESS);
    await (await open(shown)).text();
    await assert.rejects(open(shown));
  });

  onPosix("wine", "leads nowhere for who does not know it whole", async () => {
    const shown = await redirectTo(ADDRESS);
    for (const [address, method] of [
      [new URL("/", shown).href, "GET"],
      [shown.slice(0, -1), "GET"],
      [`${shown}?x`, "GET"],
      [shown, "POST"],
    ] as const) {
      const answer = await open(address, method);
      assert.deepEqual([answer.status, answer.headers.get("location")], [404, null]);
      assert.doesNotMatch(await answer.text(), /canary/);
    }
    assert.equal((await open(shown)).status, 302);
  });
});
