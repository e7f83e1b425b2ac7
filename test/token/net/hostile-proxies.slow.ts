import assert from "node:assert/strict";
import { askProxy } from "../../../doctor/probes/network/ask-proxy.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { httpClient } from "../../../token/net/http-client.ts";
import {
  HOSTILE_ANSWERS,
  type HostileAnswer,
  type HostileServer,
  hostileServer,
} from "../../support/hostile-server.ts";

/** What may be on the way when a connection is dropped, in bytes. */
const ON_THE_WAY = 16 * 1024 * 1024;

describe("a proxy that", () => {
  for (const answer of Object.keys(HOSTILE_ANSWERS) as HostileAnswer[]) {
    describe(answer, () => {
      let proxy: HostileServer;
      beforeEach(async () => {
        proxy = await hostileServer({ answer, plain: true });
      });
      afterEach(() => proxy.close());

      it("leads to no server", async () => {
        const ask = httpClient({
          env: { HTTPS_PROXY: proxy.url },
          caBundle: undefined,
          clock: Date.now,
          totalMs: 150,
        });
        await assert.rejects(
          ask({ method: "GET", url: new URL("https://vouch.example.test/"), headers: {} }),
          (error) => error instanceof VouchError && error.exit === 4,
        );
        assert.ok(proxy.bytesSent() < ON_THE_WAY);
      });

      it("gives the doctor one line, or none, in time", async () => {
        const { answer: line, socket } = await askProxy(
          new URL(proxy.url),
          "cluster.example.test:443",
          AbortSignal.timeout(150),
        );
        socket?.destroy();
        assert.ok((line ?? "").length < 200);
        assert.ok(proxy.bytesSent() < ON_THE_WAY);
      });
    });
  }
});
