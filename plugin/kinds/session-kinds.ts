import { KEY_STORE_KINDS } from "../../token/hot/key-store-kind.ts";
import { closed, flag, list, maybe, number, oneOf, text, time } from "../../token/schema.ts";
import { kind } from "./kind.ts";

const SERVER = text("Address of the Vouch server.");
const EMAIL = text("E-mail address of the account.");
const EXPIRES = time("When the session ends.");
const SECONDS = number("Seconds until then; 0 when it is over.");
const KEY_STORE = oneOf(KEY_STORE_KINDS, "Where the session's secrets are kept.");

const CENTER = {
  session: maybe(text("Name of the `sso-session`; absent if the profile itself has all settings.")),
  startUrl: text("Address of the login, as in the profile."),
  region: text("Region of IAM Identity Center."),
} as const;
const REFRESHABLE = flag("Whether the token is refreshed when it ends, as far as AWS lets the session live.");

/** `status` */
export const STATUS_SCHEMA = kind("Status", "Who is logged in, how long, and for which contexts.", {
  authenticated: flag("True when somebody is logged in at the Vouch server, as far as is known."),
  server: SERVER,
  email: maybe(EMAIL),
  expiresAt: maybe(EXPIRES),
  expiresInSeconds: maybe(SECONDS),
  keyStore: maybe(KEY_STORE),
  verified: flag("True when the server was asked and confirmed it."),
  notVerifiedBecause: maybe(text("Why the server could not be asked.")),
  contexts: list(
    closed("A context that gets its credentials from kubectl-vouch.", {
      name: text("Its name."),
      current: flag("True for the current context."),
      cluster: text("Name of the EKS cluster."),
      region: maybe(text("Its region.")),
      role: maybe(text("ARN of the role.")),
      profile: maybe(text("AWS profile that it uses.")),
      kubeconfig: text("File that the context is in."),
      problem: maybe(
        text("Why its AWS profile, or its caller, gives no credentials, as far as AWS's files tell."),
      ),
    }),
  ),
  kubeconfigProblem: maybe(text("Why the kubeconfig could not be read.")),
  otherSessions: list(
    closed("Another session that lives.", { server: SERVER, email: EMAIL, expiresAt: EXPIRES }),
  ),
  identityCenterSessions: list(
    closed("A session of AWS profiles at IAM Identity Center. AWS was not asked.", {
      ...CENTER,
      authenticated: flag("True when nobody has to log in, as far as the file of the session tells."),
      needed: flag("True when a context uses it."),
      expiresAt: maybe(time("When its token ends, or ended; absent where nobody is logged in.")),
      expiresInSeconds: maybe(SECONDS),
      refreshable: REFRESHABLE,
      profiles: list(text(), "AWS profiles that use it."),
    }),
  ),
  awsLogins: list(
    closed("A login of `aws login` that a context needs. AWS was not asked.", {
      session: text("ARN of the identity that logs in, as in the profile."),
      authenticated: flag("True when nobody has to log in, as far as the file of the login tells."),
      expiresAt: maybe(time("When its keys end, or ended; absent where nobody is logged in.")),
      expiresInSeconds: maybe(SECONDS),
      profile: text("AWS profile that names it."),
    }),
  ),
  profilesProblem: maybe(text("Why the AWS profiles, or the files of their logins, could not be read.")),
});

const ENDPOINTS = maybe(
  closed("For a new session: where its secrets may go besides the usual hosts, and who is trusted there.", {
    vouchCaBundle: maybe(text("Authorities for the Vouch server: a file.")),
    awsCaBundle: maybe(text("Authorities for AWS: a file.")),
    stsEndpoint: maybe(text("Address in place of STS.")),
    eksEndpoint: maybe(text("Address in place of EKS.")),
    iamEndpoint: maybe(text("Address in place of IAM.")),
    ssoEndpoint: maybe(text("Address in place of the portal of Identity Center.")),
    ssoOidcEndpoint: maybe(text("Address in place of the token service of Identity Center.")),
    signinEndpoint: maybe(text("Address in place of AWS Sign-In.")),
  }),
);

