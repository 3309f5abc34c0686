import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Linux's lists of connections: one line each, with the user who opened it. */
const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** Columns of these lists, and the state of a connection that stands. */
const [LOCAL, REMOTE, STATE, USER] = [1, 2, 3, 7] as const;
const ESTABLISHED = '01';

/**
 * The user id of the process at the other end of a connection within this machine.
 * @returns undefined where the system does not tell
 */
export async function userAcross({
  localAddress,
  localPort,
  remoteAddress,
  remotePort,
}: Pick<Socket, 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'>): Promise<number | undefined> {
  // What is remote to us is local to them.
  const theirs = spellings(remoteAddress, remotePort);
  const ours = spellings(localAddress, localPort);
  const tables = await Promise.all(TABLES.map((table) => readFile(table, 'latin1').catch(() => '')));
  const rows = tables.flatMap((table) => table.split('\n').map((line) => line.trim().split(/\s+/)));
  const row = rows.find(
    (cells) =>
      cells[STATE] === ESTABLISHED && theirs.includes(cells[LOCAL] ?? '') && ours.includes(cells[REMOTE] ?? ''),
  );
  return row === undefined ? undefined : Number(row[USER]);
}

/** An address and port as those lists have them: groups of four bytes, each the other way round; IPv4 in IPv6, too. */
function spellings(address = '', port = 0): string[] {
  if (!ipaddr.isValid(address)) return [];
  const plain = ipaddr.process(address);
  const forms = plain instanceof ipaddr.IPv4 ? [plain, plain.toIPv4MappedAddress()] : [plain];
  const hexPort = port.toString(16).padStart(4, '0').toUpperCase();
  return forms.map((form) => `${hexOf(form.toByteArray())}:${hexPort}`);
}

function hexOf(bytes: number[]): string {
  const swapped = Buffer.from(bytes).swap32();
  return swapped.toString('hex').toUpperCase();
}
