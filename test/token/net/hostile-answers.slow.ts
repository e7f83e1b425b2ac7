import assert from "node:assert/strict";
import { awsCalls } from "../../../doctor/probes/aws/aws-calls.ts";
import { kubeCalls } from "../../../doctor/probes/cluster/kube-calls.ts";
import { getOverTls } from "../../../doctor/probes/network/get-over-tls.ts";
import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { sts } from "../../../token/aws/sts.ts";
import { VouchError } from "../../../token/errors/errors.ts";
import { httpClient } from "../../../token/net/http-client.ts";
import { AWS_LIMITS, type AwsLimits } from "../../../token/net/limits.ts";
import {
  HOSTILE_ANSWERS,
  type HostileAnswer,
  type HostileServer,
  hostileServer,
} from "../../support/hostile-server.ts";

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
