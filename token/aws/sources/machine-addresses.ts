import { isLoopbackHost } from "../../net/web-address.ts";

/**
 * The addresses of the agents of ECS and EKS. Source: EKS User Guide, "EKS Pod Identity"; AWS ECS Developer Guide, "Task IAM
 * role".
 */
const CONTAINER_HOSTS: ReadonlySet<string> = new Set(["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]);

/** Where EKS's agent listens, at the port of http, and where the webhook mounts the tokens for it. */
const POD_IDENTITY_HOSTS: ReadonlySet<string> = new Set(["169.254.170.23", "[fd00:ec2::23]"]);
const POD_IDENTITY_FOLDER = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/";

/** The addresses of instance metadata. Source: AWS EC2 User Guide, "Access instance metadata". */
const METADATA_HOSTS: ReadonlySet<string> = new Set(["169.254.169.254", "[fd00:ec2::254]"]);

/** Whether plain http to the address stays on the machine's own link: such an address is never routed. */
export function isLinkLocal({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && (CONTAINER_HOSTS.has(hostname) || METADATA_HOSTS.has(hostname));
}

/** Whether a container may get its credentials at this address without a user having recorded it at setup. */
export function isContainerAddress(url: URL): boolean {
  const isHttp = url.protocol === "http:" || url.protocol === "https:";
  return isContainerAgent(url) || (isHttp && isLoopbackHost(url.hostname) && !hasUser(url));
}

function isContainerAgent(url: URL): boolean {
  return isLinkLocal(url) && CONTAINER_HOSTS.has(url.hostname) && !hasUser(url);
}

/**
 * Whether it is EKS's agent and the token file that EKS mounts for it: the only file that goes anywhere without a record of
 * setup. Where there is no agent, anyone on the link can take its address. Source: amazon-eks-pod-identity-webhook, README.
 */
export function isPodIdentity(url: URL, tokenFile: string): boolean {
  return (
    isContainerAgent(url) && POD_IDENTITY_HOSTS.has(url.host) && tokenFile.startsWith(POD_IDENTITY_FOLDER)
  );
}

/** `http://name:password@host/` makes an address look like another. */
function hasUser({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

/** Whether instance metadata may be requested there: at AWS's two addresses, or on this machine. */
export function isMetadataAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === "http:" && (METADATA_HOSTS.has(url.hostname) || isLoopbackHost(url.hostname));
}
