import type { LookupFunction, TcpSocketConnectOpts } from "node:net";

/** Settings of a connection that decide its addresses. */
type AddressOptions = Required<Pick<TcpSocketConnectOpts, "lookup" | "autoSelectFamily">>;

/**
 * Returns options for a request of Node.js that connects to given IPv4 addresses of a host, in their order, until one accepts: as
 * browsers do, the next address is tried after a refusal, and after 250 milliseconds without an answer. Only the time limit of the
 * request ends the last attempt. https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
 *
 * Node.js does the same by itself for a host name that the system resolves; a single address in place of the host has no next one.
 */
export function connectTo(addresses: readonly string[]): AddressOptions {
  const found = addresses.map((address) => ({ address, family: 4 }));
  const lookup: LookupFunction = (_, { all }, callback) => {
    if (all) callback(null, found);
    else callback(null, found[0].address, found[0].family);
  };
  return { lookup, autoSelectFamily: true };
}
