import { closed, either, flag, list, maybe, nothing, oneOf, text, time } from "../../token/schema.ts";
import { AGENT_ROLE, kind, PROTECTED, SERVER } from "./kind.ts";

const DRY_RUN = flag("True for a dry run: nothing was written; the other fields describe what would change.");
const FILES = list(text(), "Files that were written, or would be.");
const ENTRY = {
  section: text("`clusters`, `users`, `contexts`, `current-context`, `profile`, or `sso-session`."),
  name: text("Name of the entry."),
} as const;
const CHANGES = list(
  closed("A change to an entry of a file.", {
    file: text("File that contains the entry."),
    ...ENTRY,
    did: oneOf(["added", "updated", "removed"], "What was done to the entry, or would be."),
  }),
  "Entries that change.",
);
const UNDO = maybe(list(text(), "Words of the command that undoes the change, if something was written."));
const ROLE = text("ARN of the role.");
const VIA = list(text(), "ARNs of the roles that are assumed first.");
const STATUS = oneOf(["added", "updated", "unchanged"], "What was done, or would be.");
const WARNINGS = list(text(), "Warnings for the user.");
const DIFF = maybe(
  text(
    "The changes as a unified diff, with secrets masked and certificates shortened; with `--diff` or `--dry-run`.",
  ),
);

const FORGOTTEN = maybe(
  list(
    closed("A program that was approved until its last context was removed.", {
      profile: maybe(
        text("AWS profile whose `credential_process` ran the program; absent for the caller's profile."),
      ),
      program: text("Path of the program."),
    }),
    "Programs that are no longer approved.",
  ),
);

function checked(describe: string) {
  return either(
    describe,
    closed("A token was issued.", {
      expires: time("When the token expires."),
      cluster: either(
        "Answer of the API server to this token.",
        closed("The API server accepts it.", {
          username: text("Kubernetes username."),
          groups: list(text(), "Kubernetes groups."),
        }),
        closed("The API server rejects it, or could not be reached.", { problem: text("Error message.") }),
      ),
    }),
    closed("No token was issued.", { problem: text("Error message.") }),
  );
}

const CLUSTER_ARN = text("ARN of the cluster.");

const ERROR = {
  code: text("Code of the error."),
  message: text("Error message."),
  hint: text("How to fix the error."),
} as const;

