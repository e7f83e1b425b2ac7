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
  group: optional(text("API group; empty or absent for the core group.")),
  resource: optional(text("Plural name of the resource, such as `pods`.")),
  subresource: optional(text("Subresource, such as `log`.")),
  namespace: optional(text("Namespace; if absent, the whole cluster.")),
  name: optional(text("Name of one object.")),
  path: optional(text("A path such as `/metrics`, for a request that is not for a resource.")),
});

export const QUESTION = closed("What was tried, and how it failed.", {
  command: optional(text("Command that was run: `kubectl get pods -n payments`.")),
  stderr: optional(text("What the command printed to stderr, word for word.")),
  exitCode: optional(number("Exit status of the command; 0 with an empty stderr means that it works.")),
  context: optional(text("Context that was used; if absent, the current one.")),
  kubeconfigFile: optional(
    text("File that was specified with `--kubeconfig`; every printed command then includes it."),
  ),
  namespace: optional(text("Namespace that was used.")),
  cluster: optional(text("Name of the cluster, if a command or the client names it.")),
  region: optional(text("Region of the cluster, if the client names it.")),
  attempt: optional(ATTEMPT),
  principal: optional(text("ARN of another principal that the question is about.")),
});

export const TEXT_FILE = closed("A file.", {
  path: text("Path of the file."),
  text: text("Content of the file."),
});

export const CLIENT = closed("The program that calls the cluster.", {
  name: text("`kubectl`, `helm`, `terraform`, `k9s`, `lens`, `ci`, `python`, `javascript` …"),
  version: optional(text("Version of the program.")),
  path: optional(text("Path of the program.")),
  configuration: optional(
    text("Configuration of the program: a Terraform provider block, a CI job, a values file."),
  ),
  files: optional(
    list(TEXT_FILE, "More configuration of the program: an IDE's settings, a service's unit file, `.envrc`."),
  ),
  runSeconds: optional(number("How long the program had been running when it failed, in seconds.")),
  graphical: optional(flag("Whether the program was started from a desktop instead of a shell.")),
});

export const KUBECONFIG = closed("The kubeconfig files.", {
  files: list(
    either(
      "A file, or why it could not be read.",
      TEXT_FILE,
      closed("A file that could not be read.", {
        path: text("Path where the file is expected."),
        failed: text("Why the file could not be read."),
      }),
    ),
    "Files, in the order of KUBECONFIG.",
  ),
  kuberc: optional(TEXT_FILE),
});

export const ENVIRONMENT = mapOf(
  text(),
  "Environment variables of the failing client, before `exec.env`; secret values are replaced by `***`.",
);

export const WORKLOAD = closed("The pod or the EC2 instance that the client runs in.", {
  kind: oneOf(["pod", "instance"], "Where the client runs."),
  namespace: optional(text("Namespace of the pod.")),
  serviceAccount: optional(text("Service account of the pod.")),
  mountsToken: optional(flag("Whether the pod has its service account's token.")),
  annotatedRole: optional(
    either(
      "`eks.amazonaws.com/role-arn` annotation of the service account; null if it is not set.",
      text(),
      nothing,
    ),
  ),
  podIdentityRole: optional(
    either("ARN of the role of the pod's Pod Identity association; null if none exists.", text(), nothing),
  ),
  instanceRole: optional(text("ARN of the role of the EC2 instance, or of the node that the pod runs on.")),
});

export const OBSERVATION = closed(
  "The same call, made another way at about the same time; fields that are left out are not known.",
  {
    differs: text("What was different: `from the terminal`, `Ben, on his laptop`, `with profile admin`."),
    command: optional(text("Command that was run; if absent, the same command.")),
    exitCode: optional(number("Exit status of the command; 0 means that it works there.")),
    stderr: optional(text("What the command printed.")),
    context: optional(
      text("Context that was used; without it or a kubeconfig, the cluster could be a different one."),
    ),
    client: optional(CLIENT),
    environment: optional(ENVIRONMENT),
    kubeconfig: optional(KUBECONFIG),
    workload: optional(WORKLOAD),
    network: optional(NETWORK),
    callerIdentity: optional(CALLER),
    selfSubjectReview: optional(SELF_SUBJECT_REVIEW),
  },
);

export const FIX_ATTEMPT = closed("A command that was run to fix the problem.", {
  command: text("Command that was run: `aws eks create-access-entry --cluster-name lab …`."),
  by: optional(text("Who ran the command, if not the caller: an ARN, or `an administrator`.")),
  exitCode: optional(number("Exit status of the command.")),
  stderr: optional(text("What the command printed to stderr, word for word.")),
});

export const CREATOR = closed("Creator of the cluster.", {
  Arn: text(
    "ARN of the principal or its session: `userIdentity.arn` of the CreateCluster event in CloudTrail.",
  ),
  source: oneOf(["cloudtrail", "word"], "Where this comes from: CloudTrail, or a statement by a user."),
});
