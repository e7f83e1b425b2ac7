import type { HttpAnswer } from "../../net/http-client.ts";
import { jsonRecord, textMember } from "../../record.ts";
import { isWritableTime } from "../aws-credentials.ts";
import {
  type BearerAccess,
  callService,
  refusalOf,
  serviceError,
  serviceUrl,
  strangeAnswer,
} from "../bearer-call.ts";
import type { NewToken, SsoClient } from "./sso-token.ts";

/** The scope that a client needs to refresh tokens. Source: AWS CLI User Guide, "sso_registration_scopes". */
export const ACCOUNT_ACCESS = "sso:account:access";

/**
 * Where the browser is sent back to. AWS accepts only this path, and any port if registered without one. Source:
 * fwdcloudsec/granted#779.
 */
export const CALLBACK_PATH = "/oauth/callback";
const REDIRECT_URI = `http://127.0.0.1${CALLBACK_PATH}`;

const GRANT = {
  code: "authorization_code",
  device: "urn:ietf:params:oauth:grant-type:device_code",
  refresh: "refresh_token",
} as const;

export const START_DEVICE = "sso-oidc:StartDeviceAuthorization";
export const CREATE_TOKEN = "sso-oidc:CreateToken";

/** How a user approves a login: in the browser of this machine, or in one on any device. */
export type LoginWay = "browser" | "device-code";

/**
 * Limits for values in AWS's answers, in seconds. Source: AWS IAM Identity Center OIDC API, StartDeviceAuthorization and
 * CreateToken.
 */
const SECONDS = {
  interval: { least: 1, usual: 5, most: 60 },
  expiresIn: { least: 30, usual: 600, most: 3600 },
} as const;

/** The client to register. */
interface ClientWish {
  readonly region: string;
  /** The URL at which users log in. */
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly way: LoginWay;
}

/** Registers a public client. Source: AWS IAM Identity Center OIDC API, RegisterClient. */
export async function registerClient(
  { region, issuer, scopes, way }: ClientWish,
  access: BearerAccess,
): Promise<SsoClient> {
  const action = "sso-oidc:RegisterClient";
  const browser = {
    grantTypes: [GRANT.code, GRANT.refresh],
    redirectUris: [REDIRECT_URI],
    issuerUrl: issuer,
  };
  const body = {
    clientName: "kubectl-vouch",
    clientType: "public",
    scopes,
    ...(way === "browser" ? browser : {}),
  };
  const answer = await callService({ service: "ssoOidc", region, path: "/client/register", body }, access);
  if (answer.status !== 200) throw serviceError(answer, action, placeHints({ issuer, region }));
  const members = jsonRecord(answer.body);
  const [clientId, clientSecret] = [textMember(members, "clientId"), textMember(members, "clientSecret")];
  const end = members?.["clientSecretExpiresAt"];
  if (
    clientId === undefined ||
    clientSecret === undefined ||
    typeof end !== "number" ||
    !isWritableTime(end * 1000)
  )
    throw strangeAnswer(action, "without a client and its expiration");
  return { clientId, clientSecret, expires: end * 1000 };
}

/** AWS does not say what is wrong with a start URL that is not in this region. */
function placeHints({ issuer, region }: Pick<ClientWish, "issuer" | "region">) {
  return {
    InvalidRequestException: `Check the start URL and its region: AWS might not know ${issuer} in ${region}.`,
  };
}

/** The URL at which the browser asks the user. Source: RFC 7636, 4.3; the AWS CLI's `scopes`. */
export function authorizeUrl(
  {
    region,
    client,
    scopes,
    ...asked
  }: {
    readonly region: string;
    readonly client: SsoClient;
    readonly scopes: readonly string[];
    readonly redirectUri: string;
    readonly state: string;
    readonly challenge: string;
  },
  access: Pick<BearerAccess, "env" | "endpoints">,
): string {
  const query = {
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: asked.redirectUri,
    state: asked.state,
    code_challenge_method: "S256",
    scopes: scopes.join(" "),
    code_challenge: asked.challenge,
  };
  return serviceUrl({ service: "ssoOidc", region, path: "/authorize", query }, access).href;
}

