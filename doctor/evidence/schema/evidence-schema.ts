import type { AccessRequest, Client, DoctorEvidence, Kubeconfig, Question, TextFile } from "../evidence.ts";
import { ACCESS_ENTRY, ASSOCIATED_POLICIES, CLUSTER, ROLE } from "./aws-shapes.ts";
import {
  ACCESS_REVIEW,
  CONFIG_MAP,
  NAMESPACE,
  RBAC_OBJECT,
  SELF_SUBJECT_REVIEW,
} from "./kubernetes-shapes.ts";
import {
  API_SERVER,
  CALLER,
  CLOCK,
  EXEC_COMMAND,
  NETWORK,
  PLUGIN_RUN,
  TOKEN,
  TOKEN_NAME,
  VOUCH,
} from "./probe-shapes.ts";
import {
  anything,
  closed,
  either,
  flag,
  list,
  mapOf,
  number,
  open,
  optional,
  type Schema,
  text,
} from "./schema.ts";

const FAILED = closed<{ readonly failed: string }>("It was looked for and could not be had.", {
  failed: text("Why, in one line: `AccessDeniedException: …`."),
});

const ATTEMPT = closed<AccessRequest>("One request to the API server.", {
  verb: text("`get`, `list`, `create` …"),
  group: optional(text("API group; empty or absent is the core one.")),
  resource: optional(text("Plural name: `pods`.")),
  subresource: optional(text("Such as `log`.")),
  namespace: optional(text("Absent: the whole cluster.")),
  name: optional(text("One object.")),
  path: optional(text("A path such as `/metrics`, for what is no resource.")),
});

const QUESTION = closed<Question>("What was tried, and how it failed.", {
  command: optional(text("`kubectl get pods -n payments`")),
  stderr: optional(text("What it said, word for word.")),
  exitCode: optional(number("Its exit status; 0 with an empty stderr: it works.")),
  context: optional(text("Context that was meant; absent: the current one.")),
  namespace: optional(text("Namespace that was meant.")),
  attempt: optional(ATTEMPT),
  principal: optional(text("ARN of somebody else whose access is asked about.")),
});

const CLIENT = closed<Client>("The program that talks to the cluster.", {
  name: text("`kubectl`, `helm`, `terraform`, `k9s`, `lens`, `ci`, `python`, `javascript` …"),
  version: optional(text("Its version.")),
  path: optional(text("Where it stands.")),
  configuration: optional(text("A Terraform provider block, a CI job, a values file.")),
  runSeconds: optional(number("How long it had run when it failed.")),
  graphical: optional(flag("Started by a desktop and not from a shell.")),
});

const TEXT_FILE = closed<TextFile>("A file.", { path: text("Where it is."), text: text("What is in it.") });

const KUBECONFIG = closed<Kubeconfig>("The kubeconfig files.", {
  files: list(
    either(
      "A file, or why it could not be read.",
      TEXT_FILE,
      closed<{ readonly path: string; readonly failed: string }>("A file that could not be read.", {
        path: text("Where it should be."),
        failed: text("Why it could not be read."),
      }),
    ),
    "In the order of KUBECONFIG.",
  ),
  kuberc: optional(TEXT_FILE),
});

const KEY = closed<{ readonly name: string; readonly readable: boolean }>("A security key.", {
  name: text("Its name."),
  readable: flag("Whether this user may talk to it."),
});

/** A field of an answer that is all we read of it. */
function answer(name: string, schema: Schema): Schema {
  return {
    type: "object",
    description: `The answer, with its \`${name}\`.`,
    properties: { [name]: schema },
    required: [name],
    additionalProperties: true,
  };
}

function part(schema: Schema) {
  return optional({ anyOf: [schema, FAILED] });
}

/** A bundle: what `--evidence` takes and `--save` writes. */
export const EVIDENCE_SCHEMA: Schema = closed<DoctorEvidence>("Evidence for `kubectl vouch doctor`.", {
  apiVersion: { const: "vouch.kubectl/v1", description: "Version of this format." },
  kind: { const: "DoctorEvidence", description: "Kind of this document." },
  gatheredAt: optional(text("When it was gathered; ages are judged against it. ISO 8601.")),
  question: optional(QUESTION),
  client: part(CLIENT),
  kubeconfig: part(KUBECONFIG),
  environment: part(
    mapOf(text(), "The client's variables, before `exec.env`; values that are secrets as `***`."),
  ),
  droppedEnvironment: part(mapOf(text(), "Variables our launcher kept from the program.")),
  awsConfig: part(TEXT_FILE),
  awsCredentials: part(TEXT_FILE),
  execCommand: part(EXEC_COMMAND),
  pluginRun: part(PLUGIN_RUN),
  token: part(TOKEN),
  callerIdentity: part(CALLER),
  tokenNames: part(list(TOKEN_NAME)),
  vouch: part(VOUCH),
  securityKeys: part(list(KEY)),
  clocks: part(list(CLOCK)),
  network: part(NETWORK),
  apiServer: part(API_SERVER),
  cluster: part(answer("cluster", CLUSTER)),
  clusters: part(answer("clusters", list(text("Name of a cluster.")))),
  accessEntries: part(answer("accessEntries", list(text("ARN of a principal.")))),
  accessEntryDetails: part(list(answer("accessEntry", ACCESS_ENTRY))),
  associatedPolicies: part(list(ASSOCIATED_POLICIES)),
  role: part(answer("Role", ROLE)),
  openIdConnectProviders: part(
    answer(
      "OpenIDConnectProviderList",
      list(open<{ readonly Arn: string }>("A provider.", { Arn: text("Its ARN.") })),
    ),
  ),
  awsAuth: optional({ anyOf: [CONFIG_MAP, text("The ConfigMap in YAML."), { type: "null" }, FAILED] }),
  selfSubjectReview: part(SELF_SUBJECT_REVIEW),
  accessReviews: part(list(ACCESS_REVIEW)),
  rbac: part(answer("items", list(RBAC_OBJECT))),
  namespaces: part(answer("items", list(NAMESPACE))),
  identityProviders: part(
    list(answer("identityProviderConfig", mapOf(anything("Any JSON."), "The configuration."))),
  ),
});
