import {
  closed,
  either,
  flag,
  list,
  mapOf,
  nothing,
  number,
  oneOf,
  optional,
  text,
} from "../../../token/schema.ts";
import { SELF_SUBJECT_REVIEW } from "./kubernetes-shapes.ts";
import { CALLER, NETWORK } from "./probe-shapes.ts";

export const ATTEMPT = closed("One request to the API server.", {
  verb: text("`get`, `list`, `create` …"),
  group: optional(text("API group; empty or absent is the core one.")),
  resource: optional(text("Plural name: `pods`.")),
  subresource: optional(text("Such as `log`.")),
  namespace: optional(text("Absent: the whole cluster.")),
  name: optional(text("One object.")),
  path: optional(text("A path such as `/metrics`, for what is no resource.")),
});

export const QUESTION = closed("What was tried, and how it failed.", {
  command: optional(text("`kubectl get pods -n payments`")),
  stderr: optional(text("What it said, word for word.")),
  exitCode: optional(number("Its exit status; 0 with an empty stderr: it works.")),
  context: optional(text("Context that was meant; absent: the current one.")),
  kubeconfigFile: optional(
    text("File that was named with `--kubeconfig`: every command that is printed then names it."),
  ),
  namespace: optional(text("Namespace that was meant.")),
  attempt: optional(ATTEMPT),
  principal: optional(text("ARN of another principal to ask about.")),
});

export const TEXT_FILE = closed("A file.", { path: text("Where it is."), text: text("What is in it.") });

export const CLIENT = closed("The program that talks to the cluster.", {
  name: text("`kubectl`, `helm`, `terraform`, `k9s`, `lens`, `ci`, `python`, `javascript` …"),
  version: optional(text("Its version.")),
  path: optional(text("Where it stands.")),
  configuration: optional(text("A Terraform provider block, a CI job, a values file.")),
  files: optional(
    list(TEXT_FILE, "More of its configuration: an IDE's settings, a service's unit, `.envrc`."),
  ),
  runSeconds: optional(number("How long it had been running when it failed.")),
  graphical: optional(flag("Whether a desktop started it, and not a shell.")),
});

export const KUBECONFIG = closed("The kubeconfig files.", {
  files: list(
    either(
      "A file, or why it could not be read.",
      TEXT_FILE,
      closed("A file that could not be read.", {
        path: text("Where it should be."),
        failed: text("Why it could not be read."),
      }),
    ),
    "In the order of KUBECONFIG.",
  ),
  kuberc: optional(TEXT_FILE),
});

export const ENVIRONMENT = mapOf(
  text(),
  "The variables of the client that fails, before `exec.env`; values that are secrets as `***`.",
);

export const WORKLOAD = closed("The pod or the EC2 instance that the client runs in.", {
  kind: oneOf(["pod", "instance"], "Which."),
  namespace: optional(text("Namespace of the pod.")),
  serviceAccount: optional(text("Service account of the pod.")),
  mountsToken: optional(flag("Whether the pod has its service account's token.")),
  annotatedRole: optional(
    either("`eks.amazonaws.com/role-arn` of the service account; null: it has none.", text(), nothing),
  ),
  podIdentityRole: optional(
    either("ARN of the role of its Pod Identity association; null: there is none.", text(), nothing),
  ),
  instanceRole: optional(text("ARN of the role of the EC2 instance, or of the node that the pod runs on.")),
});

export const OBSERVATION = closed(
  "The same call, made in another way at about the same time; what is left out is not known.",
  {
    differs: text("What differs: `from the terminal`, `Ben, on his laptop`, `with profile admin`."),
    command: optional(text("What was run; absent: the same.")),
    exitCode: optional(number("Its exit status; 0: it works there.")),
    stderr: optional(text("What it said.")),
    context: optional(text("Context that it used; without it or a kubeconfig it may be another cluster.")),
    client: optional(CLIENT),
    environment: optional(ENVIRONMENT),
    kubeconfig: optional(KUBECONFIG),
    workload: optional(WORKLOAD),
    network: optional(NETWORK),
    callerIdentity: optional(CALLER),
    selfSubjectReview: optional(SELF_SUBJECT_REVIEW),
  },
);

export const FIX_ATTEMPT = closed("Something that was run to fix it.", {
  command: text("`aws eks create-access-entry --cluster-name lab …`"),
  by: optional(text("Who ran it, if not the caller: an ARN, or `an administrator`.")),
  exitCode: optional(number("Its exit status.")),
  stderr: optional(text("What it said, word for word.")),
});

export const CREATOR = closed("Who created the cluster.", {
  Arn: text("ARN of the principal, or of a session of it: `userIdentity.arn` in CloudTrail's CreateCluster."),
  source: oneOf(["cloudtrail", "word"], "CloudTrail, or somebody's word."),
});
