import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loginTokenFile, ssoTokenFile } from "../../../../../token/aws/sources/cache-names.ts";
import { findCredential } from "../../../../lab/aws/caller.ts";
import { addAssignment } from "../../../../lab/aws/identity-center.ts";
import { type InstanceMetadata, startInstanceMetadata } from "../../../../lab/aws/instance-metadata.ts";
import { lendSession } from "../../../../lab/aws/signin/lend-session.ts";
import { issuePlainSession } from "../../../../lab/aws/sts/issue-session.ts";
import { addOidcProvider, addRole, addUser, chainTrust, vouchTrust } from "../../../../lab/aws/world.ts";
import type { IamRole } from "../../../../lab/model.ts";
import { makeLabCa } from "../../../../lab/tls.ts";
import { startIssuer, type TestIssuer } from "../../../../lab-tests/aws/issuer.ts";
import { ROLE, type SourceLab, startSourceLab } from "../source-lab.ts";

export const MFA_SERIAL = "arn:aws:iam::111122223333:mfa/c";
export const START_URL = "https://lab.awsapps.com/start";
export const LOGIN_SESSION = "arn:aws:sts::111122223333:assumed-role/Console/ada";
const HOUR_MS = 3_600_000;

/** Keys of a user, as files have them: C, D or E. */
export const idOf = (user: string) => `AKIA${user.repeat(16)}`;
export const secretOf = (user: string) => `canary-${user}`;

/** A token that marks its session lets the marks follow. */
const ASSUME = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

/** A token of Identity Center in its file. */
interface SsoLogin {
  /** Name of the session, or the start URL. */
  readonly of: string;
  /** How long it is still good, in milliseconds. */
  readonly leftMs: number;
  /** False: AWS knows nothing of it. */
  readonly known?: boolean;
  readonly refresh?: boolean;
}

/** What is put into a home: `HOME` in the files is that home. */
interface Contents {
  readonly config?: string;
  readonly credentials?: string;
  readonly given?: (scene: Scene) => void;
}

/** An account with users, roles, Identity Center, AWS Sign-In and a machine, and a home before it. */
export interface Scene {
  readonly lab: SourceLab;
  readonly issuer: TestIssuer;
  readonly metadata: InstanceMetadata;
  /** Makes everything anew, with these contents. */
  prepare(contents: Contents): void;
  /** Puts a text into the home. */
  write(name: string, text: string): void;
  ssoLogin(login: SsoLogin): void;
  /** Cuts the file of a session's token. */
  tear(session: string, bytes: number): void;
  awsLogin(leftMs: number): { over(): void };
  webToken(): void;
  /** A role's keys that ended, as a profile in the credentials file. */
  endedKeys(profile: string): void;
  /** Whom STS takes somebody with these credentials for, in words. */
  whoHas(accessKeyId: string, sessionToken: string | undefined): string;
  /** The same of an ARN, as GetCallerIdentity gives it. */
  who(arn: string): string;
  close(): Promise<void>;
}

