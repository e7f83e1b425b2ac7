import assert from "node:assert/strict";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { expectedSignature } from "../../lab/aws/sigv4/expected-signature.ts";
import { LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import { type AwsLab, NOON, refusal, startAwsLab } from "./aws-lab.ts";

const INVALID = "The security token included in the request is invalid.";

describe("expectedSignature", () => {
  // Vectors: AWS General Reference, "Signature Version 4 signing process", the IAM ListUsers example;
  // aws-sig-v4-test-suite cases get-vanilla, get-vanilla-query-order-key-case and post-x-www-form-urlencoded, with
  // AWS's published example key.
  const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  const cases = [
    {
      name: "AWS's ListUsers example",
      method: "GET",
      service: "iam",
      query: "Action=ListUsers&Version=2010-05-08",
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        host: "iam.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
      },
      body: "",
      signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    },
    {
      name: "get-vanilla",
      method: "GET",
      service: "service",
      query: "",
      headers: { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" },
      body: "",
      signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    },
    {
      name: "get-vanilla-query-order-key-case",
      method: "GET",
      service: "service",
      query: "Param2=value2&Param1=value1",
      headers: { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" },
      body: "",
      signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    },
    {
      name: "post-x-www-form-urlencoded",
      method: "POST",
      service: "service",
      query: "",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        host: "example.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
      },
      body: "Param1=value1",
      signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    },
  ];
  for (const { name, method, service, query, headers, body, signature } of cases) {
    it(`agrees with ${name}`, () => {
      const parts = {
        credential: `AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request`,
        signedHeaders: Object.keys(headers),
        timestamp: "20150830T123600Z",
        signature: "",
        sessionToken: undefined,
      };
      const request = { method, path: "/", query, headers, body: Buffer.from(body) };
      assert.equal(expectedSignature(request, parts, secret), signature);
    });
  }
});

describe("signatures at the AWS stand-in", () => {
  let lab: AwsLab;
  beforeEach(async () => {
    lab = await startAwsLab();
  });
  afterEach(() => lab.close());

  const get = (path: string, headers: Record<string, string> = {}) =>
    lab.raw({
      path,
      headers: { host: "sts.us-east-1.amazonaws.com", accept: "application/json", ...headers },
    });
  const error = async (path: string, headers: Record<string, string> = {}) => {
    const { status, body } = await get(path, headers);
    const { Error: content } = JSON.parse(body);
    return { status, code: content.Code, message: content.Message };
  };
  const call = "/?Action=GetCallerIdentity&Version=2011-06-15";

  it("are asked for", async () => {
    const missing = { status: 403, code: "MissingAuthenticationToken" };
    const message = "Request is missing Authentication Token";
    assert.deepEqual(await error(call), { ...missing, message });
    assert.deepEqual(await error(call, { authorization: "Bearer canary" }), { ...missing, message });
  });

  it("must be whole", async () => {
    assert.deepEqual(await error(`${call}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260115T120000Z`), {
      status: 403,
      code: "IncompleteSignature",
      message:
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include " +
        "'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. " +
        "Re-examine the query-string parameters.",
    });
    assert.deepEqual(await error(call, { authorization: "AWS4-HMAC-SHA256 Credential=a/b/c/d/e" }), {
      status: 403,
      code: "IncompleteSignature",
      message:
        "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' " +
        "parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
        "Authorization=AWS4-HMAC-SHA256",
    });
    assert.deepEqual(await error(lab.presign().replace("AWS4-HMAC-SHA256", "AWS4-HMAC-MD5")), {
      status: 403,
      code: "IncompleteSignature",
      message: "Unsupported AWS 'algorithm': 'AWS4-HMAC-MD5' (only AWS4-HMAC-SHA256 for now). ",
    });
    assert.deepEqual(await error(lab.presign().replace("%2Faws4_request", "")), {
      status: 403,
      code: "IncompleteSignature",
      message:
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, " +
        "got 'AKIALABADMIN00000001/20260115/us-east-1/sts'",
    });
    assert.deepEqual(await error(lab.presign().replace("X-Amz-Date=20260115T120000Z", "X-Amz-Date=now")), {
      status: 403,
      code: "IncompleteSignature",
      message:
        "Date must be in ISO-8601 'basic format'. Got 'now'. See http://en.wikipedia.org/wiki/ISO_8601",
    });
  });

  it("may stand in the header or in the query, not in both", async () => {
    assert.deepEqual(await error(lab.presign(), { authorization: "AWS4-HMAC-SHA256 x" }), {
      status: 403,
      code: "SignatureDoesNotMatch",
      message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    });
  });

  it("must cover the host", async () => {
    const path = lab.presign({ headers: { "x-k8s-aws-id": "lab" } }).replace("host%3Bx-k8s", "x-k8s");
    assert.deepEqual(await error(path, { "x-k8s-aws-id": "lab" }), {
      status: 403,
      code: "SignatureDoesNotMatch",
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });

  it("must be scoped to the host's region and service, and to their own date", async () => {
    assert.deepEqual(await error(lab.presign({ region: "eu-west-1", service: "s3" })), {
      status: 403,
      code: "SignatureDoesNotMatch",
      message:
        "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'sts'. ",
    });
    assert.deepEqual(await error(lab.presign().replace("%2F20260115%2F", "%2F20260114%2F")), {
      status: 403,
      code: "SignatureDoesNotMatch",
      message:
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
        "'20260114' != '20260115', from '20260115T120000Z'.",
    });
    assert.deepEqual(await error(lab.presign().replace("aws4_request", "aws5_request")), {
      status: 403,
      code: "SignatureDoesNotMatch",
      message: "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
    });
  });

  it("may not bring a session token with a user's own key", async () => {
    const keys = { ...LAB_ADMIN_KEY, sessionToken: "canary-token" };
    assert.deepEqual(await error(lab.presign({ keys })), {
      status: 403,
      code: "InvalidClientTokenId",
      message: INVALID,
    });
  });

  it("live fifteen minutes either way at STS", async () => {
    const minutes = (count: number) => NOON + count * 60_000;
    assert.equal((await get(lab.presign({ at: minutes(-15) }))).status, 200);
    assert.equal((await get(lab.presign({ at: minutes(15) }))).status, 200);
    assert.deepEqual(await error(lab.presign({ at: minutes(-15) - 1000 })), {
      status: 403,
      code: "SignatureDoesNotMatch",
      message:
        "Signature expired: 20260115T114459Z is now earlier than 20260115T114500Z (20260115T120000Z - 15 min.)",
    });
    assert.deepEqual(await error(lab.presign({ at: minutes(15) + 1000 })), {
      status: 403,
      code: "SignatureDoesNotMatch",
      message:
        "Signature not yet current: 20260115T121501Z is still later than 20260115T121500Z (20260115T120000Z + 15 min.)",
    });
  });

  it("are refused by an SDK whose clock is wrong", async () => {
    const { code, message } = await refusal(
      lab.sts(LAB_ADMIN_KEY, -20 * 60_000).send(new GetCallerIdentityCommand({})),
    );
    assert.equal(code, "SignatureDoesNotMatch");
    assert.match(message, /^Signature expired: 20260115T1[12]\d{4}Z is now earlier than 20260115T114500Z /);
  });

  it("are not looked at for a host that is not AWS's", async () => {
    for (const host of [
      "sts.us-east-1.example.com",
      "sts.cn-north-1.amazonaws.com",
      "s3.us-east-1.amazonaws.com",
    ]) {
      assert.equal((await get(lab.presign({ host }), { host })).status, 421, host);
    }
  });
});
