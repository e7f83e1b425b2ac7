import https from "node:https";
import path from "node:path";
import { goProgram } from "../../peers/go/programs.ts";
import { type ConnectProxy, connectProxy } from "../../token/net/connect-proxy.ts";
import { defaultUsername } from "../aws/eks/access-entry-rules.ts";
import { portForProgram } from "../loopback.ts";
import type { AccessEntry, AuthenticationMode, Cluster } from "../model.ts";
import type { LabCa } from "../tls.ts";
import { type BackgroundProgram, startInBackground } from "./background-program.ts";
import { kubeconfig } from "./kube-apiserver.ts";
import { privateFiles } from "./private-files.ts";

interface AuthenticatorOptions {
  /** The cluster's own CA; and the one of the AWS stand-in, which the authenticator trusts for STS. */
  readonly ca: LabCa;
  readonly awsCa: string;
  /** The AWS stand-in, `https://127.0.0.1:1234`: where all of STS's names lead. */
  readonly sts: string;
  readonly cluster: Cluster;
  readonly partition: string;
  readonly folder: string;
}

/** The real aws-iam-authenticator, as the authentication webhook of the API server, with both backends of EKS. */
export interface RealAuthenticator {
  /** For the API server: how to reach it. */
  readonly webhookKubeconfig: string;
  /**
   * Begins anew, once for each state of the cluster's mode, entries and aws-auth: after a change of mode the program goes on
   * with old watches. `apiserver` is a kubeconfig that may watch aws-auth.
   */
  begin(apiserver: string): Promise<void>;
  stop(): Promise<void>;
  /** Why it refused, a text each. */
  readonly refusals: readonly string[];
  close(): Promise<void>;
}

/** Source: doctor/EKS-ACCESS.md, "Caller to Kubernetes user". */
const BACKENDS: Readonly<Record<AuthenticationMode, readonly string[]>> = {
  API: ["DynamicFile"],
  API_AND_CONFIG_MAP: ["DynamicFile", "EKSConfigMap"],
  CONFIG_MAP: ["EKSConfigMap"],
};

/** Source: doctor/EKS-ACCESS.md, "Username templates". */
const RESERVED_PREFIXES = ["system:", "eks:", "aws:", "amazon:", "iam:"];

/** How long it may be silent when asked whether it is healthy. */
const HEALTH_MS = 5_000;

const STS_TARGET = /^sts[.-][\w.-]+:443$/;

export async function prepareAuthenticator(options: AuthenticatorOptions): Promise<RealAuthenticator> {
  const { ca, awsCa, sts, cluster, folder } = options;
  const port = await portForProgram();
  const file = privateFiles(folder);
  const own = await ca.issue(["127.0.0.1"]);
  file("cert.pem", own.cert);
  file("key.pem", own.key);
  const awsCaFile = file("aws-ca.crt", awsCa);
  const webhookKubeconfig = file(
    "authenticator.kubeconfig",
    kubeconfig(`https://127.0.0.1:${port}/authenticate`, ca.cert),
  );
  const proxy = await connectProxy({
    port: Number(new URL(sts).port),
    refusal: (target) => (STS_TARGET.test(target) ? undefined : "HTTP/1.1 403 Forbidden\r\n\r\n"),
  });

  let running: BackgroundProgram | undefined;
  let isClosed = false;
  let earlier = "";
  const stop = async () => {
    if (running === undefined) return;
    earlier += running.log();
    await running.stop();
    running = undefined;
  };
  const log = () => earlier + (running?.log() ?? "");

  return {
    webhookKubeconfig,
    async begin(apiserver) {
      await stop();
      if (isClosed) throw new Error("the control plane is closed: its authenticator begins no more");
      const entries = file("access-entries.json", dynamicFile(cluster.accessEntries.values()));
      const config = file("authenticator.json", {
        clusterID: cluster.outpostId ?? cluster.name,
        server: {
          ...{
            partition: options.partition,
            address: "127.0.0.1",
            port,
            stateDir: folder,
            kubeconfig: apiserver,
          },
          backendMode: BACKENDS[cluster.authenticationMode],
          ...(cluster.authenticationMode !== "CONFIG_MAP" &&
            readingEntries(entries, cluster.accessEntries.values())),
        },
      });
      const words = ["server", "--config", config, "--log-format", "json", "--kubeconfig-pregenerated"];
      running = startInBackground([goProgram("aws-iam-authenticator"), ...words], {
        env: environment(proxy, awsCaFile),
        logFile: path.join(folder, "authenticator.log"),
        cwd: folder,
      });
      await ready(running, { cluster, ca: ca.cert, port });
    },
    stop,
    get refusals() {
      return refusalsIn(log());
    },
    async close() {
      isClosed = true;
      await stop();
      await proxy.close();
    },
  };
}

/**
 * The program refuses these settings where entries do not count. Its reserved prefixes bind every entry, and EKS's own for
 * nodes begin with one: where there is such an entry, none is reserved.
 */
function readingEntries(file: string, entries: Iterable<AccessEntry>) {
  const isForNodes = [...entries].some(({ type }) => type !== "STANDARD");
  return {
    dynamicfilepath: file,
    dynamicfileUserIDStrict: true,
    ...(!isForNodes && {
      reservedPrefixConfig: [{ backendmode: "DynamicFile", usernamePrefixReserveList: RESERVED_PREFIXES }],
    }),
  };
}

/** No region of its own, no metadata service: all that it asks for is STS, and that leads to the lab. */
function environment(proxy: ConnectProxy, awsCaFile: string): Record<string, string> {
  return {
    HTTPS_PROXY: proxy.url,
    NO_PROXY: "127.0.0.1,localhost",
    SSL_CERT_FILE: awsCaFile,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

async function ready(
  program: BackgroundProgram,
  { cluster, ca, port }: { cluster: Cluster; ca: string; port: number },
): Promise<void> {
  const backends = BACKENDS[cluster.authenticationMode];
  const hasRead = (what: RegExp) => program.log().search(what) >= 0;
  await program.until(() => isHealthy(port, ca), "becoming healthy");
  if (backends.includes("DynamicFile"))
    await program.until(() => hasRead(/LoadDynamicFile: \S+ is available/), "reading the access entries");
  if (backends.includes("EKSConfigMap") && cluster.awsAuth !== undefined)
    await program.until(() => hasRead(/Received aws-auth watch event/), "reading aws-auth");
}

/** Access entries as the backend DynamicFile reads them. Source: aws-iam-authenticator, pkg/mapper/dynamicfile. */
function dynamicFile(entries: Iterable<AccessEntry>) {
  const mapped = [...entries].map((entry) => ({
    arn: entry.principalArn,
    mapping: {
      username: entry.username || defaultUsername(entry.type, entry.principalArn),
      groups: entry.kubernetesGroups,
      userid: entry.principalId,
    },
  }));
  const isUser = ({ arn }: { arn: string }) => arn.includes(":user/");
  return {
    Version: "1",
    LastUpdatedDateTime: "1700000000",
    mapRoles: mapped.filter((one) => !isUser(one)).map(({ arn, mapping }) => ({ rolearn: arn, ...mapping })),
    mapUsers: mapped.filter(isUser).map(({ arn, mapping }) => ({ userarn: arn, ...mapping })),
    mapAccounts: [],
  };
}

function refusalsIn(log: string): string[] {
  return log
    .split("\n")
    .filter((line) => line.includes('"access denied"'))
    .map((line) => (JSON.parse(line) as { error: string }).error);
}

function isHealthy(port: number, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, ca, path: "/healthz", timeout: HEALTH_MS };
    const request = https.get(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
