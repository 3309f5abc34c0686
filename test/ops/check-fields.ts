import ts from 'typescript';
import type { Manifest } from './manifests.js';
import { ROOT } from './rules-file.js';

/** Where the type of each kind is. */
const TYPES: Readonly<Record<string, string>> = {
  Deployment: 'kubernetes-types/apps/v1.js',
  Namespace: 'kubernetes-types/core/v1.js',
  PersistentVolumeClaim: 'kubernetes-types/core/v1.js',
  Service: 'kubernetes-types/core/v1.js',
  ServiceAccount: 'kubernetes-types/core/v1.js',
  PodDisruptionBudget: 'kubernetes-types/policy/v1.js',
  Kustomization: './manifest-types.js',
  ScaledObject: './manifest-types.js',
  TriggerAuthentication: './manifest-types.js',
};

/** No such file: it is made of the manifests, and only in memory. */
const FILE = `${ROOT}test/ops/all-manifests.ts`;

/**
 * What is wrong with the fields of manifests, a sentence each: names that are misspelt or in the wrong place, values of a
 * wrong type. Each manifest is compiled as a literal of its type, in which a field that the type lacks is an error.
 */
export function checkFields(manifests: readonly Manifest[]): string[] {
  const unknown = manifests.filter(({ kind }) => TYPES[kind] === undefined);
  if (unknown.length > 0) return unknown.map(({ file, kind }) => `${file}: the kind ${kind} has no type in this test.`);
  const imports = Object.entries(TYPES).map(([kind, from]) => `import type { ${kind} } from '${from}';`);
  const head = [...imports, `import type { Part } from './manifest-types.js';`];
  const lines = manifests.map(({ kind, isPatch, object }, at) => {
    const type = isPatch ? `Part<${kind}>` : kind;
    return `export const m${at}: ${type} = ${JSON.stringify(object)};`;
  });
  return errorsOf([...head, ...lines].join('\n')).map(({ line, message }) => {
    return `${manifests[line - head.length]?.file ?? 'the types'}: ${message}`;
  });
}

function errorsOf(text: string): { line: number; message: string }[] {
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ['lib.es2023.d.ts'] },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === FILE || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === FILE ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2023) : getSourceFile(file, ...rest);
  const program = ts.createProgram([FILE], options, host);
  const source = program.getSourceFile(FILE);
  return ts.getPreEmitDiagnostics(program, source).map(({ start = 0, messageText }) => ({
    line: source?.getLineAndCharacterOfPosition(start).line ?? 0,
    message: ts.flattenDiagnosticMessageText(messageText, ' '),
  }));
}
