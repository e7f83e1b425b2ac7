import path from "node:path";
import { addAssignment } from "../lab/aws/identity-center.ts";
import { CLUSTER_READS } from "../lab/aws/world.ts";
import type { SsoConsent } from "../lab/identity-center-model.ts";
import { fetched } from "../token/aws/identity-center/center-lab.ts";
import { type DeskOptions, labDeskAtRest } from "./lab-desk.ts";

export const ADA = { userName: "ada" };
export const URL = "https://lab.awsapps.com/start";
export const [LAB, PROD] = ["111122223333", "444455556666"];

export const SESSION = `[sso-session lab]
sso_start_url = ${URL}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

export const profile = (name: string, account: string, role: string, more = "") =>
  `[profile ${name}]\nsso_session = lab\nsso_account_id = ${account}\nsso_role_name = ${role}\n${more}managed_by = kubectl-vouch\n`;

/** Somebody with IAM Identity Center, two accounts and an empty home. */
export function centerDesk() {
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
  return { desk, center, assign, browser, run, setup, config, operations };
}
