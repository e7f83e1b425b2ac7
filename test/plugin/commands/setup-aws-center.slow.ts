import assert from "node:assert/strict";
import { addAssignment } from "../../lab/aws/identity-center.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { fetched } from "../../token/aws/identity-center/center-lab.ts";

describe("kubectl vouch setup aws --sso-start-url, where AWS is busy", () => {
  const desk = labDesk();
  const accounts = ["111122223333", "444455556666", "777788889999"];
  beforeEach(() => {
    const { assignments } = desk.lab.world.identityCenter;
    assignments.length = 0;
    for (const accountId of accounts)
      addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Dev", accountId });
  });
  const setup = () =>
    desk.run(
      ["setup", "aws", "--sso-start-url", "https://lab.awsapps.com/start", "--sso-region", "us-east-1"],
      {
        env: { AWS_ENDPOINT_URL: desk.lab.aws.url, VOUCH_SERVER: undefined },
        openBrowser: async (address) => {
          desk.lab.world.identityCenter.person = { userName: "ada" };
          void fetched(address, desk.lab.ca.cert).then(({ headers: { location = "" } }) =>
            fetched(location, desk.lab.ca.cert),
          );
          return true;
        },
      },
    );

  it("asks again where it throttles or fails", async () => {
    Object.assign(desk.lab.aws.faults, { throttle: 2, fail: 1, only: ["sso:List*"] });
    const { status, stderr } = await setup();
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Profiles added: 3 /m);
  });

  it("keeps the profiles of an account that it throttles to the end, and writes the others", async () => {
    await setup();
    const before = desk.read(".aws/config");
    const { assignments } = desk.lab.world.identityCenter;
    assignments.splice(0, 2);
    addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Ops", accountId: "444455556666" });
    addAssignment(desk.lab.world, { userName: "ada", permissionSet: "Ops", accountId: "777788889999" });
    let asked = 0;
    desk.lab.aws.faults.takeover = ({ url = "" }, response) => {
      if (!url.includes("account_id=777788889999")) return false;
      asked += 1;
      response.writeHead(429, { "x-amzn-errortype": "TooManyRequestsException", "retry-after": "0" });
      response.end(JSON.stringify({ message: "Rate exceeded" }));
      return true;
    };
    const { status, stderr } = await setup();
    assert.deepEqual([status, asked], [8, 4], stderr);
    assert.match(
      stderr,
      /\nProfiles added: 1 \(lab-444455556666-Ops\)\nProfiles removed, because their role is no longer assigned: 2 \(lab-111122223333-Dev, lab-444455556666-Dev\)\n/,
    );
    assert.match(
      stderr,
      /^error: Account lab-777788889999 \(777788889999\), whose profiles stay as they are: AWS rejected sso:ListAccountRoles: TooManyRequestsException: Rate exceeded\.\n {2}Wait a minute and try again\.$/m,
    );
    const kept = before.slice(before.indexOf("[profile lab-777788889999-Dev]"));
    assert.ok(desk.read(".aws/config").includes(kept));
  });
});
