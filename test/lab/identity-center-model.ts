/**
 * What exists in the lab's IAM Identity Center, and what its sign-in service has given out: plain data that tests and faults
 * change directly. Nothing here knows HTTP.
 */

/** A permission set of one account that one user may use: the role that Identity Center made for it there. */
export interface SsoAssignment {
  userName: string;
  accountId: string;
  permissionSet: string;
  roleArn: string;
  /** Session duration of the permission set. */
  sessionSeconds: number;
}

interface SsoAccount {
  accountId: string;
  accountName: string;
  emailAddress: string;
}

/** A registration: what RegisterClient gave out. */
export interface SsoClient {
  id: string;
  secret: string;
  name: string;
  region: string;
  expires: Date;
  scopes: string[];
  /** Empty for a client that named none: it may use device codes and refresh tokens. */
  grantTypes: string[];
  /** As registered; any port will do for one without a port. */
  redirectUris: string[];
}

export interface SsoDeviceGrant {
  deviceCode: string;
  /** `ABCD-EFGH` */
  userCode: string;
  clientId: string;
  expires: Date;
  intervalSeconds: number;
  lastPoll: Date | undefined;
  /** What came of it on the page; `used` once a token was given out. */
  status: "pending" | "approved" | "denied" | "used";
  /** Who approved. */
  userName: string;
}

interface SsoAuthorizationCode {
  code: string;
  clientId: string;
  userName: string;
  /** With its port. */
  redirectUri: string;
  /** base64url of the verifier's SHA-256. */
  codeChallenge: string;
  expires: Date;
}

/** A user's session at the access portal, as one client uses it. */
export interface SsoSession {
  userName: string;
  clientId: string;
  /** The end of it all; a refresh does not move it. */
  expires: Date;
  accessTokens: { token: string; expires: Date }[];
  /** The newest; undefined for a client that may not refresh. */
  refreshToken: string | undefined;
}

/** What the person in front of the browser does when a client asks: approves as somebody, denies, or is not there. */
export type SsoConsent = { readonly userName: string } | "denied" | "away";

export interface IdentityCenter {
  /** `https://lab.awsapps.com/start` */
  startUrl: string;
  region: string;
  /** How long a user stays logged in, and how long a token lives that can be refreshed. */
  sessionSeconds: number;
  accessTokenSeconds: number;
  /** Most items of a page, also for a caller who wants more. */
  pageSize: number;
  accounts: SsoAccount[];
  assignments: SsoAssignment[];
  /** What comes of `/authorize` when it is opened in the browser. */
  person: SsoConsent;
  /** By client id. */
  clients: Map<string, SsoClient>;
  /** By device code. */
  devices: Map<string, SsoDeviceGrant>;
  /** By code; used ones are removed. */
  codes: Map<string, SsoAuthorizationCode>;
  sessions: SsoSession[];
}
