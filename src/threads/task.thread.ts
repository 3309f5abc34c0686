import { serveThread } from './thread-serve.js';

serveThread();