/** `enroll` */
export const ENROLMENT_SCHEMA = kind("Enrolment", "Who was enrolled, and is logged in now.", {
  server: SERVER,
  email: EMAIL,
  expiresAt: EXPIRES,
  expiresInSeconds: SECONDS,
  keyStore: KEY_STORE,
  hardwareVerified: maybe(flag("Whether a security key took part, without which AWS gets no token.")),
  key: maybe(
    closed("The security key that was registered.", {
      id: text("Its id at the server."),
      name: text("Its name at the server."),
    }),
  ),
  endpoints: ENDPOINTS,
});

/** `login` */
export const LOGIN_SCHEMA = kind("Login", "Who is logged in now.", {
  status: oneOf(["logged-in", "already-logged-in"], "Whether a login was needed."),
  server: SERVER,
  email: EMAIL,
  expiresAt: EXPIRES,
  expiresInSeconds: SECONDS,
  keyStore: KEY_STORE,
  endpoints: ENDPOINTS,
});

/** `login --profile` */
export const PROFILE_LOGIN_SCHEMA = kind("ProfileLogin", "What an AWS profile is logged in to now.", {
  status: oneOf(["logged-in", "already-logged-in"], "Whether a login was needed."),
  profile: text("The AWS profile."),
  identityCenter: maybe(
    closed("Its session at IAM Identity Center, which AWS's tools use too.", {
      ...CENTER,
      person: maybe(text("Who logged in just now: the name that AWS gives to sessions of the role.")),
      expiresAt: time("When the token ends."),
      expiresInSeconds: SECONDS,
      refreshable: REFRESHABLE,
    }),
  ),
  role: maybe(
    closed("Credentials of its role, which demands a code of an MFA device.", {
      expiresAt: time("When they end."),
      expiresInSeconds: SECONDS,
    }),
  ),
  endpoints: ENDPOINTS,
});

/** `logout --profile` */
export const PROFILE_LOGOUT_SCHEMA = kind("ProfileLogout", "What an AWS profile was logged out of.", {
  profile: text("The AWS profile."),
  identityCenter: maybe(
    closed("Its session at IAM Identity Center.", {
      ...CENTER,
      status: oneOf(
        ["logged-out", "server-not-told", "was-logged-out"],
        "`server-not-told`: forgotten here; AWS ends it at its usual time. `was-logged-out`: there was no session.",
      ),
      problem: maybe(text("Why AWS was not told.")),
    }),
  ),
});

/** `logout` */
export const LOGOUT_SCHEMA = kind("Logout", "Who was logged out.", {
  sessions: list(
    closed("A session.", {
      server: SERVER,
      email: EMAIL,
      status: oneOf(
        ["logged-out", "server-not-told", "failed"],
        "`server-not-told`: forgotten here; the server ends it at its usual time. `failed`: not all of it could be forgotten here.",
      ),
      problem: maybe(text("Why the server was not told, or what failed.")),
    }),
    "None when nobody was logged in.",
  ),
});

/** `whoami` */
export const WHOAMI_SCHEMA = kind("Whoami", "The caller's identity, according to AWS and to the cluster.", {
  context: text("Context that was asked about."),
  aws: closed("The caller to AWS.", {
    arn: text("ARN of the caller, as STS says it."),
    account: text("Its account."),
    userId: text("Its unique ID."),
    role: maybe(text("ARN of the role that was asked for.")),
    via: list(text(), "ARNs of the roles on the way."),
    identity: maybe(EMAIL),
    profile: maybe(text("AWS profile, if one gives the credentials.")),
  }),
  kubernetes: closed("The caller to the cluster.", { username: text(), groups: list(text()) }),
  tokenExpires: time("When the token ends."),
  namespace: maybe(text("With `--can`: namespace that was asked about.")),
  allNamespaces: maybe(flag("With `--can -A`: all namespaces were asked about.")),
  can: maybe(
    list(
      closed("A resource, and what may be done with it.", {
        resource: text("Plural name: `pods`."),
        group: text("API group; empty is the core one."),
        allowed: list(text(), "Verbs."),
      }),
      "With `--can`: what is allowed.",
    ),
  ),
});
