import { PRINCIPAL_SCHEMA } from "../../doctor/probes/cluster/access-list.ts";
import { KEY_STORE_KINDS } from "../../token/hot/key-store-kind.ts";
import { closed, flag, list, maybe, number, oneOf, text, time } from "../../token/schema.ts";
import { AGENT_ROLE, EMAIL, kind, PROTECTED, SERVER } from "./kind.ts";

const EXPIRES = time("Time at which the session ends.");
const SECONDS = number("Seconds until the expiration; 0 if it has passed.");
const KEY_STORE = oneOf(KEY_STORE_KINDS, "Where the secrets of the session are stored.");

const CENTER = {
  session: maybe(text("Name of the `sso-session`; absent if the profile itself has all settings.")),
  startUrl: text("Start URL for the login, as in the profile."),
  region: text("Region of the IAM Identity Center instance."),
} as const;
const REFRESHABLE = flag("Whether the token is refreshed when it expires, until AWS ends the session.");

const Status = kind(["status"], "Who is logged in, for how long, and for which contexts.", {
  authenticated: flag("True if a user is logged in to the Vouch server, as far as is known."),
  server: SERVER,
  email: maybe(EMAIL),
  expiresAt: maybe(EXPIRES),
  expiresInSeconds: maybe(SECONDS),
  keyStore: maybe(KEY_STORE),
  verified: flag("True if the server was contacted and confirmed the session."),
  notVerifiedBecause: maybe(text("Why the server could not be contacted.")),
  contexts: list(
    closed("A context that gets its credentials from kubectl-vouch.", {
      name: text("Name of the context."),
      current: flag("True if it is the current context."),
      cluster: text("Name of the EKS cluster."),
      region: maybe(text("Region of the cluster.")),
      role: maybe(text("ARN of the role.")),
      profile: maybe(text("AWS profile that the context uses.")),
      agentRole: maybe(AGENT_ROLE),
      protected: maybe(PROTECTED),
      kubeconfig: text("Kubeconfig file that contains the context."),
      problem: maybe(
        text(
          "Why the context's AWS profile, or the caller, does not provide credentials, as far as the AWS files show.",
        ),
      ),
    }),
  ),
  kubeconfigProblem: maybe(text("Why the kubeconfig could not be read.")),
  otherSessions: list(
    closed("Another session that has not ended.", { server: SERVER, email: EMAIL, expiresAt: EXPIRES }),
  ),
  identityCenterSessions: list(
    closed("An IAM Identity Center session of AWS profiles. AWS was not contacted.", {
      ...CENTER,
      authenticated: flag("True if no login is needed, as far as the session's file shows."),
      needed: flag("True if a context uses the session."),
      expiresAt: maybe(
        time("Time at which the session's token expires or expired; absent if not logged in."),
      ),
      expiresInSeconds: maybe(SECONDS),
      refreshable: REFRESHABLE,
      profiles: list(text(), "AWS profiles that use the session."),
    }),
  ),
  awsLogins: list(
    closed("A login with `aws login` that a context needs. AWS was not contacted.", {
      session: text("ARN of the identity that logs in, as in the profile."),
      authenticated: flag("True if no login is needed, as far as the login's file shows."),
      expiresAt: maybe(time("Time at which the login's keys expire or expired; absent if not logged in.")),
      expiresInSeconds: maybe(SECONDS),
      profile: text("AWS profile that uses the login."),
    }),
  ),
  profilesProblem: maybe(text("Why the AWS profiles, or the files of their logins, could not be read.")),
});

const ENDPOINTS = maybe(
  closed(
    "For a new session: endpoints that can receive its secrets in addition to the usual hosts, and the trusted CAs.",
    {
      vouchCaBundle: maybe(text("File with the CAs for the Vouch server.")),
      awsCaBundle: maybe(text("File with the CAs for AWS.")),
      stsEndpoint: maybe(text("Address to use instead of STS.")),
      eksEndpoint: maybe(text("Address to use instead of EKS.")),
      iamEndpoint: maybe(text("Address to use instead of IAM.")),
      ssoEndpoint: maybe(text("Address to use instead of the Identity Center portal.")),
      ssoOidcEndpoint: maybe(text("Address to use instead of the Identity Center token service.")),
      signinEndpoint: maybe(text("Address to use instead of AWS Sign-In.")),
    },
  ),
);

