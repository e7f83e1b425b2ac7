import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { awsCalls } from "../../../doctor/probes/aws/aws-calls.ts";
import { kubeCalls } from "../../../doctor/probes/cluster/kube-calls.ts";
import { getOverTls } from "../../../doctor/probes/network/get-over-tls.ts";
import { askProxy } from "../../../doctor/probes/network/network.ts";
import { eksApi } from "../../../plugin/cluster/eks-clusters.ts";
import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { sts } from "../../../token/aws/sts.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { httpClient } from "../../../token/net/http-client.ts";
import { AWS_LIMITS, type AwsLimits, MAX_PAGES } from "../../../token/net/limits.ts";
import {
  HOSTILE_ANSWERS,
  type HostileAnswer,
  type HostileServer,
  hostileServer,
} from "../../support/hostile-server.ts";
import { type Reply, type ScriptedServer, scriptedServer } from "./scripted-server.ts";

/** A tight limit, so that a test is short; the real ones differ in nothing else. */
const LIMITS: AwsLimits = { ...AWS_LIMITS, attempts: 1, totalMs: 150, bodyBytes: 64 * 1024 };

/** What may be on the way when a connection is dropped: buffers of both sides, in bytes. */
const ON_THE_WAY = 16 * 1024 * 1024;

const CREDENTIALS: AwsCredentials = {
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: "canary-secret",
  sessionToken: "canary-session",
  expires: Date.parse("2099-01-01T00:00:00Z"),
};

const awsPlace = ({ url, caFile }: HostileServer) => ({
  region: "us-east-1",
  env: {},
  endpoints: { stsEndpoint: url, eksEndpoint: url, iamEndpoint: url, awsCaBundle: caFile },
  credentials: CREDENTIALS,
  limits: LIMITS,
});
const cluster = ({ url, ca }: HostileServer) =>
  kubeCalls({
    address: { url: new URL(url), ca: [ca], tlsName: undefined, proxy: undefined },
    token: "canary-token",
    limits: LIMITS,
  });

/** Every client of ours that asks a server, and whether it takes any JSON or text for an answer, as its caller reads it. */
const CLIENTS: Readonly<
  Record<string, { takesAnything: boolean; ask: (server: HostileServer) => Promise<unknown> }>
> = {
  Vouch: {
    takesAnything: true,
    ask: ({ url, caFile }) =>
      httpClient({
        env: {},
        caBundle: caFile,
        clock: Date.now,
        totalMs: LIMITS.totalMs,
      })({ method: "GET", url: new URL(url), headers: {} }),
  },
  "a GET of the doctor": {
    takesAnything: true,
    ask: ({ url, ca }) =>
      getOverTls({
        url: new URL(url),
        headers: {},
        ca: [ca],
        clock: Date.now,
        signal: new AbortController().signal,
        limits: LIMITS,
      }),
  },
  STS: {
    takesAnything: false,
    ask: (server) => {
      const { region, env, endpoints } = awsPlace(server);
      return sts(region, { env, endpoints, limits: LIMITS }).callerIdentity(CREDENTIALS);
    },
  },
  EKS: { takesAnything: false, ask: (server) => awsCalls(awsPlace(server)).describeCluster("demo") },
  "a list of EKS": {
    takesAnything: false,
    ask: (server) => awsCalls(awsPlace(server)).listAccessEntries("demo"),
  },
  IAM: { takesAnything: false, ask: (server) => awsCalls(awsPlace(server)).getRole("dev") },
  "a review of the API server": { takesAnything: false, ask: (server) => cluster(server).whoami() },
  "an access review": {
    takesAnything: false,
    ask: (server) => cluster(server).mayI({ verb: "list", resource: "pods" }),
  },
  "aws-auth": { takesAnything: false, ask: (server) => cluster(server).awsAuth() },
  "a list of the API server": { takesAnything: false, ask: (server) => cluster(server).rbac() },
};

/** Well-formed HTTP: only who reads the body can tell that it is no answer. */
const PLAIN_ANSWERS: readonly HostileAnswer[] = ["answers with a page", "answers with JSON of another kind"];

describe("a server that", () => {
  for (const answer of Object.keys(HOSTILE_ANSWERS) as HostileAnswer[]) {
    describe(answer, () => {
      let server: HostileServer;
      before(async () => {
        server = await hostileServer({ answer });
      });
      after(() => server.close());

      for (const [name, { takesAnything, ask }] of Object.entries(CLIENTS)) {
        if (takesAnything && PLAIN_ANSWERS.includes(answer)) continue;
        it(`is no answer of ${name}`, async () => {
          const sentBefore = server.bytesSent();
          const error = await ask(server).then(
            (value) => assert.fail(`took it for an answer: ${JSON.stringify(value)}`),
            (reason: unknown) => reason,
          );
          assert.ok(error instanceof Error);
          assert.doesNotMatch(`${error.message} ${error instanceof VouchError ? error.hint : ""}`, /canary/);
          if (answer.includes("never end")) assert.ok(server.bytesSent() - sentBefore < ON_THE_WAY);
        });
      }
    });
  }
});

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
