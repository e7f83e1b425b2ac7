import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { awsCalls } from "../../../doctor/probes/aws/aws-calls.ts";
import { kubeCalls } from "../../../doctor/probes/cluster/kube-calls.ts";
import { eksApi } from "../../../plugin/cluster/eks-api.ts";
import { MAX_PAGES } from "../../../token/net/limits.ts";
import { type Reply, type ScriptedServer, scriptedServer } from "./scripted-server.ts";

const CREDENTIALS = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "x", sessionToken: "y", expires: 4e12 };

describe("a list that never ends", () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await scriptedServer();
  });
  afterEach(() => server.close());

  const caFile = () => server.caFile;
  const aws = () => ({
    env: {},
    endpoints: { eksEndpoint: server.url, iamEndpoint: server.url, awsCaBundle: caFile() },
    credentials: CREDENTIALS,
  });
  const serve = (on: string, page: (number: number) => object) => {
    let number = 0;
    const reply = (): Reply => ({ status: 200, body: page(number++) });
    server.expect(...Array.from({ length: MAX_PAGES + 5 }, () => ({ on, reply })));
  };
  const cluster = () =>
    kubeCalls({
      address: {
        url: new URL(server.url),
        ca: [readFileSync(caFile(), "utf8")],
        tlsName: undefined,
        proxy: undefined,
      },
      token: "t",
    });

  /** Each asks for one list; `page` is one page of it that names a next one. */
  const lists: Readonly<
    Record<string, { on: string; page: (next: string) => object; ask: () => Promise<unknown> }>
  > = {
    "setup's clusters": {
      on: "GET /clusters",
      page: (nextToken) => ({ clusters: ["a"], nextToken }),
      ask: () => eksApi({ region: "us-east-1", ...aws() }).listClusters(),
    },
    "the doctor's access entries": {
      on: "GET /clusters/a/access-entries",
      page: (nextToken) => ({ accessEntries: [], nextToken }),
      ask: () => awsCalls({ region: "us-east-1", ...aws() }).listAccessEntries("a"),
    },
    "the doctor's identity providers": {
      on: "GET /clusters/a/identity-provider-configs",
      page: (nextToken) => ({ identityProviderConfigs: [], nextToken }),
      ask: () => awsCalls({ region: "us-east-1", ...aws() }).identityProviders("a"),
    },
    namespaces: {
      on: "GET /api/v1/namespaces",
      page: (next) => ({ kind: "NamespaceList", items: [], metadata: { continue: next } }),
      ask: () => cluster().namespaces(),
    },
  };

  for (const [name, { on, page, ask }] of Object.entries(lists)) {
    it(`is refused after so many pages: ${name}`, async () => {
      serve(on, (number) => page(`page ${number}`));
      await assert.rejects(ask(), {
        code: "server-answer-invalid",
        message: /a list of more than 100 pages\.$/,
      });
      assert.equal(server.requests.length, MAX_PAGES);
    });

    it(`is refused when it turns in a circle: ${name}`, async () => {
      serve(on, () => page("the same"));
      await assert.rejects(ask(), { code: "server-answer-invalid", message: /the same next page twice\.$/ });
      assert.equal(server.requests.length, 2);
    });
  }

  it("is read to its end: namespaces", async () => {
    const items = (from: number) =>
      Array.from({ length: 3 }, (_, at) => ({ metadata: { name: `n${from + at}` } }));
    serve("GET /api/v1/namespaces", (number) => ({
      kind: "NamespaceList",
      items: items(number * 3),
      metadata: number < 3 ? { continue: `c${number}` } : {},
    }));
    assert.equal((await cluster().namespaces()).items.length, 12);
    assert.deepEqual(
      server.requests.map(({ query }) => Object.fromEntries(new URLSearchParams(query))),
      [{}, { continue: "c0" }, { continue: "c1" }, { continue: "c2" }].map((page) => ({
        limit: "500",
        ...page,
      })),
    );
  });
});
