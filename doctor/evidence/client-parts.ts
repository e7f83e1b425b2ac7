import { aws } from "../../token/command/aws.ts";
import { pipe, run } from "../../token/command/command.ts";
import { kubectl } from "../../token/command/kubectl.ts";
import { sentence } from "../../token/command/sentence.ts";
import { list, mapOf, text } from "../../token/schema.ts";
import { type PartEntry, part } from "./part.ts";
import {
  API_SERVER,
  CALLER,
  CLOCK,
  EXEC_COMMAND,
  KEY,
  NETWORK,
  PLUGIN_RUN,
  SOURCE_FILE,
  TOKEN,
  TOKEN_NAME,
  VOUCH,
} from "./schema/probe-shapes.ts";
import { CLIENT, ENVIRONMENT, KUBECONFIG, TEXT_FILE } from "./schema/told-shapes.ts";

/**
 * Prints the names of all variables only, since their values would reveal secrets to anybody who sees the screen or the output.
 */
const VARIABLE_NAMES = run("awk", "", {}, "BEGIN { for (name in ENVIRON) print name }");

const WITHOUT_SECRETS = "s/^([[:space:]#;]*aws_[a-z_]*(secret|token)[a-z_]*).*/\\1 = ***/";

const NO_FILE = "ENOENT: no such file";

/** Parts that are seen where the client runs. */
export const CLIENT_PARTS = {
  client: {
    schema: part(CLIENT),
    words: "the program that calls the cluster",
    source: () => "the program's name, what its --version prints, and its path",
    about: "case",
  },
  kubeconfig: {
    schema: part(KUBECONFIG),
    words: "a kubeconfig",
    source: () => sentence`${kubectl("config view")} (of each file in KUBECONFIG: its path and its text)`,
    about: "caller",
    merges: { items: "files" },
  },
  environment: {
    schema: part(ENVIRONMENT),
    words: "environment variables",
    source: () => sentence`${VARIABLE_NAMES}, and the values of those that are no secret`,
    about: "caller",
    mayBeExcerpt: true,
    merges: "fields",
  },
  droppedEnvironment: {
    schema: part(mapOf(text(), "Variables our launcher kept from the program.")),
    words: "variables that the launcher drops",
    source: () => sentence`${kubectl("vouch doctor")} (its launcher says what it drops)`,
    about: "caller",
  },
  awsConfig: {
    schema: part(TEXT_FILE),
    words: "the AWS config file",
    source: () => [run("cat", "", {}, { underHome: ".aws/config" })],
    about: "caller",
    none: NO_FILE,
    mayBeExcerpt: true,
  },
  awsCredentials: {
    schema: part(TEXT_FILE),
    words: "the AWS credentials file",
    source: () => [run("sed", "-E", {}, WITHOUT_SECRETS, { underHome: ".aws/credentials" })],
    about: "caller",
    none: NO_FILE,
    mayBeExcerpt: true,
  },
  sourceFiles: {
    schema: part(list(SOURCE_FILE)),
    words: "the state of AWS logins",
    source: () =>
      sentence`${run("ls", "-l", {}, { underHome: ".aws/sso/cache" }, { underHome: ".aws/login/cache" })}, and the expiry in those files (no token)`,
    about: "caller",
  },
  execCommand: {
    schema: part(EXEC_COMMAND),
    words: "where the credential plugin is",
    source: () => "the path of the exec block's command, and what its --version prints",
    about: "caller",
    merges: "fields",
  },
  pluginRun: {
    schema: part(PLUGIN_RUN),
    words: "an answer of the credential plugin",
    source: () =>
      "run the exec command of the kubeconfig by hand, with its env, and keep stderr and the exit status",
    about: "caller",
    always: ["stderr"],
  },
  token: {
    schema: part(TOKEN),
    words: "what an EKS token says",
    source: () =>
      sentence`pipe what the exec command prints into ${kubectl("vouch token explain", { o: "json" })}`,
    about: "caller",
  },
  callerIdentity: {
    schema: part(CALLER),
    words: "who the caller is to AWS",
    aws: "sts get-caller-identity",
    source: () =>
      sentence`${aws("sts get-caller-identity")} (with the profile and variables of the exec block)`,
    about: "caller",
    fields: [["Account", "Arn"]],
    always: ["UserId", "Account"],
  },
  tokenNames: {
    schema: part(list(TOKEN_NAME)),
    words: "whether STS accepts the token",
    source: () =>
      sentence`${kubectl("vouch doctor")} (tests at STS for which cluster name the token is signed)`,
    about: "caller",
  },
  vouch: {
    schema: part(VOUCH),
    words: "the state of the Vouch login",
    source: () => [kubectl("vouch status", { o: "json" })],
    about: "caller",
  },
  securityKeys: {
    schema: part(list(KEY)),
    words: "security keys",
    source: () => sentence`${kubectl("vouch doctor")} (lists the security keys)`,
    about: "caller",
  },
  clocks: {
    schema: part(list(CLOCK)),
    words: "clocks",
    source: ({ region }) =>
      sentence`${pipe(run("curl", "-sI", {}, `https://sts.${region}.amazonaws.com`), run("grep", "-i ^date"))}, beside ${run("date", "-u")}`,
    about: "caller",
  },
  network: {
    schema: part(NETWORK),
    words: "the network path to the API server",
    source: ({ endpoint }) => [run("curl", "-v", {}, `https://${endpoint}/version`)],
    about: "caller",
  },
  apiServer: {
    schema: part(API_SERVER),
    words: "an answer of the API server",
    source: () => [kubectl("get --raw /api")],
    about: "caller",
    kubectl: /^get raw\b/,
  },
} as const satisfies Readonly<Record<string, PartEntry>>;