const EksSetup = kind(["setup eks"], "What was set up in the kubeconfig.", {
  dryRun: DRY_RUN,
  files: FILES,
  changes: CHANGES,
  contexts: list(
    closed("A context for one cluster.", {
      clusterArn: CLUSTER_ARN,
      context: text("Name of the context."),
      cluster: text("Name of the context's cluster entry."),
      user: text("Name of the context's user entry."),
      tlsServerName: maybe(
        text("Name that the cluster's certificate must contain, if the entry specifies one."),
      ),
      removedName: maybe(
        text("`tls-server-name` that was removed, because the cluster's certificate is not valid for it."),
      ),
      tunnel: maybe(text("Address of a tunnel to the cluster, which stays the `server` of the entry.")),
      proxyUrl: maybe(
        text(
          "Proxy through which kubectl connects to the cluster, if the entry specifies one, without its password.",
        ),
      ),
      by: maybe(oneOf(["profile", "ambient"], "Source of the context's credentials, if not Vouch.")),
      profile: maybe(text("AWS profile of the context.")),
      role: maybe(text("ARN of the role that is assumed with these credentials.")),
      agentRole: maybe(AGENT_ROLE),
      protected: maybe(PROTECTED),
      status: STATUS,
      insteadOf: maybe(text("Name that the context would have, if it were not already taken.")),
      renamedFrom: maybe(text("Name that the context had before.")),
      also: list(text(), "Other contexts for the same cluster and identity, which are unchanged."),
      authenticationMode: maybe(text("Authentication mode of the cluster.")),
    }),
  ),
  role: maybe(ROLE),
  via: VIA,
  server: maybe(text("Address of the Vouch server, for a Vouch role.")),
  identity: maybe(text("E-mail address of the account on the Vouch server.")),
  profile: maybe(text("AWS profile that the contexts use.")),
  ambient: maybe(flag("True if the contexts use the caller's own AWS credentials.")),
  migrations: list(
    closed("What `--migrate` did with a user entry that runs a different program.", {
      user: text("Name of the user entry."),
      contexts: list(text(), "Contexts that use the entry."),
      clusterArn: CLUSTER_ARN,
      was: closed("What the entry ran before.", {
        by: text("Program of the entry: `aws`, `aws-iam-authenticator`, `vouch`, or a different one."),
        clusterName: maybe(text()),
        region: maybe(text()),
        role: maybe(text()),
        via: maybe(list(text())),
        profile: maybe(text()),
        server: maybe(text()),
        account: maybe(text()),
      }),
      migrated: flag("True if the entry now runs kubectl-vouch, or would."),
      reason: text("Why the entry was switched or left unchanged."),
      advice: maybe(text("What to do with an entry that was left unchanged.")),
    }),
  ),
  pruned: list(
    closed("A context of a cluster that no longer exists.", {
      context: text("Name of the context."),
      clusterArn: CLUSTER_ARN,
    }),
  ),
  forgottenApprovals: FORGOTTEN,
  leftCurrentContexts: list(
    closed("A file whose current context was removed.", {
      path: text("Path of the file."),
      name: text("Name of the removed context."),
    }),
  ),
  currentContext: closed("The current context before and after.", {
    before: either("Current context before; null for none.", text(), nothing),
    after: either("Current context after; null for none.", text(), nothing),
  }),
  notSearched: list(
    closed("A region.", { region: text("Name of the region."), reason: text("Why it was passed over.") }),
    "Regions that were not searched, with `--all`.",
  ),
  skipped: list(
    closed("A cluster that was not set up.", {
      name: text(),
      region: text(),
      reason: text("Why the cluster was not set up."),
    }),
  ),
  failures: maybe(
    list(
      closed("A profile that could not be set up.", {
        profile: text("Name of the profile."),
        ...ERROR,
      }),
      "Only with several profiles.",
    ),
  ),
  passedOver: maybe(
    list(
      closed("A profile with nothing to set up.", {
        profile: text("Name of the profile."),
        reason: text("Why there was nothing to set up."),
      }),
      "Only with several profiles.",
    ),
  ),
  warnings: WARNINGS,
  diff: DIFF,
  undo: UNDO,
  token: maybe(checked("Result of checking the first context.")),
  agentToken: maybe(
    checked("Result of checking the first context for AI agents, if they get a separate role."),
  ),
});

const SEARCHED_BY = maybe(text("AWS profile that was used to search; absent for credentials without one."));

const EksClusters = kind(["setup eks --list"], "EKS clusters that AWS profiles see.", {
  clusters: list(
    closed("A cluster.", {
      name: text("Name of the cluster."),
      region: text("Region of the cluster."),
      account: text("ID of the cluster's AWS account."),
      arn: CLUSTER_ARN,
      profiles: list(text(), "AWS profiles that see the cluster."),
      contexts: list(text(), "Contexts for the cluster that get their credentials from kubectl-vouch."),
    }),
    "Clusters by name.",
  ),
  gone: list(
    closed("A context of kubectl-vouch whose cluster no longer exists.", {
      context: text("Name of the context."),
      clusterArn: CLUSTER_ARN,
    }),
  ),
  skipped: list(
    closed("A cluster whose tags could not be read.", {
      profile: SEARCHED_BY,
      name: text("Name of the cluster."),
      region: text("Region of the cluster."),
      reason: text("Why its tags could not be read."),
    }),
    "Only with `--tag`.",
  ),
  notSearched: list(
    closed("A region that was passed over.", {
      profile: SEARCHED_BY,
      region: text("Name of the region."),
      reason: text("Why the region was passed over."),
    }),
  ),
  failures: list(
    closed("A profile that could not be used to search, or a region that could not be searched.", {
      profile: SEARCHED_BY,
      region: maybe(text("Name of the region, if others were searched.")),
      ...ERROR,
    }),
  ),
  passedOver: list(
    closed("A profile that was not used to search.", {
      profile: text("Name of the profile."),
      reason: text("Why the profile was not used."),
    }),
  ),
});

