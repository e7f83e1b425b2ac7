import { catalogueSection } from "./catalogue-row.ts";

/** Network and TLS: rows of the catalogue. */
export const NETWORK_ROWS = catalogueSection({
  title: "Network and TLS",
  rows: [
    {
      id: "N1",
      cause: "The endpoint in the kubeconfig no longer exists: the cluster was deleted or recreated.",
      seen: "no such host",
    },
    {
      id: "N2",
      cause: "The endpoint has private addresses only, and this machine is not in their network.",
      seen: "i/o timeout to a private address",
    },
    {
      id: "N3",
      cause: "This machine's address is not among those that may reach the public endpoint.",
      seen: "i/o timeout to a public address",
    },
    {
      id: "N4",
      cause: "The cluster's security group does not let this network in on port 443.",
      seen: "timeout from a peered network",
    },
    {
      id: "N5",
      cause: "DNS gives this network no private address for the endpoint.",
      seen: "no such host, or a public address, inside the VPC",
    },
    {
      id: "N6",
      cause: "The certificate authority in the kubeconfig is not the cluster's.",
      seen: "certificate signed by unknown authority",
    },
    {
      id: "N7",
      cause: "A proxy on the path intercepts TLS and presents its own certificates.",
      seen: "unknown authority, or SSL validation failed",
    },
    {
      id: "N8",
      cause: "The proxy in use refuses the connection, or is down.",
      seen: "proxyconnect, HTML, or a bare Forbidden",
    },
    {
      id: "N9",
      cause: "The connection goes through a tunnel with a name that is not in the certificate.",
      seen: "certificate is valid for …, not localhost",
    },
    {
      id: "N10",
      cause: "The cluster is not ready.",
      seen: "Cluster status is CREATING",
    },
    {
      id: "N11",
      cause: "There is no cluster of that name in this region and account.",
      seen: "No cluster found for name",
    },
    {
      id: "N12",
      cause: "A forwarded port is used as if it were a proxy.",
      seen: "a handshake error through a tunnel",
      isUnconfirmed: true,
    },
    {
      id: "N13",
      cause: "This machine reaches neither AWS nor the API server.",
      seen: "no answer from either",
    },
  ],
});