export async function startScene(home: string): Promise<Scene> {
  const lab = await startSourceLab(home);
  const { world, clock, standIn } = lab;
  const ca = await makeLabCa();
  const issuer = await startIssuer(ca);
  const node = addRole(world, { name: "Node" });
  const metadata = await startInstanceMetadata({ world, clock, role: node });
  const trustsAll = [{ Effect: "Allow" as const, Principal: "*" as const, Action: ASSUME }];
  for (const name of ["ra", "rb"]) addRole(world, { name, trust: trustsAll });
  const external = { StringEquals: { "sts:ExternalId": "ext" } };
  addRole(world, { name: "rx", trust: [{ ...chainTrust(ROLE("rb")), Condition: external }] });
  const userC = addUser(world, { name: "c", accessKeys: [key("C")] });
  const Condition = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  addRole(world, { name: "rm", trust: [{ ...chainTrust(userC.arn), Condition }] });
  addRole(world, { name: "rd" });
  for (const name of ["D", "E"]) addUser(world, { name: name.toLowerCase(), accessKeys: [key(name)] });
  const console = addRole(world, { name: "Console" });
  addRole(world, {
    name: "rw",
    trust: [vouchTrust(addOidcProvider(world, { url: issuer.url, ca: ca.cert }))],
  });
  addAssignment(world, { userName: "ada", permissionSet: "Dev" });
  const aws = path.join(home, ".aws");
  const { identityCenter: center } = world;

  const write = (name: string, text: string) => {
    const file = path.join(aws, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode: 0o700 });
  };
  const scene: Scene = {
    lab,
    issuer,
    metadata,
    write,
    prepare({ config, credentials, given }) {
      fs.rmSync(aws, { recursive: true, force: true });
      standIn.clearCalls();
      lab.kept.clear();
      for (const known of [world.sessions, world.signInSessions, center.clients]) known.clear();
      center.sessions = [];
      userC.mfaDevices = [{ serial: MFA_SERIAL, codes: ["123456"] }];
      const placed = (text: string) => text.replaceAll("HOME", home);
      if (config !== undefined) write("config", placed(config));
      if (credentials !== undefined) write("credentials", placed(credentials));
      given?.(scene);
    },
    ssoLogin: (login) => ssoLogin(lab, login, write),
    tear: (session, bytes) => fs.truncateSync(path.join(aws, "sso", "cache", ssoTokenFile(session)), bytes),
    awsLogin(leftMs) {
      const { session, file } = lendSession(world, { role: console, now: clock(), leftMs });
      write(`login/cache/${loginTokenFile(LOGIN_SESSION)}`, JSON.stringify(file));
      return { over: () => Object.assign(session, { expires: new Date(0) }) };
    },
    webToken() {
      const iat = Math.floor(clock() / 1000);
      write("web", issuer.token({ iat, exp: iat + 3600 }));
    },
    endedKeys(profile) {
      const role = roleNamed(lab, "ra");
      const now = new Date(clock() - 2 * HOUR_MS);
      const ended = issuePlainSession({ world, now }, role, { sessionName: "ended", seconds: 3600 });
      const { accessKeyId, secretAccessKey, sessionToken } = ended;
      const lines = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
      write("credentials", `[${profile}]\n${lines}aws_session_token = ${sessionToken}\n`);
    },
    whoHas(accessKeyId, sessionToken) {
      const found = findCredential(world, accessKeyId, sessionToken, new Date(clock()));
      return typeof found === "string" ? found : scene.who(found.caller.arn);
    },
    who: (arn) => wordsOf(lab, arn),
    async close() {
      await metadata.close();
      await issuer.close();
      await lab.close();
    },
  };
  return scene;
}

function key(user: string) {
  return { id: idOf(user), secret: secretOf(user), active: true };
}

function roleNamed({ world }: SourceLab, name: string): IamRole {
  return world.roles.get(ROLE(name)) ?? assert.fail(`there is no role ${name}`);
}

function ssoLogin(
  { world, clock }: SourceLab,
  { of, leftMs, known = true, refresh = false }: SsoLogin,
  write: Scene["write"],
): void {
  const { identityCenter: center } = world;
  const now = clock();
  const expires = new Date(now + 8 * HOUR_MS);
  const client = { id: "client", secret: "canary-secret", name: "tool", region: center.region, expires };
  const grants = { scopes: ["sso:account:access"], grantTypes: [], redirectUris: [] };
  center.clients.set(client.id, { ...client, ...grants });
  const accessTokens = [{ token: "canary-access", expires: new Date(now + leftMs) }];
  const refreshToken = refresh ? "canary-refresh" : undefined;
  if (known)
    center.sessions = [{ userName: "ada", clientId: client.id, expires, accessTokens, refreshToken }];
  const registered = {
    clientId: client.id,
    clientSecret: client.secret,
    registrationExpiresAt: seconds(expires),
    refreshToken,
  };
  const token = {
    startUrl: START_URL,
    region: center.region,
    accessToken: "canary-access",
    expiresAt: seconds(new Date(now + leftMs)),
    ...(refresh ? registered : {}),
  };
  write(`sso/cache/${ssoTokenFile(of)}`, JSON.stringify(token));
}

function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Names that tools give a session for which the profile has none. */
const OWN_NAMES = /^(?:kubectl-vouch|botocore-session-\d+|aws-sdk-js-[\w-]+)$/;

/**
 * `c` is a user, `ra by c` a role that the user assumed, `ra[ada] by c` with a name for the session; `sso Dev`, `web`, `login` and
 * `Node` are what they say.
 */
function wordsOf(lab: SourceLab, arn: string): string {
  const [, role = "", session = ""] = /assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (role === "") return arn.split("/").at(-1) ?? "";
  if (role === "Console") return "login";
  const permissionSet = /^AWSReservedSSO_(\w+)_[\da-f]+$/.exec(role)?.[1];
  if (permissionSet !== undefined) return `sso ${permissionSet}`;
  const call = lab.standIn.calls.findLast(
    ({ parameters: { RoleArn, RoleSessionName }, error }) =>
      error === undefined && String(RoleArn).endsWith(`/${role}`) && RoleSessionName === session,
  );
  if (call === undefined) return role;
  const by = call.principal === undefined ? "web" : wordsOf(lab, call.principal);
  return `${role}${OWN_NAMES.test(session) ? "" : `[${session}]`} by ${by}`;
}
