import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type PresignRequest, presignedQuery } from "../../../token/eks/sigv4-query.ts";
import { amzDate } from "../../../token/eks/token-form.ts";

interface SigningCase {
  readonly case: string;
  readonly commit: string;
  readonly signedRequest: string;
  readonly input: PresignRequest;
  readonly sessionToken?: string;
}

interface SigningSuite {
  readonly context: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly region: string;
    readonly service: string;
    readonly timestamp: string;
    readonly expiresSeconds: number;
  };
  readonly cases: readonly SigningCase[];
}

const FILE = path.join(import.meta.dirname, "../../vectors/sigv4-query.json");
const SUITE = JSON.parse(readFileSync(FILE, "utf8")) as SigningSuite;

function signed({ input, sessionToken }: Pick<SigningCase, "input" | "sessionToken">): string {
  const { accessKeyId, secretAccessKey, region, service, timestamp, expiresSeconds } = SUITE.context;
  return presignedQuery(
    input,
    { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    { region, service, signedAt: Date.parse(timestamp), expiresSeconds },
  );
}

/** Every parameter once, by name; the suite's copy of the session token behind the signature is the same text again. */
function parameters(query: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(query)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function queryOf(signedRequest: string): string {
  const [requestLine = ""] = signedRequest.split("\n");
  return requestLine.slice(requestLine.indexOf("?") + 1, requestLine.lastIndexOf(" HTTP/1.1"));
}

describe("presignedQuery", () => {
  for (const signingCase of SUITE.cases) {
    const { case: name, commit, signedRequest } = signingCase;
    it(`signs ${name} (${commit.slice(0, 7)}) as the AWS signing suite does`, () => {
      assert.deepEqual(parameters(signed(signingCase)), parameters(queryOf(signedRequest)));
    });
  }

  const plain = { method: "GET", path: "/", query: [], headers: { host: "example.amazonaws.com" } };

  it("writes the parameters in canonical order, the signature last", () => {
    const query = signed({
      input: {
        ...plain,
        query: [
          ["Zebra", "1"],
          ["Action", "a b"],
        ],
      },
    });
    assert.deepEqual(
      query.split("&").map((pair) => pair.split("=")[0]),
      [
        "Action",
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "Zebra",
        "X-Amz-Signature",
      ],
    );
  });

  it("percent-encodes all but the unreserved characters of RFC 3986, with capital digits", () => {
    const query = signed({ input: { ...plain, query: [["p", "a+b/c!'()* é"]] } });
    assert.equal(/&p=([^&]*)/.exec(`&${query}`)?.[1], "a%2Bb%2Fc%21%27%28%29%2A%20%C3%A9");
  });

  it("orders a parameter that is there twice by its value", () => {
    const one = signed({
      input: {
        ...plain,
        query: [
          ["p", "2"],
          ["p", "1"],
          ["p", "1"],
        ],
      },
    });
    const other = signed({
      input: {
        ...plain,
        query: [
          ["p", "1"],
          ["p", "1"],
          ["p", "2"],
        ],
      },
    });
    assert.equal(one, other);
    assert.match(one, /p=1&p=1&p=2/);
  });

  it("signs the value of a header, not its case or spaces, and of every header", () => {
    const signature = (headers: Record<string, string>) =>
      signed({ input: { ...plain, headers } }).slice(-64);
    const host = "example.amazonaws.com";
    assert.equal(signature({ host, "x-id": "a  b" }), signature({ "X-ID": " a b ", Host: host }));
    assert.notEqual(signature({ host, "x-id": "a" }), signature({ host, "x-id": "A" }));
    assert.notEqual(signature({ host, "x-id": "a" }), signature({ host }));
  });
});

describe("amzDate", () => {
  it("writes a time in UTC without separators, parts of seconds cut off", () => {
    assert.equal(amzDate(Date.parse("2026-01-15T23:59:59.999Z")), "20260115T235959Z");
  });
});
