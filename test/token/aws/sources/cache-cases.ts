import {
  cliRoleFile,
  cliSsoFile,
  loginTokenFile,
  ssoRegistrationFile,
  ssoTokenFile,
} from "../../../../token/aws/sources/cache-names.ts";

/** A name of ours, what the AWS CLI's own code is asked for it, and what that answers: the name without `.json`. */
export interface CacheCase {
  readonly name: string;
  readonly ours: string;
  /** Function of judge-cache-names.py, and its arguments. */
  readonly asked: readonly [key: string, ...args: unknown[]];
  /** Vectors: measured with awscli 2.9.19, and with botocore 1.43.11 for `aws login`. */
  readonly answer: string;
  /** Which version knows it; both, unless said. */
  readonly onlyBy?: 1 | 2;
}

const URL = "https://corp.awsapps.com/start";
const REGION = "eu-west-1";
/** What Python writes in escapes: letters, a pair of surrogates, DEL. */
const ODD = "Ünï-😀\u007f";
const ROLE = "arn:aws:iam::111122223333:role/ra";
const MFA = "arn:aws:iam::111122223333:mfa/ada";
const LOGIN = "arn:aws:iam::111122223333:user/ada";

const bare = {
  sessionName: undefined,
  externalId: undefined,
  mfaSerial: undefined,
  durationSeconds: undefined,
};
const registered = { startUrl: URL, region: REGION, tool: "botocore" };
const ssoRole = { account: "111122223333", role: "Dev", startUrl: URL };

export const CACHE_CASES: readonly CacheCase[] = [
  {
    name: "token of a session",
    ours: ssoTokenFile("corp"),
    asked: ["sso_token", "corp"],
    answer: "ee0bfd2552fbd840c02cc48b6e823320543c450f",
  },
  {
    name: "token of a start URL",
    ours: ssoTokenFile(URL),
    asked: ["sso_token", URL],
    answer: "a51746d4aa793ae07b25e90c3a5db96fc7832bd7",
  },
  {
    name: "token of a start URL with a slash behind it",
    ours: ssoTokenFile(`${URL}/`),
    asked: ["sso_token", `${URL}/`],
    answer: "21d83a90f8cda0e9d684457da289f57c42db0dd8",
  },
  {
    name: "registration of a session",
    ours: ssoRegistrationFile({ ...registered, session: "corp", scopes: ["sso:account:access"] }),
    asked: ["sso_registration", URL, REGION, "corp", ["sso:account:access"]],
    answer: "787ef34d0a944c01385765faa28b5e67d1c08f33",
    onlyBy: 2,
  },
  {
    name: "registration of a session with an odd name and two scopes",
    ours: ssoRegistrationFile({ ...registered, session: ODD, scopes: ["a", "b"] }),
    asked: ["sso_registration", URL, REGION, ODD, ["a", "b"]],
    answer: "40df885f714b607056448aa715e07648ca7c7f3b",
    onlyBy: 2,
  },
  {
    name: "registration of a start URL",
    ours: ssoRegistrationFile({ ...registered, session: undefined, scopes: undefined }),
    asked: ["sso_registration", URL, REGION, null, null],
    answer: "3a62fc7fd3ab838419eccab5b58d0124a95b510d",
    onlyBy: 2,
  },
  {
    name: "role of which the profile says nothing",
    ours: cliRoleFile({ ...bare, roleArn: ROLE }),
    asked: ["cli_role", ROLE, {}],
    answer: "463c05f8b6cf02abc8508ff2da1bb6fe7846e6f2",
  },
  {
    name: "role of which the profile says everything",
    ours: cliRoleFile({
      roleArn: ROLE,
      sessionName: "n",
      externalId: 'x "y" é',
      mfaSerial: MFA,
      durationSeconds: 900,
    }),
    asked: [
      "cli_role",
      ROLE,
      { RoleSessionName: "n", ExternalId: 'x "y" é', SerialNumber: MFA, DurationSeconds: 900 },
    ],
    answer: "fa0a01974e8c9f6813497eb43293e11c1e99d65e",
  },
  {
    name: "role of Identity Center by a start URL",
    ours: cliSsoFile({ ...ssoRole, session: undefined }),
    asked: ["cli_sso", URL, null],
    answer: "ed0df17d2171efb64e41540b485b3004238a633e",
  },
  {
    name: "role of Identity Center by a session",
    ours: cliSsoFile({ ...ssoRole, session: "corp" }),
    asked: ["cli_sso", URL, "corp"],
    answer: "20985b56d713cfd135648cadc68a6115ca80d9a5",
  },
  {
    name: "role of Identity Center by a session with an odd name",
    ours: cliSsoFile({ ...ssoRole, session: ODD }),
    asked: ["cli_sso", URL, ODD],
    answer: "3badeb6123ef31e9c401262984357ccd81c9a6fe",
  },
  {
    name: "login",
    ours: loginTokenFile(LOGIN),
    asked: ["login_token", LOGIN],
    answer: "8a94dcaf071ee6a78db9a6b90e40b539573c9c8ef33a82541e6d9d2ceda11e00",
    onlyBy: 1,
  },
];
