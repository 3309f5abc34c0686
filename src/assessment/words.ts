/** What can happen on a road that somebody should know of; `other` is what is none of these. */
export const INCIDENT_KINDS = [
  'accident',
  'stopped_vehicle',
  'wrong_way',
  'reckless_driving',
  'pedestrian_on_road',
  'animal_on_road',
  'debris',
  'road_damage',
  'congestion',
  'fire_or_smoke',
  'flooding',
  'snow_or_ice',
  'low_visibility',
  'roadworks',
  'other',
] as const;

/** The mildest first. */
export const SEVERITIES = ['low', 'medium', 'high'] as const;

/** How the road's surface is. */
export const ROAD_CONDITIONS = ['dry', 'wet', 'snow', 'ice', 'flooded', 'damaged', 'unknown'] as const;

export type IncidentKind = (typeof INCIDENT_KINDS)[number];
export type IncidentSeverity = (typeof SEVERITIES)[number];
export type RoadCondition = (typeof ROAD_CONDITIONS)[number];
