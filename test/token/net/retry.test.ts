import assert from "node:assert/strict";
import type { HttpAnswer } from "../../../token/net/http-client.ts";
import { httpDate, retryAfter, retryDelay, withRetries } from "../../../token/net/retry.ts";
import { type AnswerParts, httpAnswer, NOON } from "./http-answer.ts";

describe("retryAfter", () => {
  const values: readonly [headers: Record<string, string>, ms: number | undefined][] = [
    [{}, undefined],
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "-1" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "Thu, 15 Jan 2026 12:00:09 GMT" }, 9_000],
    [{ "retry-after": "Thu, 15 Jan 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "Thu, 15 Jan 2026 13:00:09 GMT", date: "Thu, 15 Jan 2026 13:00:00 GMT" }, 9_000],
  ];
  for (const [headers, ms] of values) {
    it(`reads ${JSON.stringify(headers)} as ${ms} ms`, () => {
      assert.equal(retryAfter(httpAnswer({ status: 429, headers, at: NOON })), ms);
    });
  }
});

describe("retryDelay", () => {
  const delay = (parts: AnswerParts, attempt = 0, random = 0) =>
    retryDelay(httpAnswer(parts), attempt, () => random);

  for (const status of [200, 302, 400, 401, 403, 404, 408, 501]) {
    it(`does not repeat after ${status}`, () => {
      assert.equal(delay({ status }), undefined);
    });
  }

  it("waits as long as a 429 says, two seconds if it does not, thirty at most", () => {
    const waits = [{ "retry-after": "7" }, {}, { "retry-after": "900" }].map((headers) =>
      delay({ status: 429, headers }),
    );
    assert.deepEqual(waits, [7_000, 2_000, 30_000]);
  });

  it("backs off after a 5xx, half of it at random", () => {
    assert.deepEqual(
      [0, 1, 2].map((attempt) => delay({ status: 503 }, attempt, 0)),
      [500, 1_000, 2_000],
    );
    assert.deepEqual(
      [0, 1, 2].map((attempt) => delay({ status: 500 }, attempt, 0.5)),
      [750, 1_500, 3_000],
    );
  });

  it("stops after three repetitions", () => {
    assert.deepEqual(
      [429, 503].map((status) => delay({ status }, 3)),
      [undefined, undefined],
    );
  });
});

describe("withRetries", () => {
  const run = async (statuses: readonly number[], headers: Record<string, string> = {}) => {
    const left = [...statuses];
    const sleeps: number[] = [];
    const send = async (): Promise<HttpAnswer> => httpAnswer({ status: left.shift() ?? 599, headers });
    const sleep = async (ms: number) => void sleeps.push(ms);
    const { status } = await withRetries(send, { sleep, random: () => 0 });
    return { status, sleeps, left };
  };

  it("sends once when all is well", async () => {
    assert.deepEqual(await run([200, 500]), { status: 200, sleeps: [], left: [500] });
  });

  it("waits for half a minute in all, however long the server says", async () => {
    const ask = (seconds: number) => run([429, 429, 429, 429], { "retry-after": String(seconds) });
    assert.deepEqual(await ask(86_400), { status: 429, sleeps: [30_000], left: [429, 429] });
    assert.deepEqual(await ask(12), { status: 429, sleeps: [12_000, 12_000], left: [429] });
  });

  it("gives the fourth answer, whatever it is", async () => {
    assert.deepEqual(await run([503, 429, 500, 502, 200]), {
      status: 502,
      sleeps: [500, 2_000, 2_000],
      left: [200],
    });
  });

  it("does not repeat a connection that failed", async () => {
    let sent = 0;
    const send = () => Promise.reject(new Error(`failure ${++sent}`));
    await assert.rejects(withRetries(send, { sleep: async () => {}, random: () => 0 }), {
      message: "failure 1",
    });
  });
});

describe("httpDate", () => {
  it("reads the example of RFC 9110, 5.6.7", () => {
    assert.equal(httpDate("Sun, 06 Nov 1994 08:49:37 GMT"), 784_111_777_000);
  });

  for (const value of [
    undefined,
    "",
    "-1",
    "1994",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 99 Nov 1994 08:49:37 GMT",
  ]) {
    it(`takes ${JSON.stringify(value)} for no date`, () => {
      assert.equal(httpDate(value), undefined);
    });
  }
});
