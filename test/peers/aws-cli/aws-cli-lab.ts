import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { succeeded } from "../../end-to-end/lab-person.ts";
import { type AwsStandIn, startAwsStandIn } from "../../lab/aws/stand-in.ts";
import { addCluster, LAB_ADMIN_KEY, labWorld } from "../../lab/aws/world.ts";
import { labClock } from "../../lab/clock.ts";
import { type LabCa, makeLabCa } from "../../lab/tls.ts";
import { startIssuer, type TestIssuer } from "../../lab-tests/aws/issuer.ts";
import { runCommand } from "../../support/run-command.ts";
import { type ConnectProxy, connectProxy } from "../../token/net/connect-proxy.ts";
import type { Stage } from "./operation-case.ts";
import { type AwsCli, awsCli } from "./programs.ts";
import { type AwsCliSession, startAwsCli } from "./session.ts";

/** What the versions differ in unless it is said: how times are printed, and that version 1 fetches a URL given as a value. */
const CONFIG = "[default]\ncli_timestamp_format = iso8601\ncli_follow_urlparam = false\n";

/** Both CLIs before a stand-in that has AWS's own names: a proxy leads there, so nobody asks for an address. */
export interface AwsClis {
  readonly home: string;
  readonly proxy: ConnectProxy;
  readonly clis: readonly { readonly cli: AwsCli; readonly session: AwsCliSession }[];
  /** Variables of the lab's administrator, with everything that a call needs. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startAwsClis({ url }: AwsStandIn, ca: LabCa): Promise<AwsClis> {
  const home = await mkdtemp(join(tmpdir(), "aws-cli-peer-"));
  await writeFile(join(home, "ca.pem"), ca.cert);
  await writeFile(join(home, "config"), CONFIG);
  const proxy = await connectProxy({ port: Number(new URL(url).port) });
  const [one, two] = [awsCli(1), awsCli(2)];
  await addEksModel(one, two, home);
  const clis = [one, two].map((cli) => ({ cli, session: startAwsCli(cli, home) }));
  return {
    home,
    proxy,
    clis,
    env: {
      HOME: home,
      AWS_CONFIG_FILE: join(home, "config"),
      AWS_ACCESS_KEY_ID: LAB_ADMIN_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LAB_ADMIN_KEY.secretAccessKey,
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_DEFAULT_OUTPUT: "json",
      AWS_CA_BUNDLE: join(home, "ca.pem"),
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_MAX_ATTEMPTS: "1",
      AWS_PAGER: "",
      HTTPS_PROXY: proxy.url,
    },
    async close() {
      await Promise.all(clis.map(({ session }) => session.close()));
      await proxy.close();
      await rm(home, { recursive: true });
    },
  };
}

/** The stand-in with an account that begins anew for each call. */
export interface AwsCliLab extends AwsClis {
  readonly ca: LabCa;
  readonly standIn: AwsStandIn;
  /** The default account, as if nothing had been done in it, with cluster `lab`. */
  freshStage(): Stage;
}

export async function startAwsCliLab(): Promise<AwsCliLab> {
  const ca = await makeLabCa();
  const issuer = await startIssuer(ca);
  const standIn = await startAwsStandIn({ ca, clock: labClock(), world: defaultWorld(issuer, ca) });
  const clis = await startAwsClis(standIn, ca);
  return {
    ...clis,
    ca,
    standIn,
    freshStage() {
      const world = Object.assign(standIn.world, defaultWorld(issuer, ca));
      const cluster = addCluster(world, {
        name: "lab",
        endpoint: "https://127.0.0.1:1234",
        certificateAuthority: ca.cert,
      });
      return { world, cluster, issuer };
    },
    async close() {
      await clis.close();
      await standIn.close();
      await issuer.close();
    },
  };
}

function defaultWorld(issuer: TestIssuer, ca: LabCa) {
  return labWorld({ url: issuer.url, ca: ca.cert });
}

/** Debian's AWS CLI 2 is older than access entries: it gets the service model of version 1, by its own command for that. */
export async function addEksModel(from: AwsCli, to: AwsCli, home: string): Promise<void> {
  const script = join(import.meta.dirname, "print-model.py");
  const model = succeeded(await runCommand([from.python, script, "eks"], { env: {} }));
  await writeFile(join(home, "eks.json"), model);
  const words = ["configure", "add-model", "--service-name", "eks", "--service-model"];
  succeeded(
    await runCommand([to.program, ...words, `file://${join(home, "eks.json")}`], { env: { HOME: home } }),
  );
}