const AwsSetup = kind(["setup aws"], "What was set up in the AWS config.", {
  dryRun: DRY_RUN,
  profile: text("Name of the profile."),
  status: STATUS,
  was: maybe(oneOf(["kubectl-vouch", "vouch"], "Program that provided the profile's credentials before.")),
  files: FILES,
  changes: CHANGES,
  role: ROLE,
  via: VIA,
  server: SERVER,
  region: maybe(text("Region of the profile, if one was specified.")),
  warnings: WARNINGS,
  diff: DIFF,
  undo: UNDO,
});

const IdentityCenterSetup = kind(
  ["setup aws --sso-start-url"],
  "What was set up in the AWS config for the roles that IAM Identity Center assigns to the user.",
  {
    dryRun: DRY_RUN,
    session: text("Name of the `sso-session` of the profiles."),
    startUrl: text("Start URL of IAM Identity Center."),
    region: text("Region of IAM Identity Center."),
    person: maybe(text("User who logged in, if that was necessary.")),
    profiles: list(
      closed("A profile for one role in one account.", {
        name: text("Name of the profile."),
        status: oneOf(
          ["added", "renamed", "updated", "unchanged", "existing", "removed"],
          "What was done, or would be. `existing`: the user or a different program wrote a profile for this role; it is unchanged. `removed`: the role is no longer assigned.",
        ),
        accountId: text("ID of the account."),
        accountName: maybe(text("Name of the account, if AWS listed it.")),
        role: text("Name of the role, as in `sso_role_name`."),
        region: maybe(text("Region of the profile, if it has one.")),
        renamedFrom: maybe(text("Name that the profile had before.")),
        insteadOf: maybe(text("Name that the profile would have, if it were not already taken.")),
      }),
    ),
    files: FILES,
    changes: CHANGES,
    failures: list(
      closed("An account whose roles could not be listed; its profiles are unchanged.", {
        accountId: text("ID of the account."),
        accountName: text("Name of the account."),
        code: text("Code of the error."),
        message: text("Error message."),
        hint: text("How to fix the error."),
      }),
    ),
    warnings: WARNINGS,
    diff: DIFF,
    undo: UNDO,
  },
);

const SetupUndone = kind(["setup eks --undo", "setup aws --undo"], "What undoing a setup changed.", {
  dryRun: DRY_RUN,
  time: time("Time of the setup."),
  files: list(
    closed("A file that setup changed.", {
      path: text("Path of the file."),
      how: oneOf(
        ["restored", "removed", "entries", "unchanged", "current-context"],
        "`restored`: byte for byte as before. `removed`: setup had created the file. `entries`: entries were restored one by one. `unchanged`: there was nothing to undo. `current-context`: only the current context changed.",
      ),
      changedSince: flag("True if the file was changed by others after setup."),
      entries: list(
        closed("A change by setup that is undone.", {
          ...ENTRY,
          did: oneOf(["added", "updated", "removed"], "What setup did to the entry."),
          clusterArn: maybe(CLUSTER_ARN),
          cluster: maybe(closed("Cluster of the entry.", { name: text(), region: maybe(text()) })),
        }),
      ),
      kept: list(
        closed("An entry that stays.", {
          ...ENTRY,
          why: oneOf(
            ["changed", "used"],
            "`changed`: the entry was changed by others since. `used`: a different context or profile uses the entry.",
          ),
        }),
      ),
    }),
  ),
  currentContexts: list(
    closed("A file whose current context changes.", {
      path: text("Path of the file."),
      was: text("Current context before."),
      now: text("Current context after; empty for none."),
    }),
  ),
  otherFiles: list(text(), "Other files that the original command changed; undo does not touch them."),
  forgottenApprovals: FORGOTTEN,
  warnings: WARNINGS,
  diff: DIFF,
});

export const SETUP_KINDS = { EksSetup, EksClusters, AwsSetup, IdentityCenterSetup, SetupUndone };
