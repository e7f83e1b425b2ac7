import { closed, either, flag, list, maybe, nothing, oneOf, text, time } from "../../token/schema.ts";
import { kind } from "./kind.ts";

const DRY_RUN = flag("True when nothing was written: what follows would be done.");
const FILES = list(text(), "Files that were written, or would be.");
const ENTRY = {
  section: text("`clusters`, `users`, `contexts`, `current-context`, or `profile`."),
  name: text("Name of the entry."),
} as const;
const CHANGES = list(
  closed("What becomes of an entry of a file.", {
    file: text("The file."),
    ...ENTRY,
    did: oneOf(["added", "updated", "removed"], "What was done, or would be."),
  }),
  "The entries that change.",
);
const UNDO = maybe(list(text(), "Words of the command that takes it back, if something was written."));
const ROLE = text("ARN of the role.");
const VIA = list(text(), "ARNs of the roles on the way.");
const SERVER = text("Address of the Vouch server.");
const STATUS = oneOf(["added", "updated", "unchanged"], "What became of it.");
const WARNINGS = list(text(), "What the person should know.");
const DIFF = maybe(text("The changes as a unified diff, secrets masked; with `--diff` or `--dry-run`."));

const FORGOTTEN = maybe(
  list(
    closed("A program that was approved until its last context was removed.", {
      profile: maybe(text("AWS profile whose `credential_process` it is; absent for the caller's.")),
      program: text("The program."),
    }),
    "Programs that may no longer be run.",
  ),
);

const CLUSTER_ARN = text("ARN of the cluster.");

/** `setup eks` */
export const EKS_SETUP_SCHEMA = kind("EksSetup", "What was set up in the kubeconfig.", {
  dryRun: DRY_RUN,
  files: FILES,
  changes: CHANGES,
  contexts: list(
    closed("A context for one cluster.", {
      clusterArn: CLUSTER_ARN,
      context: text("Name of the context."),
      cluster: text("Name of its cluster entry."),
      user: text("Name of its user entry."),
      tlsServerName: maybe(text("Name that the cluster's certificate must have, if the entry gives one.")),
      by: maybe(oneOf(["profile", "ambient"], "Whose credentials it uses, if they are not Vouch's.")),
      profile: maybe(text("Its AWS profile.")),
      role: maybe(text("ARN of the role that is assumed with those.")),
      status: STATUS,
      insteadOf: maybe(text("Name it would have had, if something else has that one.")),
      also: list(text(), "Other contexts for the same cluster and identity, left as they are."),
      authenticationMode: maybe(text("Authentication mode of the cluster.")),
    }),
  ),
  role: maybe(ROLE),
  via: VIA,
  server: maybe(text("Address of the Vouch server, if it is a role of Vouch.")),
  identity: maybe(text("E-mail address of the account there.")),
  profile: maybe(text("AWS profile that the contexts use.")),
  ambient: maybe(flag("True if the contexts use the caller's own AWS credentials.")),
  migrations: list(
    closed("What `--migrate` did with a user entry that runs another program.", {
      user: text("Name of the entry."),
      contexts: list(text(), "Contexts that use it."),
      clusterArn: CLUSTER_ARN,
      was: closed("What it ran.", {
        by: text("The program: `aws`, `aws-iam-authenticator`, `vouch`, or another."),
        clusterName: maybe(text()),
        region: maybe(text()),
        role: maybe(text()),
        via: maybe(list(text())),
        profile: maybe(text()),
        server: maybe(text()),
        account: maybe(text()),
      }),
      migrated: flag("True when it runs kubectl-vouch now, or would."),
      reason: text("Why, or why not."),
      advice: maybe(text("What to do if it stays.")),
    }),
  ),
  pruned: list(
    closed("A context of a cluster that is gone.", {
      context: text("Its name."),
      clusterArn: CLUSTER_ARN,
    }),
  ),
  forgottenApprovals: FORGOTTEN,
  leftCurrentContexts: list(
    closed("A file whose current context was removed.", {
      path: text("The file."),
      name: text("The context."),
    }),
  ),
  currentContext: closed("The current context.", {
    before: either("Null for none.", text(), nothing),
    after: either("Null for none.", text(), nothing),
  }),
  skipped: list(
    closed("A cluster that was not set up.", { name: text(), region: text(), reason: text("Why not.") }),
  ),
  failures: maybe(
    list(
      closed("A profile that could not be set up.", {
        profile: text("Its name."),
        code: text("What failed."),
        message: text("The error message."),
        hint: text("What to do."),
      }),
      "With `--all-profiles`.",
    ),
  ),
  passedOver: maybe(
    list(
      closed("A profile with nothing to set up.", {
        profile: text("Its name."),
        reason: text("Why."),
      }),
      "With `--all-profiles`.",
    ),
  ),
  warnings: WARNINGS,
  diff: DIFF,
  undo: UNDO,
  token: maybe(
    either(
      "Whether the first context works.",
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
    ),
  ),
});

/** `setup aws` */
export const AWS_SETUP_SCHEMA = kind("AwsSetup", "What was set up in the AWS config.", {
  dryRun: DRY_RUN,
  profile: text("Name of the profile."),
  status: STATUS,
  was: maybe(oneOf(["kubectl-vouch", "vouch"], "Whose profile it was.")),
  files: FILES,
  changes: CHANGES,
  role: ROLE,
  via: VIA,
  server: SERVER,
  region: maybe(text("Region of the profile, if one was named.")),
  warnings: WARNINGS,
  diff: DIFF,
  undo: UNDO,
});

/** `setup eks --undo`, `setup aws --undo` */
export const SETUP_UNDONE_SCHEMA = kind("SetupUndone", "What was taken back of a setup.", {
  dryRun: DRY_RUN,
  time: time("When setup did it."),
  files: list(
    closed("A file that setup had changed.", {
      path: text("The file."),
      how: oneOf(
        ["restored", "removed", "entries", "unchanged", "current-context"],
        "`restored`: byte for byte as before. `removed`: setup had created it. `entries`: entries went back one by one. `unchanged`: there was nothing to take back. `current-context`: only that changed.",
      ),
      changedSince: flag("True when somebody else changed it after setup."),
      entries: list(
        closed("What setup had done, and is taken back.", {
          ...ENTRY,
          did: oneOf(["added", "updated", "removed"], "What setup had done."),
          clusterArn: maybe(CLUSTER_ARN),
          cluster: maybe(closed("Its cluster.", { name: text(), region: maybe(text()) })),
        }),
      ),
      kept: list(
        closed("What stays.", {
          ...ENTRY,
          why: oneOf(["changed", "used"], "`changed`: since, by somebody else. `used`: by another context."),
        }),
      ),
    }),
  ),
  currentContexts: list(
    closed("A file that names another current context now.", {
      path: text("The file."),
      was: text("The context before."),
      now: text("The context now; empty for none."),
    }),
  ),
  otherFiles: list(text(), "Files that the same command changed, and that stay as they are."),
  forgottenApprovals: FORGOTTEN,
  warnings: WARNINGS,
  diff: DIFF,
});
