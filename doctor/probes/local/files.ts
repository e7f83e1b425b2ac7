import { awsConfigPath, awsCredentialsPath } from "../../../token/aws/aws-paths.ts";
import { requireIniSize } from "../../../token/aws/ini-file.ts";
import { debug } from "../../../token/debug.ts";
import type { Env } from "../../../token/env.ts";
import { reasonOf } from "../../../token/errors/errors.ts";
import { kubeconfigPaths } from "../../../token/kubeconfig/kubeconfig-files.ts";
import { maskAwsFile, maskVariable } from "../../../token/masking/mask-arguments.ts";
import { maskKubeconfig } from "../../../token/masking/mask-kubeconfig.ts";
import { awsFileLines } from "../../evidence/aws-file-lines.ts";
import type { Kubeconfig, TextFile } from "../../evidence/evidence.ts";
import { readCalledContext } from "../called-context.ts";
import type { Probes } from "../probe.ts";
import type { ProbeHost } from "../probe-host.ts";
import { kubercFile } from "./kuberc-file.ts";

export const FILE_PROBES = {
  /** The kubeconfig files that kubectl would merge, and kubectl's preferences. */
  kubeconfig: {
    worksOffline: true,
    doing: "reading the kubeconfig",
    ask: async ({ host }) => {
      const files = kubeconfigPaths(host, host.kubeconfig).map((file) => readKubeconfig(file, host));
      const kuberc = readKuberc(host);
      return kuberc === undefined ? { files } : { files, kuberc };
    },
  },
  /** The environment, without secrets; with what the launcher removed, since other programs get it. */
  environment: {
    worksOffline: true,
    doing: "reading the environment",
    ask: async ({ host: { env, dropped } }) =>
      Object.fromEntries(
        Object.entries({ ...env, ...dropped }).flatMap(([name, value]) =>
          value === undefined || !TELLING.test(name) ? [] : [[name, maskVariable(name, value)]],
        ),
      ),
  },
  /** The AWS config that the plugin reads, as its own variables determine. */
  awsConfig: {
    needs: ["kubeconfig"],
    worksOffline: true,
    doing: "reading the AWS config",
    ask: async ({ evidence, host }) =>
      readAwsFile(awsConfigPath(pluginEnv(evidence, host), host.homeDir), host),
  },
  /** The credentials file, without keys. */
  awsCredentials: {
    needs: ["kubeconfig"],
    worksOffline: true,
    doing: "reading the AWS credentials file",
    ask: async ({ evidence, host }) =>
      readAwsFile(awsCredentialsPath(pluginEnv(evidence, host), host.homeDir), host),
  },
} satisfies Probes;

function readKubeconfig(file: string, host: ProbeHost): Kubeconfig["files"][number] {
  try {
    const text = host.readText(file);
    if (text === undefined) return { path: file, failed: "no such file" };
    return { path: file, text: maskKubeconfig(text) };
  } catch (error) {
    return { path: file, failed: reasonOf(error) };
  }
}

function readKuberc(host: ProbeHost): TextFile | undefined {
  const file = kubercFile(host);
  if (file === undefined) return undefined;
  try {
    const text = host.readText(file.path);
    return text === undefined ? undefined : { path: file.path, text };
  } catch (error) {
    debug(`kuberc not read: ${reasonOf(error)}`);
    return undefined;
  }
}

/** Variables that change what kubectl, its plugin or AWS's tools do. Others are left out. */
const TELLING =
  /^(?:AWS_|AMAZON_|EKS_|ECS_|KUBE|HELM_(?:KUBE|NAMESPACE)|VOUCH_|NODE_|OPENSSL_|SSL_|LD_|DYLD_|PYTHON|C9_|SNAP|FLATPAK_|WSL|XDG_|(?:https?|all|no)_proxy$|(?:PATH|Path|HOME|USERPROFILE|SHELL|TERM|LANG|LC_ALL|SUDO_USER|CI|GITHUB_ACTIONS|GITLAB_CI|JENKINS_URL|CODEBUILD_BUILD_ID|SSH_CONNECTION|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|AGENT|AI_AGENT|CLAUDECODE|CLAUDE_CODE|CURSOR_TRACE_ID|CURSOR_AGENT|GEMINI_CLI|CODEX_SANDBOX|CODEX_THREAD_ID|COPILOT_MODEL|AUGMENT_AGENT|ANTIGRAVITY_AGENT|OPENCODE_CLIENT|CLINE_ACTIVE)$)/i;

function pluginEnv(...[evidence, host]: Parameters<typeof readCalledContext>): Env {
  return readCalledContext(evidence, host)?.env ?? host.env;
}

/** A file that does not exist counts as an empty one. */
function readAwsFile(file: string, host: ProbeHost): TextFile {
  const text = host.readText(file) ?? "";
  requireIniSize(text, file);
  return { path: file, text: maskAwsFile(awsFileLines(text)) };
}
