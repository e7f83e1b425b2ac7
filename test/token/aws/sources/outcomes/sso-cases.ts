import { keysOf } from "./key-cases.ts";
import type { OutcomeCase } from "./outcome-case.ts";
import { type Scene, START_URL } from "./scene.ts";

const HOUR_MS = 3_600_000;
const SESSION = `[sso-session lab]\nsso_start_url = ${START_URL}\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`;
const SSO = "sso_session = lab\nsso_account_id = 111122223333\nsso_role_name = Dev\n";
const PROFILE = `[profile dev]\n${SSO}`;
export const SSO_CONFIG = `${PROFILE}${SESSION}`;
const OLD = `[profile dev]\nsso_start_url = ${START_URL}\nsso_region = us-east-1\nsso_account_id = 111122223333\nsso_role_name = Dev\n`;
const SESSION_OVER = /The SSO session associated with this profile has expired or is otherwise invalid/;

export const loggedIn = (scene: Scene) => scene.ssoLogin({ of: "lab", leftMs: HOUR_MS });

/** Rows 21 to 32: Identity Center. */
export const SSO_CASES: readonly OutcomeCase[] = [
  {
    row: "21",
    name: "a session that is good",
    config: SSO_CONFIG,
    profile: "dev",
    given: loggedIn,
    ours: "sso Dev",
    cli2: "sso Dev",
    sdk: "sso Dev",
  },
  {
    row: "22",
    name: "a session that ended and can be refreshed",
    config: SSO_CONFIG,
    profile: "dev",
    given: (scene) => scene.ssoLogin({ of: "lab", leftMs: -1000, refresh: true }),
    ours: "sso Dev",
    cli2: "sso Dev",
    sdk: "sso Dev",
  },
  {
    row: "23",
    name: "a session that ended and cannot be refreshed",
    config: SSO_CONFIG,
    profile: "dev",
    given: (scene) => scene.ssoLogin({ of: "lab", leftMs: -1000 }),
    ours: [
      2,
      "sso-session-expired",
      /sso-session lab.* has ended: its token has expired and cannot be refreshed/,
    ],
    cli2: { exit: 255, says: /Token has expired and refresh failed/ },
    sdk: /Value not present for .clientId. in SSO Token. Cannot refresh/,
  },
  {
    row: "24",
    name: "a session that nobody logged in to",
    config: SSO_CONFIG,
    profile: "dev",
    ours: [2, "sso-logged-out", /You are not logged in to IAM Identity Center \(sso-session lab\)/],
    cli2: { exit: 255, says: /Error loading SSO Token: Token for lab does not exist/ },
    sdk: /The SSO session token associated with profile=dev was not found or is invalid/,
  },
  {
    row: "25a",
    name: "a file that stays empty",
    config: SSO_CONFIG,
    profile: "dev",
    given: (scene) => {
      loggedIn(scene);
      scene.tear("lab", 0);
    },
    ours: [2, "sso-logged-out", /is empty or not JSON/],
    cli2: { exit: 255, says: /Error loading SSO Token|^\s*'[\da-f]{40}'/m },
    sdk: /The SSO session token associated with profile=dev was not found or is invalid/,
  },
  {
    row: "25b",
    name: "a file that stays torn",
    config: SSO_CONFIG,
    profile: "dev",
    given: (scene) => {
      loggedIn(scene);
      scene.tear("lab", 40);
    },
    ours: [2, "sso-logged-out", /is empty or not JSON/],
    cli2: { exit: 255, says: /Error loading SSO Token|^\s*'[\da-f]{40}'/m },
    sdk: /The SSO session token associated with profile=dev was not found or is invalid/,
  },
  {
    row: "26",
    name: "a token that the portal does not know",
    config: SSO_CONFIG,
    profile: "dev",
    given: (scene) => scene.ssoLogin({ of: "lab", leftMs: HOUR_MS, known: false }),
    ours: [2, "sso-session-expired", /has ended: Session token not found or invalid/],
    cli2: { exit: 255, says: SESSION_OVER },
    sdk: /Session token not found or invalid/,
  },
  {
    row: "27",
    name: "a role that is not assigned",
    config: SSO_CONFIG.replace("= Dev", "= Admin"),
    profile: "dev",
    given: loggedIn,
    ours: [
      5,
      "sso-role-denied",
      /does not grant you the permission set Admin in account 111122223333: No access/,
    ],
    cli2: {
      exit: 254,
      says: /\(ForbiddenException\) when calling the GetRoleCredentials operation.*: No access/,
    },
    sdk: /No access/,
  },
  {
    row: "28a",
    name: "the old form, good",
    config: OLD,
    profile: "dev",
    given: (scene) => scene.ssoLogin({ of: START_URL, leftMs: HOUR_MS }),
    ours: "sso Dev",
    cli2: "sso Dev",
    sdk: "sso Dev",
  },
  {
    row: "28b",
    name: "the old form, ended",
    config: OLD,
    profile: "dev",
    given: (scene) => scene.ssoLogin({ of: START_URL, leftMs: -1000 }),
    ours: [2, "sso-session-expired", /has ended: its token has expired/],
    cli2: { exit: 255, says: SESSION_OVER },
    sdk: /The SSO session associated with this profile has expired/,
  },
  {
    row: "29",
    name: "a session that is not defined",
    config: PROFILE,
    profile: "dev",
    given: loggedIn,
    ours: [6, "profile-invalid", /\[sso-session lab\] not found/],
    cli2: { exit: 255, says: /The specified sso-session does not exist: "lab"/ },
    sdk: /TypeError|Cannot read|sso_start_url|undefined/,
  },
  {
    row: "30",
    name: "another region than that of the session",
    config: `[profile dev]\n${SSO}sso_region = eu-west-1\n${SESSION}`,
    profile: "dev",
    given: loggedIn,
    ours: [6, "profile-invalid", /sso_region is eu-west-1, but us-east-1 in \[sso-session lab\]/],
    cli2: {
      exit: 255,
      says: /The value for sso_region is inconsistent between profile \(eu-west-1\) and sso-session \(us-east-1\)/,
    },
    sdk: "sso Dev",
  },
  {
    row: "31",
    name: "no role",
    config: `[profile dev]\n${SSO.replace(/sso_role_name.*\n/, "")}${SESSION}`,
    profile: "dev",
    given: loggedIn,
    ours: [6, "profile-invalid", /settings missing for Identity Center: sso_role_name/],
    cli2: {
      exit: 255,
      says: /The profile "dev" is configured to use SSO but is missing required configuration: sso_role_name/,
    },
    sdk: /Profile is configured with invalid SSO credentials/,
  },
  {
    row: "32",
    name: "Identity Center, and keys in the credentials file",
    config: SSO_CONFIG,
    credentials: `[dev]\n${keysOf("D")}`,
    profile: "dev",
    given: loggedIn,
    ours: "sso Dev",
    cli2: "sso Dev",
    sdk: "d",
  },
];
