/**
 * Whether only this machine is meant by a host name: `localhost`, `127.x.x.x`, `::1` (with or without brackets).
 * No other name counts, whatever it resolves to today.
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}
