import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import systeminformation from 'systeminformation';

const NVIDIA_SMI_TIMEOUT_MS = 10_000;
const BYTES_PER_MB = 1024 * 1024;

/** The fields systeminformation asks for too; `memory.free` (MiB) is what we want. */
const FIELDS =
  'driver_version,pci.sub_device_id,name,pci.bus_id,fan.speed,memory.total,memory.used,memory.free,utilization.gpu,' +
  'utilization.memory,temperature.gpu,temperature.memory,power.draw,power.limit,clocks.gr,clocks.mem';
const MEMORY_FREE_AT = FIELDS.split(',').indexOf('memory.free');

/**
 * Free memory of each GPU in bytes; empty on a machine without one. systeminformation pairs what nvidia-smi says with
 * lspci, which containers seldom have: where it sees nothing, nvidia-smi is asked directly.
 */
export async function probeGpus(): Promise<number[]> {
  const { controllers } = await systeminformation.graphics();
  const seen = controllers.flatMap(({ memoryFree }) =>
    typeof memoryFree === 'number' ? [memoryFree * BYTES_PER_MB] : [],
  );
  return seen.length > 0 ? seen : askNvidiaSmi();
}

async function askNvidiaSmi(): Promise<number[]> {
  try {
    const args = [`--query-gpu=${FIELDS}`, '--format=csv,noheader,nounits'];
    const { stdout } = await promisify(execFile)('nvidia-smi', args, { timeout: NVIDIA_SMI_TIMEOUT_MS });
    return parseFreeMemory(stdout);
  } catch {
    // Not there, or its driver is not: no GPU to guard.
    return [];
  }
}

/** Reads nvidia-smi's table, one GPU a line; `[N/A]` (unified memory) counts as no GPU. */
export function parseFreeMemory(csv: string): number[] {
  return csv
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()))
    .map((cells) => Number.parseFloat(cells[cells.length === 1 ? 0 : MEMORY_FREE_AT] ?? ''))
    .filter((mb) => Number.isFinite(mb))
    .map((mb) => mb * BYTES_PER_MB);
}
