import { createHash, randomBytes } from 'node:crypto';

/** A file that was uploaded. */
export interface StoredFile {
  /** `files/…` */
  readonly name: string;
  readonly project: string;
  readonly mimeType: string;
  readonly displayName: string;
  readonly bytes: number;
  /** hex */
  readonly sha256: string;
  /** Looks that still say PROCESSING. */
  pollsLeft: number;
  readonly fails: boolean;
  deleted: boolean;
}

/** An upload that was started. */
export interface Upload extends Pick<StoredFile, 'project' | 'mimeType' | 'displayName' | 'pollsLeft' | 'fails'> {
  readonly id: string;
  /** What the client said would come. */
  readonly declaredBytes: number;
  received: number;
  readonly hash: ReturnType<typeof createHash>;
}

/** What was uploaded, by whom. */
export class StoredFiles {
  readonly all: StoredFile[] = [];
  private readonly uploads = new Map<string, Upload>();

  begin(upload: Omit<Upload, 'id' | 'received' | 'hash'>): Upload {
    const begun = { ...upload, id: randomBytes(12).toString('hex'), received: 0, hash: createHash('sha256') };
    this.uploads.set(begun.id, begun);
    return begun;
  }

  upload(id: string): Upload | undefined {
    return this.uploads.get(id);
  }

  finish({ id, hash, received, project, mimeType, displayName, pollsLeft, fails }: Upload): StoredFile {
    this.uploads.delete(id);
    const name = `files/${id.slice(0, 12)}`;
    const sha256 = hash.digest('hex');
    const file = { name, project, mimeType, displayName, pollsLeft, fails, bytes: received, sha256, deleted: false };
    this.all.push(file);
    return file;
  }

  /** The file, if this project owns it and it still exists. */
  find(name: string, project: string): StoredFile | undefined {
    return this.all.find((file) => file.name === name && file.project === project && !file.deleted);
  }
}

export function stateOf({ pollsLeft, fails }: StoredFile): 'PROCESSING' | 'ACTIVE' | 'FAILED' {
  if (pollsLeft > 0) return 'PROCESSING';
  return fails ? 'FAILED' : 'ACTIVE';
}

/** A file as the Files API shows it. */
export function fileResource(file: StoredFile, serverUrl: string): object {
  const state = stateOf(file);
  return {
    name: file.name,
    displayName: file.displayName,
    mimeType: file.mimeType,
    sizeBytes: String(file.bytes),
    sha256Hash: Buffer.from(file.sha256).toString('base64'),
    uri: `${serverUrl}/v1beta/${file.name}`,
    source: 'UPLOADED',
    state,
    ...(state === 'FAILED' ? { error: { code: 3, message: 'The video could not be decoded.' } } : {}),
  };
}
