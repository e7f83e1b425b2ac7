import assert from "node:assert/strict";
import { allPages, LIST_MS, MAX_PAGES } from "../../../token/net/limits.ts";

describe("allPages", () => {
  const refusal = (message: string) => ({ code: "server-answer-invalid", message });

  it("asks with what the last page names, until a page names nothing", async () => {
    const asked: (string | undefined)[] = [];
    const found = await allPages("EKS", async (next) => {
      asked.push(next);
      return { items: [asked.length], next: asked.length < 3 ? `page ${asked.length + 1}` : undefined };
    });
    assert.deepEqual(
      [found, asked],
      [
        [1, 2, 3],
        [undefined, "page 2", "page 3"],
      ],
    );
  });

  it("takes an empty name for none", async () => {
    assert.deepEqual(await allPages("EKS", async () => ({ items: ["a"], next: "" })), ["a"]);
  });

  it("reads as many pages as there may be, and refuses one more", async () => {
    const list = (pages: number) => {
      let asked = 0;
      return allPages("EKS", async () => {
        asked += 1;
        return { items: [asked], next: asked < pages ? String(asked) : undefined };
      });
    };
    assert.equal((await list(MAX_PAGES)).length, MAX_PAGES);
    await assert.rejects(list(MAX_PAGES + 1), refusal("EKS returned a list of more than 100 pages."));
  });

  for (const circle of [1, 2, 7]) {
    it(`refuses a list that turns in a circle of ${circle}`, async () => {
      let asked = 0;
      const pages = allPages("EKS", async () => ({ items: [], next: String(asked++ % circle) }));
      await assert.rejects(pages, refusal("EKS returned the same next page twice."));
      assert.equal(asked, circle + 1);
    });
  }

  it("refuses a list whose pages take too long together", async () => {
    let now = 0;
    const pages = allPages(
      "EKS",
      async () => {
        now += LIST_MS / 2 + 1;
        return { items: [], next: String(now) };
      },
      () => now,
    );
    await assert.rejects(pages, refusal("EKS did not list everything within 60 s."));
  });

  it("passes on why a page could not be had", async () => {
    await assert.rejects(
      allPages("EKS", () => Promise.reject(new Error("no"))),
      { message: "no" },
    );
  });
});
