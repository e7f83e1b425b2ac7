import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import { addAssignment, answerDevice } from "../../lab/aws/identity-center.ts";
import { CLUSTER_READS } from "../../lab/aws/world.ts";
import type { SsoConsent } from "../../lab/identity-center-model.ts";
import { LAB_REGION } from "../../lab/lab.ts";
import { folderState } from "../../support/folder-state.ts";
import { type DeskOptions, labDeskAtRest } from "../../support/lab-desk.ts";
import { fetched } from "../../token/aws/identity-center/center-lab.ts";

const ADA = { userName: "ada" };
const URL = "https://lab.awsapps.com/start";
const [LAB, PROD] = ["111122223333", "444455556666"];

const SESSION = `[sso-session lab]
sso_start_url = ${URL}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

const profile = (name: string, account: string, role: string, more = "") =>
  `[profile ${name}]\nsso_session = lab\nsso_account_id = ${account}\nsso_role_name = ${role}\n${more}managed_by = kubectl-vouch\n`;

describe("kubectl vouch setup aws --sso-start-url", () => {
  const desk = labDeskAtRest();
  const center = () => desk.lab.world.identityCenter;
  beforeEach(() => {
    for (const known of [center().clients, center().devices, center().codes]) known.clear();
    for (const list of [center().sessions, center().accounts, center().assignments]) list.length = 0;
    center().pageSize = 100;
    desk.lab.aws.clearCalls();
    assign("Dev");
    assign("Dev", PROD, "Prod");
  });
  const assign = (permissionSet: string, accountId = LAB, accountName = "Lab") => {
    if (!center().accounts.some((account) => account.accountId === accountId))
      center().accounts.push({ accountId, accountName, emailAddress: "aws@example.com" });
    addAssignment(desk.lab.world, { userName: "ada", permissionSet, accountId, allows: [CLUSTER_READS] });
  };

  const browser = (person: SsoConsent) => async (address: string) => {
    center().person = person;
    void fetched(address, desk.lab.ca.cert).then(({ headers: { location = "" } }) =>
      fetched(location, desk.lab.ca.cert),
    );
    return true;
  };
  const run = (args: readonly string[], options: DeskOptions = {}) =>
    desk.run(args, {
      openBrowser: browser(ADA),
      ...options,
      env: { AWS_ENDPOINT_URL: desk.lab.aws.url, VOUCH_SERVER: undefined, ...options.env },
    });
  const setup = (flags: readonly string[] = [], options: DeskOptions = {}) =>
    run(["setup", "aws", "--sso-start-url", URL, "--sso-region", "us-east-1", ...flags], options);
  const config = () => path.join(desk.home, ".aws", "config");
  const operations = () => desk.lab.aws.calls.map(({ operation }) => operation);

  it("writes a profile for each account and role into an empty home, after a login", async () => {
    const { status, stdout, stderr } = await setup();
    assert.deepEqual([status, stdout], [0, ""], stderr);
    assert.match(
      stderr,
      /^Logging in to IAM Identity Center \(sso-session lab\)\nOpened your browser: .*\nLogged in to IAM Identity Center \(sso-session lab\) as ada until .*\nUsing a custom AWS endpoint: .*\n/,
    );
    assert.ok(
      stderr.endsWith(
        `Profiles added: 2 (Lab-Dev, Prod-Dev)\nWrote ${config()}; undo with \`kubectl vouch setup aws --undo\`\n` +
          "Next, set up kubectl: `kubectl vouch setup eks --all --all-profiles --regions all`\n",
      ),
      stderr,
    );
    assert.equal(
      desk.read(".aws/config"),
      [SESSION, profile("Lab-Dev", LAB, "Dev"), profile("Prod-Dev", PROD, "Dev")].join("\n"),
    );
  });

  it("needs no second login: not to run again, not for login, not for kubectl's contexts", async () => {
    await setup(["--region", LAB_REGION]);
    const noBrowser = { openBrowser: () => assert.fail("a browser was opened") };
    desk.lab.aws.clearCalls();
    const again = await setup([], noBrowser);
    assert.match(
      again.stderr,
      /^Already logged in to IAM Identity Center \(sso-session lab\) until .*\nProfiles already up to date: 2\nNo changes were needed\.\nNext, set up kubectl: `kubectl vouch setup eks --all --all-profiles`\n$/,
    );
    assert.deepEqual(operations(), ["ListAccounts", "ListAccountRoles", "ListAccountRoles"]);
    assert.match((await run(["login", "--profile", "Prod-Dev"], noBrowser)).stderr, /^Already logged in /);
    const eks = await run(["setup", "eks", "--all", "--all-profiles"], noBrowser);
    assert.equal(eks.status, 0, eks.stderr);
    assert.match(eks.stderr, /^Context lab-Lab-Dev added: /m);
  });

  it("logs in where AWS has ended the session, where it is another place's, and with --force", async () => {
    await setup();
    center().sessions.length = 0;
    assert.match((await setup()).stderr, /^Logging in to .*\n(?:.*\n)*Logged in to .* as ada /);
    const file = path.join(desk.home, ".aws", "sso", "cache", ssoTokenFile("lab"));
    const token = JSON.parse(fs.readFileSync(file, "utf8"));
    fs.writeFileSync(file, JSON.stringify({ ...token, startUrl: "https://other.awsapps.com/start" }));
    assert.match((await setup()).stderr, /^Logging in to /);
    assert.match((await setup(["--force"])).stderr, /^Logging in to /);
    assert.match((await setup()).stderr, /^Already logged in to /);
  });

  it("logs in by a code where that is asked for, and says how where there is no browser", async () => {
    const onErr = (text: string) => {
      const [, code] = /approve the code ([A-Z-]{9})\./.exec(text) ?? [];
      if (code !== undefined) answerDevice(center(), code, ADA);
    };
    const { status, stderr } = await setup(["--device-code"], { onErr });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^Profiles added: 2 /m);
    const shown = await setup(["--force", "--match", "P*"], {
      openBrowser: async () => false,
      onErr: (text) => {
        const [address] = /^https:\S+$/m.exec(text) ?? [];
        if (address !== undefined) void browser(ADA)(address);
      },
    });
    assert.match(
      shown.stderr,
      /^No browser here\? `kubectl vouch setup aws --sso-start-url https:\/\/lab\.awsapps\.com\/start --sso-region us-east-1 --match 'P\*' --device-code --force`$/m,
    );
  });

  it("refreshes: adds, removes, and leaves what others wrote", async () => {
    const mine = `[profile mine]\nsso_session = lab\nsso_account_id = ${LAB}\nsso_role_name = Ops\n`;
    await setup();
    fs.appendFileSync(config(), `\n# mine\n${mine}`);
    for (const role of ["Ops", "Audit"]) assign(role);
    center().assignments = center().assignments.filter(({ accountId }) => accountId === LAB);
    const { status, stderr } = await setup(["--region", LAB_REGION]);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /\nProfiles added: 1 \(Lab-Audit\)\nProfiles updated: 1 \(Lab-Dev\)\nProfiles removed, because their role is no longer assigned: 1 \(Prod-Dev\)\nOther profiles with the same role, which stay as they are: 1 \(mine\)\n/,
    );
    const region = `region = ${LAB_REGION}\n`;
    assert.equal(
      desk.read(".aws/config"),
      [
        SESSION,
        `${profile("Lab-Dev", LAB, "Dev")}${region}`,
        `# mine\n${mine}`,
        profile("Lab-Audit", LAB, "Audit", region),
      ].join("\n"),
    );
  });

  it("reads every page, and asks again where AWS throttles or fails", async () => {
    center().pageSize = 2;
    for (let index = 1; index <= 5; index += 1) assign(`R${index}`, `00000000000${index}`, `A${index}`);
    for (const role of ["X", "Y", "Z"]) assign(role);
    const { faults } = desk.lab.aws;
    Object.assign(faults, { throttle: 1, fail: 1, only: ["sso:*"] });
    const { status, stderr } = await setup(["-o", "json"]);
    assert.equal(status, 0, stderr);
    assert.equal(operations().filter((operation) => operation === "ListAccounts").length, 6);
  });
});
