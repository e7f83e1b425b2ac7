import { isLoopbackHost } from "../../net/loopback.ts";

/** Where the agents of ECS and EKS are. Source: EKS User Guide, "EKS Pod Identity"; AWS ECS Developer Guide, "Task IAM role". */
const CONTAINER_HOSTS: ReadonlySet<string> = new Set(["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]);

/** Where instance metadata are. Source: AWS EC2 User Guide, "Access instance metadata". */
const METADATA_HOSTS: ReadonlySet<string> = new Set(["169.254.169.254", "[fd00:ec2::254]"]);

/** Whether plain http to the address stays on the machine's own link: such an address is never routed. */
export function isLinkLocal({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && (CONTAINER_HOSTS.has(hostname) || METADATA_HOSTS.has(hostname));
}

/** Whether a container may get its credentials there without anybody having settled it. */
export function isContainerAddress(url: URL): boolean {
  const isHttp = url.protocol === "http:" || url.protocol === "https:";
  return isHttp && (isLoopbackHost(url.hostname) || (isLinkLocal(url) && CONTAINER_HOSTS.has(url.hostname)));
}

/** Whether instance metadata may be asked for there: at AWS's two addresses, or on this very machine. */
export function isMetadataAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === "http:" && (METADATA_HOSTS.has(url.hostname) || isLoopbackHost(url.hostname));
}
