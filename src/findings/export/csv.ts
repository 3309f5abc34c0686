import type { Cameras } from '../../cameras/camera.js';
import type { StoredFinding } from '../finding.js';

type Cell = string | number | boolean | null | undefined;

/** Programs that open a table take it for UTF-8 by this, and show Korean. */
const BYTE_ORDER_MARK = '\ufeff';

/** A text that begins so would be run as a formula by the program that opens the table. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

const COLUMNS = [
  ...['id', 'cctvId', 'camera', 'road', 'tags', 'lat', 'lon', 'class', 'severity', 'state', 'answer', 'reason'],
  ...['reopened', 'note', 'ref', 'by', 'reviewedAt', 'since', 'lastSeen', 'goneSince', 'seenIn', 'lookedAt'],
  ...['areaM2', 'widthM', 'lengthM', 'calibration', 'confidence', 'status', 'missed', 'detector', 'detectorVersion'],
  ...['x', 'y', 'width', 'height', 'lastJobId'],
];

/** Findings as a table by RFC 4180 that spreadsheets open safely: a formula is shown as text, behind an apostrophe. */
export async function* csvOf(findings: AsyncIterable<StoredFinding>, cameras: Cameras): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + lineOf(COLUMNS);
  for await (const finding of findings) yield lineOf(cellsOf(finding, cameras));
}

function cellsOf(finding: StoredFinding, cameras: Cameras): Cell[] {
  const camera = cameras.get(finding.cctvId);
  const { detector, box } = finding;
  return [
    ...[finding.id, finding.cctvId, camera?.name, camera?.road, camera?.tags.join(', ')],
    ...[camera?.location?.lat, camera?.location?.lon, finding.class, finding.severity, finding.state],
    ...[finding.answer, finding.reason, finding.reopened, finding.note, finding.ref, finding.by, finding.reviewedAt],
    ...[finding.since, finding.lastSeen, finding.goneSince, finding.seenIn, finding.lookedAt],
    ...[finding.areaM2, finding.widthM, finding.lengthM, finding.calibration, finding.confidence, finding.status],
    ...[finding.missed, detector.name, detector.version, box.x, box.y, box.width, box.height, finding.lastJobId],
  ];
}

function lineOf(cells: readonly Cell[]): string {
  return `${cells.map(written).join(',')}\r\n`;
}

function written(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null || cell === undefined ? '' : String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
