import { ACCESS_ENTRY, ASSOCIATED_POLICIES, CLUSTER, ROLE, USER } from "./aws-shapes.ts";
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
  SOURCE_FILE,
  TOKEN,
  TOKEN_NAME,
  VOUCH,
} from "./probe-shapes.ts";
import {
  anything,
  closed,
  constant,
  either,
  flag,
  list,
  mapOf,
  nothing,
  number,
  type Optional,
  oneOf,
  open,
  optional,
  type Schema,
  type TypeOf,
  text,
} from "./schema.ts";
import {
  CLIENT,
  CREATOR,
  ENVIRONMENT,
  FIX_ATTEMPT,
  KUBECONFIG,
  OBSERVATION,
  TEXT_FILE,
  WORKLOAD,
} from "./told-shapes.ts";
import { ROUTE_TABLE, SECURITY_GROUP, VPC_ATTRIBUTE } from "./vpc-shapes.ts";

export const FAILED = closed("It was looked for and could not be obtained.", {
  failed: text("Why, in one line: `AccessDeniedException: …`."),
});

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

const KEY = closed("A security key.", {
  name: text("Its name."),
  readable: flag("Whether this user may talk to it."),
});

/** An answer of which we only read one field. */
function answer<const N extends string, T>(name: N, schema: Schema<T>): Schema<{ readonly [K in N]: T }> {
  return open(`The answer, with its \`${name}\`.`, { [name]: schema }) as Schema<{ readonly [K in N]: T }>;
}

function part<T>(schema: Schema<T>): Optional<T | TypeOf<typeof FAILED>> {
  return optional(either(undefined, schema, FAILED)) as Optional<T | TypeOf<typeof FAILED>>;
}

/** A bundle: what `--evidence` reads and `--save` writes. */
export const EVIDENCE_SCHEMA = closed("Evidence for `kubectl vouch doctor`.", {
  apiVersion: constant("vouch.kubectl/v1", "Version of this format."),
  kind: constant("DoctorEvidence", "Kind of this document."),
  gatheredAt: optional(text("When it was gathered; ages are judged against it. ISO 8601.")),
  question: optional(QUESTION),
  otherObservations: optional(list(OBSERVATION)),
  fixAttempts: optional(list(FIX_ATTEMPT)),
  excerpts: optional(
    list(
      oneOf(
        [
          "accessEntries",
          "accessEntryDetails",
          "associatedPolicies",
          "awsAuth",
          "rbac",
          "roles",
          "namespaces",
          "clusters",
          "securityGroups",
          "routeTables",
          "environment",
          "awsConfig",
          "awsCredentials",
        ],
        "A part that is here as an excerpt, or only the first page: what is not in it may exist.",
      ),
    ),
  ),
  client: part(CLIENT),
  kubeconfig: part(KUBECONFIG),
  environment: part(ENVIRONMENT),
  droppedEnvironment: part(mapOf(text(), "Variables our launcher kept from the program.")),
  awsConfig: part(TEXT_FILE),
  awsCredentials: part(TEXT_FILE),
  sourceFiles: part(list(SOURCE_FILE)),
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
  roles: part(answer("Roles", list(ROLE))),
  user: part(answer("User", USER)),
  clusterCreator: part(CREATOR),
  workload: part(WORKLOAD),
  securityGroups: part(answer("SecurityGroups", list(SECURITY_GROUP))),
  routeTables: part(answer("RouteTables", list(ROUTE_TABLE))),
  vpcAttributes: part(list(VPC_ATTRIBUTE)),
  openIdConnectProviders: part(
    answer("OpenIDConnectProviderList", list(open("A provider.", { Arn: text("Its ARN.") }))),
  ),
  awsAuth: optional(either(undefined, CONFIG_MAP, text("The ConfigMap in YAML."), nothing, FAILED)),
  selfSubjectReview: part(SELF_SUBJECT_REVIEW),
  accessReviews: part(list(ACCESS_REVIEW)),
  rbac: part(answer("items", list(RBAC_OBJECT))),
  namespaces: part(answer("items", list(NAMESPACE))),
  identityProviders: part(
    list(answer("identityProviderConfig", mapOf(anything("Any JSON."), "The configuration."))),
  ),
});
