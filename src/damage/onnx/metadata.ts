import { fieldsOf, utf8Of } from './protobuf.js';

/** Numbers of fields in `onnx.proto`: ModelProto.graph, ModelProto.metadata_props, StringStringEntryProto. */
const GRAPH = 7;
const METADATA_PROPS = 14;
const KEY = 1;
const VALUE = 2;

/**
 * What an ONNX file says of itself: its `metadata_props`. onnxruntime's JavaScript does not show them.
 * @throws Error when the file is no ONNX model
 */
export function metadataOf(file: Uint8Array): Map<string, string> {
  const metadata = new Map<string, string>();
  let hasGraph = false;
  for (const field of fieldsOf(file)) {
    if (field.number === GRAPH) hasGraph = true;
    if (field.number === METADATA_PROPS && 'bytes' in field) metadata.set(...entryOf(field.bytes));
  }
  if (!hasGraph) throw new Error('The file holds no graph.');
  return metadata;
}

function entryOf(message: Uint8Array): [key: string, value: string] {
  const entry: [string, string] = ['', ''];
  for (const field of fieldsOf(message)) {
    if (field.number === KEY) entry[0] = utf8Of(field);
    if (field.number === VALUE) entry[1] = utf8Of(field);
  }
  return entry;
}

/**
 * Class names as exporters write them: a Python dictionary (`{0: 'D00', 1: "D10"}`), a Python list or JSON. It is read
 * piece by piece, never run. Empty when it is none of these.
 */
export function classNamesOf(text: string | undefined): Map<number, string> {
  const names = new Map<number, string>();
  if (text === undefined || !/^\s*[[{]/.test(text)) return names;
  const item = /(?:["']?(\d+)["']?\s*:\s*)?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(?=[,\]}])/g;
  for (const [, index, single, double] of text.matchAll(item)) {
    names.set(index === undefined ? names.size : Number(index), (single ?? double ?? '').replace(/\\(.)/g, '$1'));
  }
  return names;
}

/** Numbers in brackets, as in `[640, 640]`; empty when it is something else. */
export function numbersOf(text: string | undefined): number[] {
  return /^\s*\[[\d,\s]*\]\s*$/.test(text ?? '') ? (text!.match(/\d+/g) ?? []).map(Number) : [];
}
