import { aws, type Command, commaSeparated, kubectl, run, structure } from "../../token/command/command.ts";
import { entryCommand } from "./access-entry-actions.ts";
import type { Action, CreateBinding, Document, SetAuthenticationMode, SetExec, SetupEks } from "./fix.ts";

/** An action as commands of the default tools: the AWS CLI, kubectl and our own. */
export function commandsOf(action: Exclude<Action, Document>): readonly Command[] {
  switch (action.kind) {
    case "set-authentication-mode":
      return [updateMode(action), waitForCluster(action)];
    case "create-access-entry": {
      const { target, principalArn, groups, username, type } = action;
      const more = { type, "kubernetes-groups": groups, username };
      return [entryCommand("create-access-entry", target, principalArn, more)];
    }
    case "associate-access-policy": {
      const { target, principalArn, policyArn, scope } = action;
      const more = { "policy-arn": policyArn, "access-scope": structure({ ...scope }) };
      return [entryCommand("associate-access-policy", target, principalArn, more)];
    }
    case "delete-access-entry":
      return [entryCommand("delete-access-entry", action.target, action.principalArn)];
    case "create-binding":
      return [createBinding(action)];
    case "setup-eks":
      return [setupEks(action)];
    case "set-exec":
      return [setExec(action)];
    default:
      return [action];
  }
}

function updateMode({ target: { cluster, region }, authenticationMode }: SetAuthenticationMode): Command {
  const config = structure({ authenticationMode: authenticationMode });
  return aws("eks update-cluster-config", { name: cluster, region, "access-config": config });
}

/** A change of mode takes effect once the cluster is active again. */
export function waitForCluster({ target: { cluster, region } }: SetAuthenticationMode): Command {
  return aws("eks wait cluster-active", { name: cluster, region });
}

function createBinding({ name, role, subject, namespace }: CreateBinding): Command {
  return kubectl(
    `create ${namespace === undefined ? "clusterrolebinding" : "rolebinding"}`,
    {
      n: namespace,
      [role.kind === "Role" ? "role" : "clusterrole"]: role.name,
      [subject.kind.toLowerCase()]:
        subject.kind === "ServiceAccount" ? `${subject.namespace}:${subject.name}` : subject.name,
    },
    name,
  );
}

function setupEks({
  cluster = "CLUSTER",
  region = "REGION",
  isAmbient,
  kind,
  contextName,
  ...identity
}: SetupEks): Command {
  const ambient = isAmbient ? true : undefined;
  const named = { ambient, "context-name": contextName } as const;
  return run("kubectl", "vouch setup eks", { cluster, region, ...identity, ...named });
}

/**
 * kubectl keeps fields that are not given (tested with 1.28, 1.32 and 1.36), but drops the arguments if a command is set without
 * them.
 */
function setExec({ user, fields }: SetExec): Command {
  const { apiVersion, command, args, env = {}, interactiveMode, provideClusterInfo } = fields;
  const variables = Object.entries(env).map(([name, value]) =>
    value === undefined ? `${name}-` : `${name}=${value}`,
  );
  const options = {
    "exec-api-version": apiVersion,
    "exec-command": command,
    "exec-arg": args?.map((arg) => commaSeparated(arg)),
    "exec-env": variables.length === 0 ? undefined : variables,
    "exec-interactive-mode": interactiveMode,
    "exec-provide-cluster-info": provideClusterInfo,
  };
  return kubectl("config set-credentials", options, user);
}
