import { renderClip } from './clip.js';
import { CLIPS } from './places.js';
import type { Scene } from './renderer/index.js';

// A process of its own, so that clips are drawn side by side and the demo still hears Ctrl+C. Takes a scene as JSON.
await renderClip(CLIPS, JSON.parse(process.argv[2] ?? '') as Scene);
