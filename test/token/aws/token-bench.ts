import fs from "node:fs";
import path from "node:path";
import { loginTokenFile, ssoTokenFile } from "../../../token/aws/sources/cache-names.ts";
import type { OpenPlan, PlanAccess } from "../../../token/aws/sources/opened-source.ts";
import { lendSession } from "../../lab/aws/signin/lend-session.ts";
import type { AwsStandIn } from "../../lab/aws/stand-in.ts";
import { addRole } from "../../lab/aws/world.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { START_URL, sessionOf } from "./identity-center/center-lab.ts";
import { type SourceLab, startSourceLab } from "./sources/source-lab.ts";

const LOGIN_SESSION = "arn:aws:sts::111122223333:assumed-role/Console/ada";

/** What is in a token file. */
type Content = Readonly<Record<string, unknown>>;

/** A kind of login that AWS's tools keep in a file. */
export interface TokenKind {
  readonly config: string;
  /** Below the home. */
  readonly file: string;
  /** The member that says when its token ends. */
  readonly endMember: string;
  /** What AWS is asked for another token with. */
  readonly operation: string;
  /** The code of nobody being logged in, and of a session that is over. */
  readonly codes: { readonly none: string; readonly over: string };
  readonly hint: string;
  /** A login whose token ends in `leftMs`, as its tool writes it. */
  readonly logIn: (lab: SourceLab, leftMs: number) => Content;
}

export const TOKEN_KINDS: Readonly<Record<string, TokenKind>> = {
  "Identity Center": {
    config: `[sso-session lab]
sso_start_url = ${START_URL}
sso_region = us-east-1
[profile p]
sso_session = lab
sso_account_id = 111122223333
sso_role_name = Dev
`,
    file: `.aws/sso/cache/${ssoTokenFile("lab")}`,
    endMember: "expiresAt",
    operation: "CreateToken",
    codes: { none: "sso-logged-out", over: "sso-session-expired" },
    hint: "Run `kubectl vouch login --profile p`.",
    logIn: ({ world, clock }, leftMs) => ({
      ...sessionOf(world.identityCenter, clock()),
      expiresAt: new Date(clock() + leftMs).toISOString(),
    }),
  },
  "aws login": {
    config: `[profile p]\nlogin_session = ${LOGIN_SESSION}\n`,
    file: `.aws/login/cache/${loginTokenFile(LOGIN_SESSION)}`,
    endMember: "accessToken",
    operation: "CreateOAuth2Token",
    codes: { none: "aws-login-needed", over: "aws-login-needed" },
    hint: "Log in: `aws login --profile p`",
    logIn: ({ world, clock }, leftMs) => {
      const role = addRole(world, { name: "Console" });
      return lendSession(world, { role, now: clock(), leftMs }).file;
    },
  },
};

/** One kind of login on a machine of its own. */
export interface TokenBench {
  readonly lab: SourceLab;
  readonly faults: AwsStandIn["faults"];
  readonly file: string;
  readonly hint: string;
  /** Makes a login, and writes it as another program does: in place. */
  logIn(leftMs: number, fields?: Content): Content;
  write(content: Content): void;
  written(): Content;
  /** Opens the profile, and gives the digest of whose credentials come. */
  open(more?: Partial<PlanAccess>): Promise<OpenPlan["digest"]>;
  /** What AWS was asked, with its refusals. */
  calls(): readonly string[];
}

/** Starts one for each test of the suite it is called in. */
export function tokenBench({ config, file: name, hint, logIn }: TokenKind): () => TokenBench {
  const folder = tempFolder();
  let lab: SourceLab;
  beforeEach(async () => {
    lab = await startSourceLab(folder());
    fs.mkdirSync(path.dirname(path.join(folder(), name)), { recursive: true });
  });
  afterEach(() => lab.close());
  return () => {
    const file = path.join(folder(), name);
    const write = (content: Content) => fs.writeFileSync(file, JSON.stringify(content));
    return {
      lab,
      faults: lab.standIn.faults,
      file,
      hint,
      logIn(leftMs, fields = {}) {
        const content = { ...logIn(lab, leftMs), ...fields };
        write(content);
        return content;
      },
      write,
      written: () => JSON.parse(fs.readFileSync(file, "utf8")),
      open: async (more = {}) => (await lab.open({ config, profile: "p" }, more)).digest,
      calls: () =>
        lab.standIn.calls.map(({ operation, error }) => `${operation}${error ? `: ${error}` : ""}`),
    };
  };
}
