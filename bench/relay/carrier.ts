import { carryBare } from './bare.js';
import { carryWithRoadstream } from './roadstream.js';
import type { Order } from './ways.js';

/** The process that carries. It is told what, and tells its CPU (µs) whenever it is asked. */
const order = JSON.parse(process.argv[2] ?? '') as Order;

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
await (order.carrier === 'bare' ? carryBare(order) : carryWithRoadstream(order));
