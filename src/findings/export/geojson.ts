import type { Cameras } from '../../cameras/camera.js';
import { findingOf, type StoredFinding } from '../finding.js';

/** Findings as GeoJSON (RFC 7946), each at the point of its camera; of a camera whose place nobody told, without a geometry. */
export async function* geoJsonOf(findings: AsyncIterable<StoredFinding>, cameras: Cameras): AsyncGenerator<string> {
  yield '{"type":"FeatureCollection","features":[';
  let isFirst = true;
  for await (const finding of findings) {
    yield `${isFirst ? '' : ','}\n${JSON.stringify(featureOf(finding, cameras))}`;
    isFirst = false;
  }
  yield '\n]}\n';
}

function featureOf(finding: StoredFinding, cameras: Cameras): object {
  const { name, location, bearing, road, tags = [] } = cameras.get(finding.cctvId) ?? {};
  const camera = { name: name ?? null, bearing: bearing ?? null, road: road ?? null, tags };
  return {
    type: 'Feature',
    id: finding.id,
    geometry: location === undefined ? null : { type: 'Point', coordinates: [location.lon, location.lat] },
    properties: { ...findingOf(finding), camera },
  };
}