const Enrolment = kind(["enroll"], "Who was enrolled and is now logged in.", {
  server: SERVER,
  email: EMAIL,
  expiresAt: EXPIRES,
  expiresInSeconds: SECONDS,
  keyStore: KEY_STORE,
  hardwareVerified: maybe(flag("Whether a security key was used; without one, no AWS token is issued.")),
  key: maybe(
    closed("The security key that was registered.", {
      id: text("ID of the key on the server."),
      name: text("Name of the key on the server."),
    }),
  ),
  endpoints: ENDPOINTS,
});

const Login = kind(["login"], "Who is now logged in.", {
  status: oneOf(["logged-in", "already-logged-in"], "Whether a login was needed."),
  server: SERVER,
  email: EMAIL,
  expiresAt: EXPIRES,
  expiresInSeconds: SECONDS,
  keyStore: KEY_STORE,
  endpoints: ENDPOINTS,
});

const ProfileLogin = kind(["login --profile"], "What an AWS profile is now logged in to.", {
  status: oneOf(["logged-in", "already-logged-in"], "Whether a login was needed."),
  profile: text("The AWS profile."),
  identityCenter: maybe(
    closed("The profile's IAM Identity Center session, which AWS tools use, too.", {
      ...CENTER,
      person: maybe(text("Who just logged in: the session name that AWS uses for the role.")),
      expiresAt: time("Time at which the token expires."),
      expiresInSeconds: SECONDS,
      refreshable: REFRESHABLE,
    }),
  ),
  role: maybe(
    closed("Credentials of the profile's role, which requires an MFA code.", {
      expiresAt: time("Time at which the credentials expire."),
      expiresInSeconds: SECONDS,
    }),
  ),
  endpoints: ENDPOINTS,
});

const ProfileLogout = kind(["logout --profile"], "What an AWS profile was logged out of.", {
  profile: text("The AWS profile."),
  identityCenter: maybe(
    closed("The profile's IAM Identity Center session.", {
      ...CENTER,
      status: oneOf(
        ["logged-out", "server-not-told", "was-logged-out"],
        "`server-not-told`: removed from this machine; AWS ends the session at its usual time. `was-logged-out`: no session existed.",
      ),
      problem: maybe(text("Why AWS was not notified.")),
    }),
  ),
});

const Logout = kind(["logout"], "Who was logged out.", {
  sessions: list(
    closed("A session.", {
      server: SERVER,
      email: EMAIL,
      status: oneOf(
        ["logged-out", "server-not-told", "failed"],
        "`server-not-told`: removed from this machine; the server ends the session at its usual time. `failed`: not everything could be removed from this machine.",
      ),
      problem: maybe(text("Why the server was not notified, or what failed.")),
    }),
    "Empty if no user was logged in.",
  ),
});

const Whoami = kind(["whoami"], "The caller's identity, according to AWS and to the cluster.", {
  context: text("Context that was checked."),
  aws: closed("The caller, as AWS sees it.", {
    arn: text("ARN of the caller, as STS returns it."),
    account: text("Account of the caller."),
    userId: text("Unique ID of the caller."),
    role: maybe(text("ARN of the requested role.")),
    via: list(text(), "ARNs of the roles that are assumed first."),
    identity: maybe(EMAIL),
    profile: maybe(text("AWS profile, if the credentials come from one.")),
    agent: maybe(text("AI agent that runs the command, if one does.")),
  }),
  kubernetes: closed("The caller, as the cluster sees it.", { username: text(), groups: list(text()) }),
  tokenExpires: time("Time at which the token expires."),
  namespace: maybe(text("With `--can`: namespace that was checked.")),
  allNamespaces: maybe(flag("With `--can -A`: all namespaces were checked.")),
  can: maybe(
    list(
      closed("A resource, and what the caller is allowed to do with it.", {
        resource: text("Plural name of the resource, such as `pods`."),
        group: text("API group; empty for the core group."),
        allowed: list(text(), "Allowed verbs."),
      }),
      "With `--can`: what the caller is allowed to do.",
    ),
  ),
});

const AccessList = kind(["access"], "Who has access to a cluster.", {
  cluster: text("Name of the cluster."),
  region: text("Region of the cluster."),
  authenticationMode: maybe(text("Authentication mode of the cluster, if it is known.")),
  principals: list(PRINCIPAL_SCHEMA),
  notRead: list(
    closed("Something that could not be read.", {
      what: text("What it is."),
      reason: text("Error message."),
    }),
  ),
});

export const SESSION_KINDS = {
  Status,
  Enrolment,
  Login,
  ProfileLogin,
  ProfileLogout,
  Logout,
  Whoami,
  AccessList,
};