/** A login that waits for a user's approval on any device. The device code in it is a secret. */
export interface PendingDevice {
  readonly deviceCode: string;
  /** The code that the user compares: `ABCD-EFGH`. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** The verification URI with the code in it. */
  readonly verificationUriComplete: string | undefined;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Between two polls, in milliseconds. */
  readonly intervalMs: number;
}

/** The answer; `client-refused` if AWS refused the client, which may have been registered long ago. */
export type Started = PendingDevice | "client-refused";

export async function startDevice(
  {
    region,
    issuer,
    client,
  }: { readonly region: string; readonly issuer: string; readonly client: SsoClient },
  access: BearerAccess,
): Promise<Started> {
  const body = { clientId: client.clientId, clientSecret: client.clientSecret, startUrl: issuer };
  const answer = await callService(
    { service: "ssoOidc", region, path: "/device_authorization", body },
    access,
  );
  if (oauthWord(answer) === "invalid_client") return "client-refused";
  if (answer.status !== 200) throw serviceError(answer, START_DEVICE, placeHints({ issuer, region }));
  const members = jsonRecord(answer.body);
  const [deviceCode, userCode] = [textMember(members, "deviceCode"), textMember(members, "userCode")];
  const verificationUri = textMember(members, "verificationUri");
  if (deviceCode === undefined || userCode === undefined || verificationUri === undefined)
    throw strangeAnswer(START_DEVICE, "without a device code, a user code and a URL");
  const seconds = (name: keyof typeof SECONDS) => {
    const { least, usual, most } = SECONDS[name];
    const value = members?.[name];
    return typeof value === "number" ? Math.min(most, Math.max(least, value)) : usual;
  };
  return {
    deviceCode,
    userCode,
    verificationUri,
    verificationUriComplete: textMember(members, "verificationUriComplete"),
    expires: access.clock() + seconds("expiresIn") * 1000,
    intervalMs: seconds("interval") * 1000,
  };
}

/** Proves that a user agreed. Secret as a whole. */
type Proof =
  | {
      readonly grant: "code";
      readonly code: string;
      readonly redirectUri: string;
      readonly codeVerifier: string;
    }
  | { readonly grant: "device"; readonly deviceCode: string }
  | { readonly grant: "refresh"; readonly refreshToken: string };

/** The answer to CreateToken: a token, or the refusal with its OAuth error code. */
export type Created = { readonly token: NewToken } | Refused;

export interface Refused {
  readonly refused: string;
  readonly answer: HttpAnswer;
}

/** CreateToken. A proof that is valid only once is sent only once. Source: AWS IAM Identity Center OIDC API, CreateToken. */
export async function createToken(
  { region, client, proof }: { readonly region: string; readonly client: SsoClient; readonly proof: Proof },
  access: BearerAccess,
): Promise<Created> {
  const { grant, ...shown } = proof;
  const { clientId, clientSecret } = client;
  const body = { clientId, clientSecret, grantType: GRANT[grant], ...shown };
  const call = { service: "ssoOidc", region, path: "/token", body, repeats: false } as const;
  const answer = await callService(call, access);
  if (answer.status !== 200) return { refused: oauthWord(answer), answer };
  const members = jsonRecord(answer.body);
  const accessToken = textMember(members, "accessToken");
  const seconds = members?.["expiresIn"];
  const expires = access.clock() + (typeof seconds === "number" && seconds > 0 ? seconds * 1000 : Number.NaN);
  if (accessToken === undefined || !isWritableTime(expires))
    throw strangeAnswer(CREATE_TOKEN, "without a token and its expiration");
  return { token: { accessToken, expires, refreshToken: textMember(members, "refreshToken") } };
}

/** `invalid_grant`: from the body, else derived from the name of the exception. */
function oauthWord(answer: HttpAnswer): string {
  if (answer.status === 200) return "";
  const { name } = refusalOf(answer);
  const made = name.replace(/Exception$/, "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_");
  return textMember(jsonRecord(answer.body), "error") ?? made.toLowerCase();
}
