import * as eks from "@aws-sdk/client-eks";
import { EKSClient } from "@aws-sdk/client-eks";

/** As much of the AWS CLI as a plan needs: `eks OPERATION --option value …`, with the credentials of the environment. */

const [service = "", operation = "", ...words] = process.argv.slice(2);

const camel = (name: string) => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `type=namespace,namespaces=a,b` */
function scopeOf(text: string): object {
  const [type = "", namespaces] = text.split(/,?namespaces=/);
  return { type: type.replace("type=", ""), ...(namespaces && { namespaces: namespaces.split(",") }) };
}

function inputOf(): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (let at = 0; at < words.length; ) {
    const name = camel(words[at++]?.slice(2) ?? "");
    const values: string[] = [];
    while (at < words.length && words[at]?.startsWith("--") === false) values.push(words[at++] ?? "");
    if (name === "region" || name === "output") continue;
    const [value = ""] = values;
    input[name] = name === "kubernetesGroups" ? values : name === "accessScope" ? scopeOf(value) : value;
  }
  return input;
}

const name = camel(`-${operation}`);
const Command = (eks as unknown as Record<string, new (input: object) => never>)[`${name}Command`];
if (service !== "eks" || Command === undefined)
  throw new Error(`no stand-in for aws ${service} ${operation}`);
const client = new EKSClient({ region: words[words.indexOf("--region") + 1] ?? "", maxAttempts: 1 });
const { $metadata: _, ...answer } = (await client.send(new Command(inputOf()))) as object as {
  $metadata: object;
};
process.stdout.write(`${JSON.stringify(answer)}\n`);
