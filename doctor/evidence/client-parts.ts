import { aws, kubectl, pipe, run, runPerSystem } from "../../token/command/command.ts";
import { sentence } from "../../token/command/sentence.ts";
import { listFiles, showText, showTime } from "../../token/command/tasks.ts";
import { list } from "../../token/schema.ts";
import { type PartEntry, part } from "./part.ts";
import * as probe from "./schema/probe-shapes.ts";
import * as told from "./schema/told-shapes.ts";

/**
 * Prints only the names of all variables, since their values would reveal secrets to anyone who sees the screen or the output.
 */
const VARIABLE_NAMES = runPerSystem(["awk", "BEGIN { for (name in ENVIRON) print name }"], {
  powershell: "Get-ChildItem Env: -Name",
});

const WITHOUT_SECRETS = "s/^([[:space:]#;]*aws_[a-z_]*(secret|token)[a-z_]*).*/\\1 = ***/";
const DATE_LINE = "findstr /i /b date:";
const SECRETLESS = "findstr /v /i /c:secret /c:token";

const NO_FILE = "ENOENT: no such file";

/** Parts that are seen where the client runs. */
export const CLIENT_PARTS = {
  client: {
    schema: part(told.CLIENT),
    words: "the program that calls the cluster",
    source: () => "the program's name, what its --version prints, and its path",
    about: "case",
  },
  kubeconfig: {
    schema: part(told.KUBECONFIG),
    words: "a kubeconfig",
    source: () => sentence`${kubectl("config view")} (of each file in KUBECONFIG: its path and its text)`,
    about: "caller",
    merges: { items: "files" },
  },
  environment: {
    schema: part(told.ENVIRONMENT),
    words: "environment variables",
    source: () => sentence`${VARIABLE_NAMES}, and the values of those that are not secret`,
    about: "caller",
    mayBeExcerpt: true,
    merges: "fields",
  },
  awsConfig: {
    schema: part(told.TEXT_FILE),
    words: "the AWS config file",
    source: () => [showText({ underHome: ".aws/config" })],
    about: "caller",
    none: NO_FILE,
    mayBeExcerpt: true,
  },
  awsCredentials: {
    schema: part(told.TEXT_FILE),
    words: "the AWS credentials file",
    source: () => [
      runPerSystem(["sed", "-E", WITHOUT_SECRETS], SECRETLESS, { underHome: ".aws/credentials" }),
    ],
    about: "caller",
    none: NO_FILE,
    mayBeExcerpt: true,
  },
  sourceFiles: {
    schema: part(list(probe.SOURCE_FILE)),
    words: "the state of AWS logins",
    source: () =>
      sentence`${listFiles({ underHome: ".aws/sso/cache" })} and ${listFiles({ underHome: ".aws/login/cache" })}, and the expiry in those files (no tokens)`,
    about: "caller",
  },
  execCommand: {
    schema: part(probe.EXEC_COMMAND),
    words: "the location of the credential plugin",
    source: () => "the path of the exec block's command, and what its --version prints",
    about: "caller",
    merges: "fields",
  },
  pluginRun: {
    schema: part(probe.PLUGIN_RUN),
    words: "output of the credential plugin",
    source: () => "run the kubeconfig's exec command with its env, and save stderr and the exit status",
    about: "caller",
    always: ["stderr"],
  },
  token: {
    schema: part(probe.TOKEN),
    words: "the contents of an EKS token",
    source: () =>
      sentence`pipe the exec command's output into ${kubectl("vouch token explain", { o: "json" })}`,
    about: "caller",
  },
  callerIdentity: {
    schema: part(probe.CALLER),
    words: "the caller's AWS identity",
    aws: "sts get-caller-identity",
    source: () =>
      sentence`${aws("sts get-caller-identity")} (with the profile and variables of the exec block)`,
    about: "caller",
    fields: [["Account", "Arn"]],
    always: ["UserId", "Account"],
  },
  tokenNames: {
    schema: part(list(probe.TOKEN_NAME)),
    words: "whether STS accepts the token",
    source: () =>
      sentence`${kubectl("vouch doctor")} (tests with STS the cluster names that the token is signed for)`,
    about: "caller",
  },
  vouch: {
    schema: part(probe.VOUCH),
    words: "the state of the Vouch login",
    source: () => [kubectl("vouch status", { o: "json" })],
    about: "caller",
  },
  securityKeys: {
    schema: part(list(probe.KEY)),
    words: "security keys",
    source: () => sentence`${kubectl("vouch doctor")} (lists the security keys)`,
    about: "caller",
  },
  clocks: {
    schema: part(list(probe.CLOCK)),
    words: "clocks",
    source: ({ region }) =>
      sentence`${pipe(run("curl", "-sI", {}, `https://sts.${region}.amazonaws.com`), runPerSystem(["grep", "-i", "^date"], DATE_LINE))}, next to ${showTime()}`,
    about: "caller",
  },
  network: {
    schema: part(probe.NETWORK),
    words: "the network path to the API server",
    source: ({ endpoint }) => [run("curl", "-v", {}, `https://${endpoint}/version`)],
    about: "caller",
  },
  apiServer: {
    schema: part(probe.API_SERVER),
    words: "an answer from the API server",
    source: () => [kubectl("get --raw /api")],
    about: "caller",
    kubectl: /^get raw\b/,
  },
} as const satisfies Readonly<Record<string, PartEntry>>;
