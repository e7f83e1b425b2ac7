import assert from "node:assert/strict";
import { AssumeRoleWithWebIdentityCommand, type AssumeRoleWithWebIdentityRequest } from "@aws-sdk/client-sts";
import { addOidcProvider, addRole, vouchTrust } from "../../lab/aws/world.ts";
import type { IamRole, OidcProvider, TrustStatement } from "../../lab/model.ts";
import { makeLabCa } from "../../lab/tls.ts";
import { type AwsLab, NOON, refusal, startAwsLab } from "./aws-lab.ts";
import { startIssuer, type TestIssuer } from "./issuer.ts";

const DEVELOPER = "arn:aws:iam::111122223333:role/VouchDeveloper";
const NOT_AUTHORIZED = {
  code: "AccessDenied",
  status: 403,
  message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
};

describe("sts:AssumeRoleWithWebIdentity at the AWS stand-in", () => {
  let issuer: TestIssuer;
  let lab: AwsLab;
  let developer: IamRole;
  let provider: OidcProvider;
  before(async () => {
    lab = await startAwsLab();
    issuer = await startIssuer(lab.ca);
    await lab.close();
  });
  after(() => issuer.close());
  beforeEach(async () => {
    lab = await startAwsLab(issuer.url);
    const [firstRole, firstProvider] = [
      lab.world.roles.get(DEVELOPER),
      [...lab.world.oidcProviders.values()][0],
    ];
    assert.ok(firstRole && firstProvider);
    developer = firstRole;
    provider = firstProvider;
  });
  afterEach(() => lab.close());

  const assume = (fields: Partial<AssumeRoleWithWebIdentityRequest> = {}) =>
    lab.sts().send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: DEVELOPER,
        RoleSessionName: "ada@example.com",
        WebIdentityToken: issuer.token(),
        ...fields,
      }),
    );
  const refused = (fields: Partial<AssumeRoleWithWebIdentityRequest>) => refusal(assume(fields));
  const withClaims = (claims: Record<string, unknown>) => refused({ WebIdentityToken: issuer.token(claims) });
  const trust = (changes: Partial<TrustStatement>) => {
    developer.trust = [{ ...vouchTrust(provider), ...changes }];
  };

  it("remembers tags, source identity and session policies", async () => {
    const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    const { Credentials } = await assume({ PolicyArns: [{ arn: readOnly }] });
    const session = lab.world.sessions.get(Credentials?.AccessKeyId ?? "");
    assert.deepEqual(
      {
        policyArns: session?.policyArns,
        tags: session?.tags,
        transitive: session?.transitiveTagKeys,
        source: session?.sourceIdentity,
      },
      {
        policyArns: [readOnly],
        tags: { "vouch:Email": "ada@example.com", "vouch:Domain": "example.com" },
        transitive: ["vouch:Email", "vouch:Domain"],
        source: "ada@example.com",
      },
    );
  });

  it("needs no signature", async () => {
    await assume();
    assert.deepEqual(lab.standIn.calls, [
      {
        service: "sts",
        operation: "AssumeRoleWithWebIdentity",
        principal: undefined,
        parameters: {
          RoleArn: DEVELOPER,
          RoleSessionName: "ada@example.com",
          DurationSeconds: undefined,
          PolicyArns: [],
        },
        region: "us-east-1",
        time: new Date(NOON),
        error: undefined,
      },
    ]);
  });

  describe("refuses a token", () => {
    const invalid = (message: string) => ({ code: "InvalidIdentityTokenException", status: 400, message });

    it("that is none", async () => {
      assert.deepEqual(
        await refused({ WebIdentityToken: "canary" }),
        invalid(
          "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        ),
      );
    });
    it("of an issuer that the role's account does not know", async () => {
      const unknown = (url: string) => invalid(`No OpenIDConnect provider found in your account for ${url}`);
      assert.deepEqual(await withClaims({ iss: `${issuer.url}/` }), unknown(`${issuer.url}/`));
      const elsewhere = { RoleArn: "arn:aws:iam::444455556666:role/VouchDeveloper" };
      assert.deepEqual(await refused(elsewhere), unknown(issuer.url));
    });
    it("that is not yet valid", async () => {
      assert.deepEqual(await withClaims({ nbf: NOON / 1000 + 301 }), invalid("Token nbf is in the future"));
    });
    it("that lacks a claim", async () => {
      assert.deepEqual(await withClaims({ aud: undefined }), invalid("Missing a required claim: aud"));
    });
    it("that the issuer did not sign", async () => {
      const expected = invalid("Token signature invalid");
      assert.deepEqual(await refused({ WebIdentityToken: issuer.forgedToken() }), expected);
      assert.deepEqual(await refused({ WebIdentityToken: issuer.token({}, { alg: "none" }) }), expected);
    });
    it("whose key the issuer does not publish", async () => {
      const expected = invalid(
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
      );
      assert.deepEqual(await refused({ WebIdentityToken: issuer.token({}, { kid: "key-2" }) }), expected);
      const good = issuer.answer;
      issuer.answer = { status: 503, body: "" };
      assert.deepEqual(await refused({}), expected);
      issuer.answer = { status: 200, body: "<html>" };
      assert.deepEqual(await refused({}), expected);
      issuer.answer = good;
    });
    it("that is pinned to other roles", async () => {
      assert.deepEqual(
        await withClaims({ "https://aws.amazon.com/roles": [`${DEVELOPER}s`] }),
        invalid("The target role ARN is not present in the roles claim of the identity token"),
      );
    });
    it("whose tags are misshapen", async () => {
      const tags = (value: unknown) => withClaims({ "https://aws.amazon.com/tags": value });
      assert.deepEqual(await tags([]), invalid("Session tags passed in claim are not in correct format."));
      assert.deepEqual(
        await tags({ principal_tags: { "vouch:Email": "ada@example.com" } }),
        invalid("principal_tags passed in claim is not in correct format."),
      );
      assert.deepEqual(
        await tags({ principal_tags: {}, transitive_tag_keys: ["vouch:Email"] }),
        invalid("transitive_tag_keys passed in claim is not in correct format."),
      );
    });
    it("whose source identity is no identity", async () => {
      assert.deepEqual(
        await withClaims({ "https://aws.amazon.com/source_identity": "ada lovelace" }),
        invalid("The source identity claim is invalid."),
      );
    });
    it("whose tags need more room than there is", async () => {
      const claim = { principal_tags: { note: ["x".repeat(600)] } };
      assert.deepEqual(await withClaims({ "https://aws.amazon.com/tags": claim }), {
        code: "PackedPolicyTooLargeException",
        status: 400,
        message: "Packed size of session tags consumes 133% of allotted space.",
      });
    });
  });

  describe("cannot ask", () => {
    const unreachable = {
      code: "IDPCommunicationErrorException",
      status: 400,
      message:
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    };
    it("an issuer whose certificate it does not trust", async () => {
      provider.ca = (await makeLabCa("another CA")).cert;
      assert.deepEqual(await refused({}), unreachable);
    });
  });

  describe("asks the trust policy", () => {
    it("and refuses a role that does not exist with the same words", async () => {
      assert.deepEqual(await refused({ RoleArn: `${DEVELOPER}s` }), NOT_AUTHORIZED);
    });
    it("for the provider", async () => {
      const other = addOidcProvider(lab.world, { url: "https://localhost:2", ca: "" });
      developer.trust = [vouchTrust(other)];
      assert.deepEqual(await refused({}), NOT_AUTHORIZED);
    });
    it("for a deny", async () => {
      developer.trust.push({ Effect: "Deny", Principal: "*", Action: "sts:*" });
      assert.deepEqual(await refused({}), NOT_AUTHORIZED);
    });
    it("for the subject, with wildcards", async () => {
      trust({ Condition: { StringLike: { [`${provider.url}:sub`]: "*@example.com" } } });
      await assume();
      trust({ Condition: { StringEquals: { [`${provider.url}:sub`]: "*@example.com" } } });
      assert.deepEqual(await refused({}), NOT_AUTHORIZED);
    });
    it("for the authentication methods", async () => {
      trust({ Condition: { "ForAnyValue:StringEquals": { [`${provider.url}:amr`]: ["hwk", "pin"] } } });
      assert.deepEqual(await refused({}), NOT_AUTHORIZED);
      await assume({ WebIdentityToken: issuer.token({ amr: ["user", "hwk"] }) });
    });
    it("for a session name that is the subject", async () => {
      trust({ Condition: { StringEquals: { "sts:RoleSessionName": `\${${provider.url}:sub}` } } });
      await assume();
      assert.deepEqual(await refused({ RoleSessionName: "eve" }), NOT_AUTHORIZED);
    });
    it("for tags", async () => {
      trust({ Condition: { StringEquals: { "aws:RequestTag/vouch:Domain": "example.com" } } });
      await assume();
      trust({ Condition: { StringEquals: { "aws:RequestTag/vouch:Domain": "example.org" } } });
      assert.deepEqual(await refused({}), NOT_AUTHORIZED);
    });
    it("for a token that names the role", async () => {
      trust({ Condition: { Bool: { "sts:RoleAuthorizedByIdp": "true" } } });
      assert.deepEqual(await refused({}), NOT_AUTHORIZED);
      for (const roles of [[DEVELOPER], `arn:aws:iam::111122223333:role/x;${DEVELOPER}`]) {
        await assume({ WebIdentityToken: issuer.token({ "https://aws.amazon.com/roles": roles }) });
      }
    });
    it("for sts:TagSession and sts:SetSourceIdentity", async () => {
      trust({ Action: ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity"] });
      assert.deepEqual(await refused({}), {
        ...NOT_AUTHORIZED,
        message: "Not authorized to perform sts:TagSession",
      });
      trust({ Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"] });
      assert.deepEqual(await refused({}), {
        ...NOT_AUTHORIZED,
        message: "Not authorized to perform sts:SetSourceIdentity",
      });
    });
  });

  describe("judges its parameters", () => {
    const wrong = (message: string) => ({ code: "ValidationError", status: 400, message });

    it("the session name", async () => {
      assert.deepEqual(
        await refused({ RoleSessionName: "a b" }),
        wrong(
          "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
        ),
      );
      assert.deepEqual(
        await refused({ RoleSessionName: "a" }),
        wrong(
          "1 validation error detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
        ),
      );
      const long = "x".repeat(65);
      assert.deepEqual(
        await refused({ RoleSessionName: long }),
        wrong(
          `1 validation error detected: Value '${long}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
        ),
      );
    });
    it("the role", async () => {
      assert.deepEqual(
        await refused({ RoleArn: "arn:aws:iam::111122223333:user/dev" }),
        wrong("Request ARN is invalid"),
      );
    });
    it("the duration: the API's range, then the role's maximum", async () => {
      assert.deepEqual(
        await refused({ DurationSeconds: 899 }),
        wrong(
          "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
        ),
      );
      assert.deepEqual(
        await refused({ DurationSeconds: 43_201 }),
        wrong(
          "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
        ),
      );
      assert.deepEqual(
        await refused({ DurationSeconds: 3601 }),
        wrong("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
      );
      developer.maxSessionDuration = 7200;
      const { Credentials } = await assume({ DurationSeconds: 7200 });
      assert.deepEqual(Credentials?.Expiration, new Date(NOON + 7200_000));
    });
    it("session policies", async () => {
      assert.deepEqual(await refused({ Policy: "{" }), {
        code: "MalformedPolicyDocumentException",
        status: 400,
        message: "This policy contains invalid Json",
      });
      assert.deepEqual(
        await refused({ PolicyArns: [{ arn: "ReadOnlyAccess" }] }),
        wrong("ReadOnlyAccess is invalid"),
      );
    });
    it("tags that stand in the token and in the call", async () => {
      const form = new URLSearchParams({
        Action: "AssumeRoleWithWebIdentity",
        Version: "2011-06-15",
        RoleArn: DEVELOPER,
        RoleSessionName: "ada",
        WebIdentityToken: issuer.token(),
        "Tags.member.1.Key": "vouch:Email",
        "Tags.member.1.Value": "eve@example.com",
      });
      const headers = { host: "sts.us-east-1.amazonaws.com", accept: "application/json" };
      const { body } = await lab.raw({ method: "POST", path: "/", headers, body: form.toString() });
      assert.equal(JSON.parse(body).Error.Code, "ValidationError");
    });
  });

  it("reaches roles of any account that knows the issuer", async () => {
    const foreign: OidcProvider = { ...provider, arn: provider.arn.replace("111122223333", "444455556666") };
    lab.world.oidcProviders.set(foreign.arn, foreign);
    const role = addRole(lab.world, { name: "dev", account: "444455556666", trust: [vouchTrust(foreign)] });
    const { AssumedRoleUser } = await assume({ RoleArn: role.arn });
    assert.equal(AssumedRoleUser?.Arn, "arn:aws:sts::444455556666:assumed-role/dev/ada@example.com");
  });
});
