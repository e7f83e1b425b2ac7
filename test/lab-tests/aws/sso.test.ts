import assert from "node:assert/strict";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { addAssignment, answerDevice } from "../../lab/aws/identity-center.ts";
import { NOON } from "./aws-lab.ts";
import { type Registration, type SignInAnswer, type SignInLab, startSignInLab } from "./sign-in.ts";

const TYPE = "com.amazonaws.switchboard.portal";
const DEV = "/federation/credentials?role_name=Dev&account_id=111122223333";

function refused(name: string, message: string, status: number): SignInAnswer {
  const code = `${name}:http://internal.amazon.com/coral/${TYPE}/`;
  return { status, code, body: { message, __type: `${TYPE}#${name}` } };
}

const UNAUTHORIZED = refused("UnauthorizedException", "Session token not found or invalid", 401);
const NO_ACCESS = refused("ForbiddenException", "No access", 403);

describe("sso, the access portal, at the AWS stand-in", () => {
  let lab: SignInLab;
  let client: Registration;
  beforeEach(async () => {
    lab = await startSignInLab();
    client = await lab.register();
  });
  afterEach(() => lab.close());

  async function logIn(userName = "ada"): Promise<Readonly<Record<string, unknown>>> {
    const grantType = "urn:ietf:params:oauth:grant-type:device_code";
    const { startUrl } = lab.world.identityCenter;
    const { body } = await lab.post("/device_authorization", { ...client, startUrl });
    answerDevice(lab.world.identityCenter, String(body["userCode"]), { userName });
    return (await lab.post("/token", { ...client, grantType, deviceCode: body["deviceCode"] })).body;
  }
  const bearer = (token: unknown) => ({ "x-amz-sso_bearer_token": String(token) });

  describe("GetRoleCredentials", () => {
    it("gives keys that STS knows as the permission set's role", async () => {
      const { accessToken } = await logIn("ada@example.com");
      addAssignment(lab.world, {
        userName: "ada@example.com",
        permissionSet: "Dev",
        sessionSeconds: 14_400,
      });
      const { status, body } = await lab.get(DEV, bearer(accessToken));
      assert.equal(status, 200);
      const { expiration, ...keys } = body["roleCredentials"] as {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken: string;
        readonly expiration: number;
      };
      assert.equal(expiration, NOON + 14_400_000);
      assert.match(keys.accessKeyId, /^ASIA/);
      const { Arn, Account } = await lab.sts(keys).send(new GetCallerIdentityCommand({}));
      const role = /^AWSReservedSSO_Dev_[\da-f]{16}$/.exec(
        lab.assignment.roleArn.split("/").at(-1) ?? "",
      )?.[0];
      assert.equal(Arn, `arn:aws:sts::111122223333:assumed-role/${role}/ada@example.com`);
      assert.equal(Account, "111122223333");
    });

    it("refuses what is not assigned to the user", async () => {
      const { accessToken } = await logIn();
      addAssignment(lab.world, { userName: "grace", permissionSet: "Admin" });
      addAssignment(lab.world, { userName: "grace", permissionSet: "Dev", accountId: "444455556666" });
      for (const path of [
        "role_name=Admin&account_id=111122223333",
        "role_name=Dev&account_id=444455556666",
        "role_name=dev&account_id=111122223333",
      ])
        assert.deepEqual(await lab.get(`/federation/credentials?${path}`, bearer(accessToken)), NO_ACCESS);
      lab.world.roles.delete(lab.assignment.roleArn);
      assert.deepEqual(await lab.get(DEV, bearer(accessToken)), NO_ACCESS);
    });

    it("wants both names", async () => {
      const { accessToken } = await logIn();
      const answer = await lab.get("/federation/credentials?role_name=Dev", bearer(accessToken));
      assert.deepEqual(answer, refused("InvalidRequestException", "account_id is required", 400));
    });
  });

  it("refuses a token that is unknown, over, of another region, or not there", async () => {
    const { accessToken, refreshToken } = await logIn();
    assert.deepEqual(await lab.get(DEV, bearer("unknown")), UNAUTHORIZED);
    assert.deepEqual(await lab.get(DEV, bearer(refreshToken)), UNAUTHORIZED);
    assert.deepEqual(await lab.get(DEV), UNAUTHORIZED);
    const abroad = { ...bearer(accessToken), host: "portal.sso.eu-west-1.amazonaws.com" };
    assert.deepEqual(await lab.get(DEV, abroad), UNAUTHORIZED);
    const home = { ...bearer(accessToken), host: "portal.sso.us-east-1.amazonaws.com" };
    assert.equal((await lab.get(DEV, home)).status, 200);
    lab.clock.advance(3_600_000);
    assert.deepEqual(await lab.get(DEV, bearer(accessToken)), UNAUTHORIZED);
  });

  it("takes the token that a refresh gave", async () => {
    const { refreshToken } = await logIn();
    lab.clock.advance(3_600_000);
    const grant = { ...client, grantType: "refresh_token", refreshToken };
    const { body } = await lab.post("/token", grant);
    assert.equal((await lab.get(DEV, bearer(body["accessToken"]))).status, 200);
  });

  it("lists accounts and roles by pages", async () => {
    const { accessToken } = await logIn();
    for (const permissionSet of ["Admin", "View"])
      addAssignment(lab.world, { userName: "ada", permissionSet });
    addAssignment(lab.world, { userName: "ada", permissionSet: "Dev", accountId: "444455556666" });
    addAssignment(lab.world, { userName: "grace", permissionSet: "Dev", accountId: "777788889999" });
    const list = async (path: string, member: string) => {
      const items: unknown[] = [];
      for (let token: unknown = ""; token !== null; ) {
        const next = token === "" ? "" : `&next_token=${token}`;
        const { body } = await lab.get(`${path}max_result=1${next}`, bearer(accessToken));
        items.push(...(body[member] as unknown[]));
        token = body["nextToken"];
      }
      return items;
    };
    assert.deepEqual(await list("/assignment/accounts?", "accountList"), [
      {
        accountId: "111122223333",
        accountName: "lab-111122223333",
        emailAddress: "aws+111122223333@example.com",
      },
      {
        accountId: "444455556666",
        accountName: "lab-444455556666",
        emailAddress: "aws+444455556666@example.com",
      },
    ]);
    assert.deepEqual(
      await list("/assignment/roles?account_id=111122223333&", "roleList"),
      ["Dev", "Admin", "View"].map((roleName) => ({ roleName, accountId: "111122223333" })),
    );
    const foreign = "/assignment/roles?account_id=777788889999";
    assert.deepEqual(await lab.get(foreign, bearer(accessToken)), NO_ACCESS);
    for (const wrong of ["max_result=0", "max_result=101", "next_token=x"]) {
      const { status, code } = await lab.get(`/assignment/accounts?${wrong}`, bearer(accessToken));
      assert.equal(status, 400);
      assert.match(code ?? "", /^InvalidRequestException:/);
    }
  });

  it("ends the session, its tokens and what could refresh them", async () => {
    const { accessToken, refreshToken } = await logIn();
    const logOut = async () => {
      const headers = bearer(accessToken);
      const { status, body } = await lab.raw({ method: "POST", path: "/logout", headers });
      return [status, body];
    };
    assert.deepEqual(await logOut(), [200, ""]);
    assert.deepEqual(await lab.get(DEV, bearer(accessToken)), UNAUTHORIZED);
    const { body } = await lab.post("/token", { ...client, grantType: "refresh_token", refreshToken });
    assert.equal(body["error"], "invalid_grant");
    assert.equal((await logOut())[0], 401);
  });

  it("keeps plain data only, so that the lab can be put back as it was", async () => {
    await logIn();
    assert.deepEqual(structuredClone(lab.world), lab.world);
  });

  it("has faults, and a record without the token", async () => {
    const { accessToken } = await logIn();
    lab.standIn.clearCalls();
    lab.standIn.faults.throttle = 1;
    assert.deepEqual(
      await lab.get(DEV, bearer(accessToken)),
      refused("TooManyRequestsException", "Rate exceeded", 429),
    );
    assert.deepEqual(
      lab.standIn.calls.map(({ service, operation, parameters, error }) => [
        service,
        operation,
        parameters,
        error,
      ]),
      [
        [
          "sso",
          "GetRoleCredentials",
          { role_name: "Dev", account_id: "111122223333" },
          "TooManyRequestsException",
        ],
      ],
    );
    lab.standIn.faults.deny = ["*"];
    assert.equal((await lab.get(DEV, bearer(accessToken))).status, 200);
  });
});
