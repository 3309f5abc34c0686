import L from 'leaflet';
import { useEffect, useRef } from 'preact/hooks';

/** Something at a place. */
export interface Place {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  /** What people call it: shown as text, whatever is in it. */
  readonly name: string;
  /** Where it looks to, degrees from north; null: unknown. */
  readonly bearing: number | null;
  /** A class of its mark, which has a shape and a colour of its own. */
  readonly tone: 'good' | 'note' | 'bad';
}

const CLOSEST = 17;
const MOST_ZOOM = 19;

/** Places on the city's own tiles, or on plain ground without any. */
export function PlaceMap(props: {
  readonly label: string;
  readonly places: readonly Place[];
  readonly tilesUrl: string | null;
  readonly onOpen: (id: string) => void;
}) {
  const { label, places, tilesUrl, onOpen } = props;
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<L.Map | undefined>(undefined);
  const opened = useRef(onOpen);
  opened.current = onOpen;
  useEffect(() => {
    if (box.current === null) return undefined;
    const made = L.map(box.current, { zoomAnimation: false, fadeAnimation: false, maxZoom: MOST_ZOOM }).setView(
      [0, 0],
      2,
    );
    made.attributionControl.setPrefix(false);
    if (tilesUrl !== null) L.tileLayer(tilesUrl, { maxZoom: MOST_ZOOM }).addTo(made);
    map.current = made;
    return () => {
      made.remove();
      map.current = undefined;
    };
  }, [tilesUrl]);
  const where = JSON.stringify(places);
  useEffect(() => {
    if (map.current === undefined || places.length === 0) return undefined;
    const marks = L.layerGroup(places.map((place) => markOf(place, () => opened.current(place.id)))).addTo(map.current);
    return () => void marks.remove();
  }, [where, tilesUrl]);
  const ids = places.map(({ id }) => id).join();
  useEffect(() => {
    if (places.length === 0) return;
    map.current?.fitBounds(L.latLngBounds(places.map(({ lat, lon }) => [lat, lon])), {
      padding: [40, 40],
      maxZoom: CLOSEST,
    });
  }, [ids, tilesUrl]);
  return <div ref={box} class={`map ${tilesUrl === null ? 'plain' : ''}`} role="region" aria-label={label} />;
}

const SHAPES = { good: 'M12 7 A5 5 0 1 1 11.99 7 Z', note: 'M12 6 L18 12 L12 18 L6 12 Z', bad: 'M12 5 L19 18 L5 18 Z' };

/** All that is written into the mark is numbers and shapes of ours; the name is set as text. */
function markOf({ lat, lon, name, bearing, tone }: Place, onOpen: () => void): L.Marker {
  const cone =
    bearing === null ? '' : `<path class="cone" d="M12 12 L6 0 L18 0 Z" transform="rotate(${bearing} 12 12)"/>`;
  const html = `<svg viewBox="-4 -4 32 32" width="32" height="32" aria-hidden="true">${cone}<path d="${SHAPES[tone]}"/></svg>`;
  const icon = L.divIcon({ html, className: `map-mark ${tone}`, iconSize: [32, 32] });
  const text = document.createElement('span');
  text.textContent = name;
  return L.marker([lat, lon], { icon, title: name, alt: name })
    .bindTooltip(text)
    .on('click', onOpen)
    .on('keypress', ({ originalEvent: { key } }) => {
      if (key === 'Enter') onOpen();
    });
}
