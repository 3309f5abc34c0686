/**
 * Loaded before all else (`node --import`), it sets the clock of a process wrong by `CLOCK_OFF_MS`, in its threads too. What is
 * monotonic stays as it is, as where a machine's clock is wrong.
 */
const offMs = Number(process.env['CLOCK_OFF_MS'] ?? 0);
const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(RealDate.now() + offMs);
    else super(...given);
  }

  static override now(): number {
    return RealDate.now() + offMs;
  }
}

// With more arguments than one a date is made of parts, which no clock has to do with.
globalThis.Date = new Proxy(ShiftedDate, {
  construct: (target, args, newTarget) =>
    args.length > 1
      ? new RealDate(...(args as [number, number]))
      : (Reflect.construct(target, args, newTarget) as Date),
}) as unknown as DateConstructor;
