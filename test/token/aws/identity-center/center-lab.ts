import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import path from "node:path";
import type { BearerAccess } from "../../../../token/aws/bearer-call.ts";
import { ssoTokenFile } from "../../../../token/aws/sources/cache-names.ts";
import type { SsoPlan } from "../../../../token/aws/sources/plan-kinds.ts";
import { noFaults } from "../../../lab/aws/faults.ts";
import { addAssignment } from "../../../lab/aws/identity-center.ts";
import { type AwsStandIn, startAwsStandIn } from "../../../lab/aws/stand-in.ts";
import { labWorld } from "../../../lab/aws/world.ts";
import { type LabClock, labClock } from "../../../lab/clock.ts";
import type { IdentityCenter, SsoConsent } from "../../../lab/identity-center-model.ts";
import { makeLabCa } from "../../../lab/tls.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

export const START_URL = "https://lab.awsapps.com/start";

/** What a browser was shown. */
export interface Shown {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** The stand-in for Identity Center, in which ada may use Dev, with an empty home before it for each test. */
export interface CenterLab {
  readonly standIn: AwsStandIn;
  readonly center: IdentityCenter;
  readonly clock: LabClock;
  readonly home: string;
  readonly caFile: string;
  /** `[sso-session lab]`, and role Dev in the account. */
  readonly plan: SsoPlan;
  access(more?: Partial<BearerAccess>): BearerAccess;
  /** As a browser: opens the address with somebody before it, and follows where AWS sends him. */
  browse(address: string, person: SsoConsent): Promise<Shown>;
  /** Where the plan's token lies. */
  readonly tokenFile: string;
  readToken(): Record<string, unknown>;
  /** Writes a session that lives as long as others of the stand-in, and gives what is in its file. */
  logIn(fields?: Readonly<Record<string, unknown>>): Record<string, unknown>;
  writeToken(content: string | object): void;
}

/** Starts one for the suite it is called in. */
export function centerLab(): () => CenterLab {
  const home = tempFolder();
  let lab: { readonly standIn: AwsStandIn; readonly ca: string; readonly clock: LabClock } | undefined;
  before(async () => {
    const ca = await makeLabCa();
    const clock = labClock();
    const world = labWorld({ url: "https://localhost:1", ca: ca.cert });
    addAssignment(world, { userName: "ada", permissionSet: "Dev" });
    lab = { standIn: await startAwsStandIn({ ca, clock, world }), ca: ca.cert, clock };
  });
  beforeEach(() => {
    const { center } = at();
    for (const known of [center.clients, center.devices, center.codes]) known.clear();
    center.sessions.length = 0;
    at().standIn.clearCalls();
    Object.assign(at().standIn.faults, noFaults());
  });
  after(() => lab?.standIn.close());

  const at = (): CenterLab => {
    const { standIn, ca, clock } = lab ?? assert.fail("the lab runs only within its suite");
    return openLab({ standIn, ca, clock, home: home() });
  };
  return at;
}

function openLab({
  standIn,
  ca,
  clock,
  home,
}: {
  readonly standIn: AwsStandIn;
  readonly ca: string;
  readonly clock: LabClock;
  readonly home: string;
}): CenterLab {
  const caFile = path.join(home, "ca.pem");
  if (home !== "") fs.writeFileSync(caFile, ca);
  const { identityCenter: center } = standIn.world;
  const plan: SsoPlan = {
    kind: "sso",
    session: "lab",
    startUrl: START_URL,
    region: "us-east-1",
    account: "111122223333",
    role: "Dev",
    tokenFile: ssoTokenFile("lab"),
    origin: { profile: "dev", file: path.join(home, ".aws", "config"), line: 2 },
  };
  const tokenFile = path.join(home, ".aws", "sso", "cache", plan.tokenFile);
  const writeToken = (content: string | object) => {
    fs.mkdirSync(path.dirname(tokenFile), { recursive: true });
    fs.writeFileSync(tokenFile, typeof content === "string" ? content : JSON.stringify(content));
  };
  const readToken = () => JSON.parse(fs.readFileSync(tokenFile, "utf8"));
  return {
    standIn,
    center,
    clock,
    home,
    caFile,
    plan,
    tokenFile,
    readToken,
    writeToken,
    access: (more = {}) => ({
      env: {},
      homeDir: home,
      clock,
      signal: new AbortController().signal,
      keep: true,
      warn: (text) => assert.fail(text),
      endpoints: { awsCaBundle: caFile, ssoEndpoint: standIn.url, ssoOidcEndpoint: standIn.url },
      ...more,
    }),
    async browse(address, person) {
      center.person = person;
      const { headers } = await fetched(address, ca);
      return fetched(headers.location ?? assert.fail(`${address} leads nowhere`), ca);
    },
    logIn(fields = {}) {
      writeToken({ ...sessionOf(center, clock()), ...fields });
      return readToken();
    },
  };
}

/** A session as AWS gives it to a client of ours. */
export function sessionOf(center: IdentityCenter, now: number): object {
  const n = center.clients.size;
  const [clientId, clientSecret] = [`client-${n}`, `canary-secret-${n}`];
  const [accessToken, refreshToken] = [`canary-access-${n}`, `canary-refresh-${n}`];
  const hour = 3_600_000;
  center.clients.set(clientId, {
    id: clientId,
    secret: clientSecret,
    name: "tool",
    region: "us-east-1",
    expires: new Date(now + 24 * 90 * hour),
    scopes: ["sso:account:access"],
    grantTypes: ["authorization_code", "refresh_token"],
    redirectUris: ["http://127.0.0.1/oauth/callback"],
  });
  center.sessions.push({
    userName: "ada",
    clientId,
    expires: new Date(now + 8 * hour),
    accessTokens: [{ token: accessToken, expires: new Date(now + hour) }],
    refreshToken,
  });
  const time = (ms: number) => `${new Date(now + ms).toISOString().slice(0, 19)}Z`;
  return {
    startUrl: START_URL,
    region: "us-east-1",
    accessToken,
    expiresAt: time(hour),
    clientId,
    clientSecret,
    registrationExpiresAt: time(24 * 90 * hour),
    refreshToken,
  };
}

/** GET; a redirect is an answer. */
export function fetched(
  address: string,
  ca: string,
  options: Readonly<{ method?: string; headers?: Record<string, string> }> = {},
): Promise<Shown> {
  const { get } = address.startsWith("https:") ? https : http;
  return new Promise((resolve, reject) => {
    const request = get(address, { ca, agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    request.on("error", reject);
  });
}
