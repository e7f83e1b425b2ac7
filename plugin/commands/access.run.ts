import { awsCalls } from "../../doctor/probes/aws/aws-calls.ts";
import { accessList } from "../../doctor/probes/cluster/access-list.ts";
import type { App } from "../app.ts";
import type { BodyOf } from "../kinds/kinds.ts";
import { isForPrograms, printObject, table } from "../terminal/output.ts";
import type { TableChoice } from "../terminal/output-choice.ts";
import { withProgress } from "../terminal/progress.ts";
import { awsFacts, openContext } from "./whoami.run.ts";

interface AccessOptions {
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly output: TableChoice;
}

export async function runAccess(options: AccessOptions, caller: App): Promise<void> {
  const { desk, question, call } = await openContext(caller, options);
  const { app } = desk;
  const { cluster, region } = question;
  const found = await withProgress(app, `Listing who has access to cluster ${cluster}…`, async () => {
    const { token, place } = await awsFacts(desk, question);
    const { clusterCalls } = await import("../cluster/cluster-api.ts");
    const aws = awsCalls({ region, env: app.env, ...place });
    return accessList({ cluster, region, server: call.server }, aws, clusterCalls({ ...call, token }));
  });
  if (isForPrograms(options.output))
    return printObject(app, options.output, "AccessList", { cluster, region, ...found });
  app.io.out(asTable(found.principals, options.output === "wide"));
  const notes = found.principals.flatMap(({ principal, notes: own }) =>
    own.map((note) => `${principal}: ${note}`),
  );
  const lines = [...notes, ...found.notRead.map(({ what, reason }) => `Cannot read ${what}: ${reason}`)];
  app.io.err(lines.map((line) => `${line}\n`).join(""));
}

function asTable(principals: BodyOf<"AccessList">["principals"], isWide: boolean): string {
  const heading = ["PRINCIPAL", "MAPPED BY", "GROUPS", "PERMISSIONS", ...(isWide ? ["USERNAME"] : [])];
  const rows = principals.map((one) => [
    ...[one.principal, one.by.replace("-entry", " entry"), one.groups.join(", ") || "-", permissions(one)],
    ...(isWide ? [one.username ?? "-"] : []),
  ]);
  return table([heading, ...rows]);
}

function permissions({
  type,
  groups,
  policies,
  bindings,
}: BodyOf<"AccessList">["principals"][number]): string {
  const granted = [
    ...(groups.includes("system:masters") ? ["everything"] : []),
    ...policies.map(({ name, namespaces }) => within(name, namespaces?.join(", "))),
    ...bindings.map(({ role, namespace }) => within(role, namespace)),
  ];
  const isOfNodes = type !== undefined && type !== "STANDARD";
  return granted.join("; ") || (isOfNodes ? `node (${type})` : "-");
}

function within(what: string, namespaces: string | undefined): string {
  return namespaces === undefined ? what : `${what} (${namespaces})`;
}
