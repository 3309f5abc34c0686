/** A stream entry as Redis returns it: field, value, field, value, … in raw bytes. */
export type RawPayload = readonly Buffer[];

/** How much a payload may hold before it is refused unread. */
export interface PayloadLimits {
  /** Names and values together, bytes. */
  maxBytes: number;
  maxFields: number;
}
