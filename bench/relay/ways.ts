/** What is carried which way; `bare` is the least that can do the same. */
export const WAYS = ['sqs in', 'kafka in', 'sqs out', 'kafka out', 'webhooks out'] as const;
export type Way = (typeof WAYS)[number];
export const CARRIERS = ['roadstream', 'bare'] as const;
export type Carrier = (typeof CARRIERS)[number];

/** What a process that carries is told. */
export interface Order {
  readonly way: Way;
  readonly carrier: Carrier;
  readonly redis: string;
  /** `host:port` */
  readonly broker: string;
  /** Of its own in each run. */
  readonly topic: string;
  readonly queue: string;
  /** Where webhooks go. */
  readonly receiver: string;
}

/** Where jobs go, and results come from: as the service has them by default, and all that a bare loop knows. */
export const JOBS = 'stream:preprocess';
export const RESULTS = 'stream:preprocess:results';

/** The group by which results are read. */
export function groupOf({ way, carrier }: Pick<Order, 'way' | 'carrier'>): string {
  return carrier === 'bare' ? 'bare' : `relay-${way.split(' ')[0] ?? ''}`;
}

/** What one run came to. */
export interface Run {
  readonly way: Way;
  readonly carrier: Carrier;
  readonly perSecond: number;
  /** Of the process that carries, µs a message. */
  readonly cpuMicros: number;
}
